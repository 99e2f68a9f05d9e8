"""Looking at many files: on all processors, and told in the order of the files."""

import gc
import json
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from skills_lsp.cli.places import read_text, unknown_language
from skills_lsp.domain.finding import Finding, Inspection
from skills_lsp.errors import UsageError
from skills_lsp.patterns import inspect
from skills_lsp.projects import project_of
from skills_lsp.syntax.languages import language_of
from skills_lsp.text import Encoding, Point, unit_column
from skills_lsp.text.buffer import split_lines

_FEW_FILES = 40
"""Up to here one process is done before others have started."""

_CHUNK_FILES = 8
_MAX_PROCESSES = 16
_OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""A look makes many small objects and hardly a cycle; the default of 700 costs a tenth of the time."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is to be printed of a file, and to be counted."""

    path: str
    lines: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()  # for stderr
    n_findings: int = 0
    is_refused: bool = False


def seen_in(paths: Iterable[str], *, as_json: bool) -> Generator[Seen, None, None]:
    """Yield what is seen in each file, in their order; close it to stop what still runs."""
    it = iter(paths)
    few = list(islice(it, _FEW_FILES + 1))
    n_processes = min(_MAX_PROCESSES, os.cpu_count() or 1)
    if len(few) <= _FEW_FILES or n_processes == 1:
        before = gc.get_threshold()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        try:
            for path in chain(few, it):
                yield seen_at(path, as_json=as_json)
        finally:
            gc.set_threshold(*before)
    else:
        yield from _in_processes(chain(few, it), n_processes, as_json=as_json)


def _in_processes(
    paths: Iterator[str], n_processes: int, *, as_json: bool
) -> Generator[Seen, None, None]:
    # A fork has all modules loaded; elsewhere than on Linux it is not safe.
    how = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    waiting: deque[Future[list[Seen]]] = deque()
    pool = ProcessPoolExecutor(n_processes, mp_context=how, initializer=_begin)
    try:
        while True:
            chunk = list(islice(paths, _CHUNK_FILES))
            if chunk:
                waiting.append(pool.submit(_seen_at_all, chunk, as_json=as_json))
            if not waiting:
                return
            if not chunk or len(waiting) > 4 * n_processes:
                yield from waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Prepare a process: Ctrl-C is for the one that the user started, which stops the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def _seen_at_all(paths: list[str], *, as_json: bool) -> list[Seen]:
    return [seen_at(path, as_json=as_json) for path in paths]


def seen_at(path: str, *, as_json: bool) -> Seen:
    """Return what is to be printed of a file."""
    try:
        seen, text = inspected(path)
    except UsageError as error:
        return Seen(path, sentences=(str(error),), is_refused=True)
    lines = split_lines(text)
    sentences = () if as_json else tuple(_limits(seen))
    if as_json:
        printed: tuple[str, ...] = (json.dumps(inspection_json(seen, lines)),)
    else:
        printed = tuple(_line(path, it, lines) for it in seen.findings)
    return Seen(path, printed, sentences, len(seen.findings))


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
    told: dict[str, Any] = {"too_large": seen.too_large} if seen.too_large else {}
    if seen.broken_line is not None:
        told["broken_line"] = seen.broken_line + 1
    return {
        "path": seen.path,
        "language": seen.language,
        "is_test_file": seen.is_test_file,
        "findings": [_finding_json(it, lines) for it in seen.findings],
        **told,
    }


def _limits(seen: Inspection) -> Iterator[str]:
    """Yield what of a file could not be looked at, as sentences."""
    if seen.too_large:
        yield f"{seen.path}: {seen.too_large}"
    if seen.broken_line is not None:
        yield (
            f"{seen.path}:{seen.broken_line + 1}: the parser does not understand this; "
            "what is seen around it may be incomplete."
        )


def _line(path: str, finding: Finding, lines: list[str]) -> str:
    line, column = _place(finding.span.start, lines)
    return f"{path}:{line}:{column}: {finding.pattern}: {finding.message}"


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
