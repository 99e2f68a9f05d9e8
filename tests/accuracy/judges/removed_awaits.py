"""Missing awaits: one ``await`` at a time is taken out of real code, and must be missed.

The population is every awaited call whose callee certainly makes a coroutine
(:mod:`tests.accuracy.certain_coroutines`), wherever the ``await`` stands; of a file, three of
them, evenly.
What is seen in the code as it is published counts as wrong, and so does what is seen elsewhere in the
definition that an ``await`` was taken from.
"""

import ast
from collections.abc import Iterator

from skills_lsp.patterns import findings
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point, Span
from tests.accuracy.async_set import python_files
from tests.accuracy.certain_coroutines import File
from tests.accuracy.score import Place, Row

_PATTERN = "missing-await"
_MAX_AWAITS = 3

EXCUSED: dict[Place, str] = {}


def rows() -> Iterator[Row]:
    """Compare what was taken out with what is seen."""
    files = dict(python_files())
    right: set[Place] = set()
    seen: set[Place] = set()
    for path, file in files.items():
        text = file.read_bytes().decode("utf-8", "replace")
        removed, found = measured(path, text)
        right |= removed
        seen |= found
    yield Row(
        "missing await",
        "one await removed",
        len(files),
        frozenset(right),
        frozenset(seen),
        precision_bar=0.98,
        recall_bar=0.80,
        excused=EXCUSED,
    )


def measured(path: str, text: str) -> tuple[set[Place], set[Place]]:
    """Return the places where an await was taken out of a file, and those where it is missed."""
    if "\r" in text:
        return set(), set()  # ast and an editor count its lines differently.
    try:
        file = File(text)
    except (SyntaxError, ValueError):
        return set(), set()
    source = Source(text, "python", path)
    as_it_is = {each.span.start for each in findings(source) if each.pattern == _PATTERN}
    seen = {Place(path, each.line + 1, "as published") for each in as_it_is}
    removed: set[Place] = set()
    awaits = [each for each in file.awaits() if each.lineno == each.value.lineno]
    step = -(-len(awaits) // _MAX_AWAITS) or 1
    for each in awaits[::step]:
        place = Place(path, each.lineno, f"column {each.col_offset}")
        removed.add(place)
        for found in _seen_without(source, each, file.function_around(each)):
            is_it = found == Point(each.lineno - 1, each.col_offset)
            if is_it:
                seen.add(place)
            elif found not in as_it_is and not _is_moved(found, each, as_it_is):
                seen.add(
                    Place(path, found.line + 1, f"column {found.column}, without {place.what}")
                )
    return removed, seen


def _seen_without(source: Source, each: ast.Await, around: ast.AST) -> list[Point]:
    """Return where awaits are missed in a definition, while one is taken out of it."""
    start = Point(each.lineno - 1, each.col_offset)
    end = Point(each.lineno - 1, each.value.col_offset)
    line = source.buffer.line(start.line).encode()
    word = line[start.column : end.column].decode()
    source.replace(Span(start, end), "")
    first, last = getattr(around, "lineno", each.lineno), getattr(around, "end_lineno", each.lineno)
    end_of_line = len(source.buffer.line(last - 1).encode())
    span = Span(Point(first - 1, 0), Point(last - 1, end_of_line))
    found = [it.span.start for it in findings(source, span) if it.pattern == _PATTERN]
    source.replace(Span(start, start), word)
    return found


def _is_moved(found: Point, each: ast.Await, as_it_is: set[Point]) -> bool:
    """Say whether this was seen before, on the line of which something was taken out."""
    by = each.value.col_offset - each.col_offset
    return found.line == each.lineno - 1 and Point(found.line, found.column + by) in as_it_is
