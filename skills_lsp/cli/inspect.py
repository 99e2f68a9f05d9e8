"""``skills-lsp inspect``: what the patterns see in files."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import click

from skills_lsp.cli.inspecting import seen_in
from skills_lsp.cli.main import EXIT_USAGE
from skills_lsp.reports.layout import plural
from skills_lsp.syntax.languages import language_of

SKIPPED_FOLDERS = frozenset(
    {
        ".git",
        ".hg",
        ".venv",
        "venv",
        "node_modules",
        "__pycache__",
        ".tox",
        ".nox",
        "dist",
        "build",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        "site-packages",
    }
)


@dataclass(slots=True)
class _Tally:
    """What came by so far."""

    n_files: int = 0
    n_findings: int = 0
    mistakes: list[str] = field(default_factory=list)


@click.command("inspect")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file.")
def command(paths: tuple[str, ...], as_json: bool) -> None:
    """Show what is seen in files, or in all files below folders.

    Lines and columns count from 1, columns in characters (Unicode code points).
    """
    tally = _Tally()
    with closing(seen_in(files_of(paths, tally), as_json=as_json)) as all_seen:
        for seen in all_seen:
            for line in seen.lines:
                click.echo(line)
            for sentence in seen.sentences:
                click.echo(f"skills-lsp: {sentence}", err=True)
            if seen.is_refused:  # The other files are still looked at.
                if seen.path in paths:
                    tally.mistakes.append(seen.path)
                continue
            tally.n_files += 1
            tally.n_findings += seen.n_findings
    if not as_json and (tally.n_files or not tally.mistakes):
        found = plural(tally.n_findings, "finding")
        click.echo(f"{found} in {plural(tally.n_files, 'file')}.", err=True)
    sys.exit(EXIT_USAGE if tally.mistakes else 0)


def files_of(paths: tuple[str, ...], tally: _Tally) -> Iterator[str]:
    """Yield each file named, and each in a known language below the folders named."""
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises where a name is too long
            click.echo(f"skills-lsp: There is no file or folder {path!r}.", err=True)
            tally.mistakes.append(path)
        elif not Path(path).is_dir():
            yield path
        else:
            yield from _below(path)


def _below(top: str) -> Iterator[str]:
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(it for it in folders if it not in SKIPPED_FOLDERS)
        for name in sorted(names):
            path = Path(folder, name)
            # A link to nowhere, a socket: not what anybody asked for.
            if language_of("", name) is not None and path.is_file():
                yield str(path)
