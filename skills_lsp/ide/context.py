"""From a cursor in a buffer to the context that suggestions follow from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from skills_lsp.domain.context import Context
from skills_lsp.domain.finding import Finding, Symbol
from skills_lsp.domain.skill import FileKind
from skills_lsp.ide.complexity import cyclomatic
from skills_lsp.patterns import findings, findings_of_places, is_test_file
from skills_lsp.syntax.imports import imported_modules
from skills_lsp.syntax.outline import context_span, enclosing_symbols
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point, Span

_MAX_QUERY_WORDS = 40
_WITH_BRANCHES = ("function", "method")
# Looking at a class of 1,500 lines takes 20 ms; at these, at most 2.
_MAX_LINES = 60
_BLOCK_LINES = 20
# To look at the imports of a longer file takes 10 ms and more.
_LONG_LINES = 3_000
_MAX_SELECTION_CHARACTERS = 20_000
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Place:
    """Which file of which project; what the text alone does not tell."""

    uri: str
    path: str = ""
    workspace: str = ""
    project: str = ""


def context_at(
    source: Source,
    place: Place,
    cursor: Point,
    selection: Span | None = None,
    file_findings: Sequence[Finding] = (),
) -> Context:
    """Return the context of a cursor, or of a selection when there is one."""
    cursor = source.buffer.clamp(cursor)
    if selection is not None:
        selection = Span(source.buffer.clamp(selection.start), source.buffer.clamp(selection.end))
        if selection.is_empty:
            selection = None
    if selection is None:
        cursor = _past_indentation(source, cursor)
    symbols = enclosing_symbols(source, cursor)
    span = looked_at(selection or context_span(source, cursor), cursor)
    seen = _seen(source, span, file_findings)
    is_test = is_test_file(source.path, source.language, source.project)
    file_kind = FileKind.TEST if is_test else FileKind.SOURCE
    modules = imported_modules(source)
    return Context(
        uri=place.uri,
        path=place.path,
        language=source.language,
        file_kind=file_kind,
        workspace=place.workspace,
        project=place.project,
        cursor=cursor,
        selection=selection,
        selected_text=source.buffer.slice(selection)[:_MAX_SELECTION_CHARACTERS]
        if selection
        else "",
        symbols=symbols,
        findings=seen,
        file_findings=tuple(file_findings),
        imports=modules,
        query=query_text(source.language, file_kind, symbols, seen, modules),
        complexity=_complexity(source, symbols),
    )


def _past_indentation(source: Source, cursor: Point) -> Point:
    """Return where the line begins for its reader: a cursor before it is at what stands there.

    Without this the first column of a test in a class, or in a suite, would be at that alone.
    """
    line = source.buffer.lines[cursor.line]
    indentation = len(line) - len(line.lstrip(" \t")) if line.strip() else 0
    return Point(cursor.line, max(cursor.column, indentation))


def _complexity(source: Source, symbols: Sequence[Symbol]) -> int:
    if not symbols or symbols[-1].kind not in _WITH_BRANCHES:
        return 0
    return cyclomatic(source.buffer.slice(symbols[-1].span), source.language)


def _seen(source: Source, span: Span, known: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings at a span; those about the imports of a long file are those known."""
    if len(source.buffer.lines) <= _LONG_LINES:
        return findings(source, span)
    about_file = (it for it in known if it.extent.touches(span))
    seen = {*findings_of_places(source, span), *about_file}
    return tuple(sorted(seen, key=lambda it: (it.span, it.pattern)))


def looked_at(span: Span, cursor: Point) -> Span:
    """Return the part of a definition that is looked at: all, or the blocks around the cursor.

    The blocks have fixed places, so that moving a few lines does not change what is seen.
    """
    if span.end.line - span.start.line <= _MAX_LINES:
        return span
    first = max(span.start.line, (cursor.line // _BLOCK_LINES - 1) * _BLOCK_LINES)
    last = min(span.end.line, (cursor.line // _BLOCK_LINES + 2) * _BLOCK_LINES)
    return Span(max(span.start, Point(first, 0)), min(span.end, Point(last, 0)))


def plain_context(place: Place, language: str, cursor: Point) -> Context:
    """Return the context of a file in a language that is not parsed."""
    kind = FileKind.TEST if is_test_file(place.path, language) else FileKind.SOURCE
    return Context(
        uri=place.uri,
        path=place.path,
        language=language,
        file_kind=kind,
        workspace=place.workspace,
        project=place.project,
        cursor=cursor,
        query=query_text(language, kind, (), (), ()),
    )


def query_text(
    language: str,
    file_kind: FileKind,
    symbols: Sequence[Symbol],
    seen: Sequence[Finding],
    modules: Sequence[str],
) -> str:
    """Return the short canonical text of a context: what is searched for, and what is recorded.

    It holds names and kinds only, never a line of the buffer, and the same definition always gives
    the same text, so that moving the cursor inside a function asks nothing new.
    """
    words = [language, "test file" if file_kind is FileKind.TEST else "source file"]
    words += [f"{symbol.kind} {_spaced(symbol.name)}" for symbol in symbols]
    words += [pattern.replace("-", " ") for pattern in dict.fromkeys(f.pattern for f in seen)]
    words += [module.partition(".")[0] for module in modules[:8]]
    return " ".join(" ".join(words).split()[:_MAX_QUERY_WORDS])


def _spaced(name: str) -> str:
    """Split ``snake_case`` and ``camelCase`` into words."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(_WORD.findall(parts)).lower()
