"""The entry point: ``skills-lsp`` and ``python -m skills_lsp``.

An editor starts the server many times a day, so ``serve`` is recognised before the command line
library is imported.
"""

import sys

_SERVE_WORDS = frozenset({"serve", "--stdio"})


def main() -> None:
    """Serve when started by a client, else run the command line."""
    arguments = sys.argv[1:]
    started_by_client = not arguments and not sys.stdin.isatty()
    if started_by_client or (arguments and set(arguments) <= _SERVE_WORDS):
        from skills_lsp.server.serve import ServeOptions, serve  # noqa: PLC0415

        serve(ServeOptions())
    from skills_lsp.cli.main import run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
