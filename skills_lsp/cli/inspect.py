"""``skills-lsp inspect``: what the patterns see in files."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from skills_lsp.cli.main import EXIT_USAGE
from skills_lsp.cli.places import read_text, unknown_language
from skills_lsp.domain.finding import Finding, Inspection
from skills_lsp.errors import UsageError
from skills_lsp.patterns import inspect
from skills_lsp.projects import project_of
from skills_lsp.reports.layout import plural
from skills_lsp.syntax.languages import language_of
from skills_lsp.text import Encoding, Point, unit_column
from skills_lsp.text.buffer import split_lines

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
    for path in files_of(paths, tally):
        try:
            seen, text = inspected(path)
        except UsageError as error:  # The other files are still looked at.
            click.echo(f"skills-lsp: {error}", err=True)
            if path in paths:
                tally.mistakes.append(path)
            continue
        tally.n_files += 1
        tally.n_findings += len(seen.findings)
        lines = split_lines(text)
        if as_json:
            click.echo(json.dumps(inspection_json(seen, lines)))
            continue
        for it in seen.findings:
            line, column = _place(it.span.start, lines)
            click.echo(f"{path}:{line}:{column}: {it.pattern}: {it.message}")
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


def inspected(path: str) -> tuple[Inspection, str]:
    """Return what is seen in a file, and its text."""
    language = language_of("", path)
    if language is None:
        raise unknown_language(path)
    text = read_text(path)
    absolute = os.path.abspath(path)  # noqa: PTH100 - Path.resolve would follow links
    project = project_of(absolute)
    below = os.path.relpath(absolute, project.root) if project.root else path
    return replace(inspect(below, text, language, project), path=path), text


def inspection_json(seen: Inspection, lines: list[str]) -> dict[str, Any]:
    """Return an inspection as plain data: lines and columns from 1, columns in code points."""
    return {
        "path": seen.path,
        "language": seen.language,
        "is_test_file": seen.is_test_file,
        "findings": [_finding_json(it, lines) for it in seen.findings],
    }


def _finding_json(finding: Finding, lines: list[str]) -> dict[str, Any]:
    line, column = _place(finding.span.start, lines)
    end_line, end_column = _place(finding.span.end, lines)
    return {
        "pattern": finding.pattern,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "name": finding.name,
        "message": finding.message,
        "test_id": finding.test_id,
    }


def _place(point: Point, lines: list[str]) -> tuple[int, int]:
    return point.line + 1, unit_column(lines[point.line], point.column, Encoding.UTF32) + 1
