"""``skills-lsp serve``: the language server."""

import click

from skills_lsp.server.serve import ServeOptions, serve


@click.command("serve")
@click.option("--stdio", is_flag=True, help="Speak over standard input and output (the default).")
@click.option("--tcp", metavar="HOST:PORT", default="", help="Wait for one client, to debug.")
@click.option("--allow-remote", is_flag=True, help="Let --tcp listen beyond this machine.")
@click.option("--log-file", default="", help="Write the log here instead of standard error.")
@click.option(
    "--log-level",
    default="warning",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="How much is logged.",
)
def command(stdio: bool, tcp: str, allow_remote: bool, log_file: str, log_level: str) -> None:  # noqa: ARG001
    """Serve an editor: it starts this and speaks LSP with it."""
    serve(ServeOptions(tcp, allow_remote, log_file, log_level))
