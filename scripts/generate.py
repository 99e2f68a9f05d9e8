"""Write every file that follows from the code: ``make generated``.

Each is committed, and ``tests/docs`` checks that it is fresh. With ``--check`` nothing is written,
and the exit code is 1 when a file is not.
"""

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # `python scripts/generate.py` puts only this folder there

from scripts.reference import (  # noqa: E402 - after the path
    command_line,
    commands,
    patterns,
    readme,
    settings,
    skills,
)
from skills_lsp.skills import indexing  # noqa: E402 - as above
from skills_lsp.store import describe, migrations  # noqa: E402 - as above

FILES: dict[str, Callable[[], str]] = {
    "docs/reference/skills.md": skills.page,
    "docs/reference/patterns.md": patterns.page,
    "docs/reference/commands.md": commands.page,
    "docs/reference/settings.md": settings.page,
    "docs/reference/cli.md": command_line.page,
    "schema/settings.schema.json": settings.schema,
    "schema/protocol.json": commands.schema,
    "schema/README.md": lambda: describe.page(migrations.load_migrations()),
    "skills_lsp/skills/builtin/index.json": indexing.index_text,
    "README.md": lambda: readme.page((ROOT / "README.md").read_text("utf-8")),
}


def main() -> int:
    """Write what changed, or with ``--check`` only name it."""
    is_check = "--check" in sys.argv[1:]
    stale = []
    for name, page in FILES.items():
        path, text = ROOT / name, page()
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        stale.append(name)
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        print(f"{'stale' if is_check else 'wrote'} {name}")
    print(f"{len(FILES) - len(stale)} of {len(FILES)} files were fresh.")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
