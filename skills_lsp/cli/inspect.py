"""``skills-lsp inspect``: what the patterns see in files."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from skills_lsp.domain.finding import Finding, Inspection
from skills_lsp.errors import UsageError
from skills_lsp.patterns import inspect
from skills_lsp.syntax.languages import language_of
from skills_lsp.text import Encoding, Point, unit_column
from skills_lsp.text.buffer import split_lines

_MAX_FILE_BYTES = 8_000_000
_SKIPPED_FOLDERS = frozenset(
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


@click.command("inspect")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file.")
def command(paths: tuple[str, ...], as_json: bool) -> None:
    """Show what is seen in files, or in all files below folders."""
    n_files = n_findings = 0
    for path in files_of(paths):
        seen, text = inspected(path)
        n_files += 1
        n_findings += len(seen.findings)
        lines = split_lines(text)
        if as_json:
            click.echo(json.dumps(inspection_json(seen, lines)))
            continue
        for it in seen.findings:
            line, column = _place(it.span.start, lines)
            click.echo(f"{path}:{line}:{column}: {it.pattern}: {it.message}")
    if not as_json:
        click.echo(f"{n_findings} findings in {n_files} files.", err=True)


def files_of(paths: tuple[str, ...]) -> Iterator[str]:
    """Yield each file named, and each in a known language below the folders named."""
    for path in paths:
        if "\0" in path or not Path(path).exists():
            raise UsageError("unknown-file", f"There is no file or folder {path!r}.")
        if not Path(path).is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(it for it in folders if it not in _SKIPPED_FOLDERS)
            for name in sorted(names):
                if language_of("", name) is not None:
                    yield str(Path(folder, name))


def inspected(path: str) -> tuple[Inspection, str]:
    """Return what is seen in a file, and its text."""
    language = language_of("", path)
    if language is None:
        raise UsageError(
            "unknown-language",
            f"{path} is in no language that skills-lsp reads.",
            "It reads Python, JavaScript and TypeScript (.py .js .jsx .mjs .ts .tsx …).",
        )
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_FILE_BYTES)
    except OSError as error:
        raise UsageError("unknown-file", f"Cannot read {path}: {error.strerror}.") from error
    text = data.decode("utf-8-sig", "replace")
    return inspect(path, text, language), text


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
    }


def _place(point: Point, lines: list[str]) -> tuple[int, int]:
    return point.line + 1, unit_column(lines[point.line], point.column, Encoding.UTF32) + 1
