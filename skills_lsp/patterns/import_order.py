"""Blocks of imports that are not as isort and ruff leave them, and what is wrong with each."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from skills_lsp.domain.project import ImportRules
from skills_lsp.patterns.import_blocks import Block, Follower, blocks
from skills_lsp.patterns.import_layout import (
    Entry,
    Layout,
    has_gap,
    laid_out,
    member_key,
    module_of,
    statement_lines,
    width,
)
from skills_lsp.patterns.import_statements import Statement, read_statements
from skills_lsp.patterns.import_uses import STEP, at_once
from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.source import Source
from skills_lsp.text import Span

_TAB = 8
_SKIP_FILE = re.compile(rb"isort: ?skip_file")


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A block of imports that is not in order."""

    reach: Span  # up to the code that follows, which decides on the lines between
    late: Span  # the first statement that stands wrong
    reason: str


def unsorted_blocks(source: Source) -> tuple[Unsorted, ...]:
    """Return each block of imports that is not in order."""
    return source.remember("unsorted imports", lambda: at_once(_unsorted(source)))


def steps(source: Source) -> Iterator[None]:
    """Judge the blocks in small steps, so that others get a turn in between."""
    found = yield from _unsorted(source)
    source.remember("unsorted imports", lambda: found)


def _unsorted(source: Source) -> Generator[None, None, tuple[Unsorted, ...]]:
    rules = source.project.imports
    if "unsorted-imports" in rules.silent:
        return ()
    if rules.is_isort and _SKIP_FILE.search(source.data):
        return ()
    verdicts = _verdicts(source)
    found: list[Unsorted] = []
    for number, block in enumerate(blocks(source), 1):
        if rules.is_isort and block.is_inside:
            continue  # isort's own way with blocks inside of something is not told here.
        key = block.key(source.data)
        if key not in verdicts:
            verdicts[key] = _Judged(source, block, rules).wrong()
        wrong = verdicts[key]
        if wrong is not None:
            late = block.statement_span(wrong[0])
            found.append(Unsorted(block.reach(source.data), late, wrong[1]))
        if not number % STEP:
            yield
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Verdicts(Lasting):
    """What was found about blocks, by their text: that holds wherever they stand."""

    by_key: dict[object, tuple[int, str] | None]

    def after(self, change: Change) -> "_Verdicts":  # noqa: ARG002 - whatever changed elsewhere
        return self if len(self.by_key) < _MAX_VERDICTS else _Verdicts({})


_MAX_VERDICTS = 2_000


def _verdicts(source: Source) -> dict[object, tuple[int, str] | None]:
    known = source.lasting("blocks of imports", _Verdicts)
    if known is None:
        known = _Verdicts({})
        source.keep("blocks of imports", known)
    return known.by_key


class _Judged:
    """One block, read, and as it should be."""

    def __init__(self, source: Source, block: Block, rules: ImportRules) -> None:
        self._block = block
        self._rules = rules
        self._path = source.path
        raw = bytes(source.data[block.text_start : block.text_end])
        self._text = raw.decode("utf-8", "replace")
        self._offsets = [
            (_characters(raw, start - block.text_start), _characters(raw, end - block.text_start))
            for start, end in block.spans
        ]
        lead = self._text[: self._offsets[0][0]].rpartition("\n")[2]
        self._indentation = width(lead.expandtabs(_TAB))

    def wrong(self) -> tuple[int, str] | None:
        """Return which statement is wrong and why, None when none is."""
        if self._block.shares_line:
            return 0, "an import shares its line with other code"
        text = self._text
        read = read_statements(text, self._offsets)
        if read is None:
            return None
        layout = laid_out(read, self._path, self._rules, self._indentation)
        expected = [*layout.lines, *[""] * self._n_lines_after()]
        actual = [each.lstrip() for each in _lines_of(text)]
        if actual == expected:
            return None
        return self._order(text, read, layout) or self._form(read, layout, actual)

    def _n_lines_after(self) -> int:
        if self._block.follower is Follower.NOTHING:
            return 0
        wanted = self._rules.lines_after
        if self._path.endswith(".pyi"):
            return min(wanted, 1) if wanted >= 0 else 1
        if wanted >= 0:
            return wanted
        return 2 if self._block.follower is Follower.DEFINITION else 1

    def _order(self, text: str, read: list[Statement], layout: Layout) -> tuple[int, str] | None:
        """Return the first statement that stands in the wrong place."""
        places: list[int] = []
        for number, statement in enumerate(read):
            own = [_place(layout, statement, n) for n in range(len(statement.members))]
            reason = self._alone(statement, own)
            if not reason and places:
                reason = self._after(text, read[number - 1], statement, places, own, layout)
            if reason:
                return number, reason
            places += own
        return None

    def _alone(self, statement: Statement, own: list[int]) -> str:
        if len(own) < 2:  # noqa: PLR2004 - a pair
            return ""
        if not statement.is_from:
            return "each of these modules wants an import of its own"
        if self._rules.force_single_line and len(set(own)) > 1:
            return "each of these names wants an import of its own"
        together = [
            member for member, place in zip(statement.members, own, strict=True) if place == own[0]
        ]
        keys = [member_key(each, self._rules) for each in together]
        for before, after, name in zip(keys, keys[1:], together[1:], strict=False):
            if after < before:
                return f"`{name}` belongs further up among these names"
            if after == before:
                return f"`{name}` is imported twice here"
        return "" if len(set(own)) == 1 else "a name with an alias wants an import of its own"

    def _after(  # noqa: PLR0911 - one for each way to be wrong
        self,
        text: str,
        before: Statement,
        statement: Statement,
        places: list[int],
        own: list[int],
        layout: Layout,
    ) -> str:
        is_commented = self._rules.is_isort and "#" in text
        if own[0] in places:
            # isort leaves a name with a comment on a line of its own.
            return "" if is_commented else "one import can hold these names and those above"
        if own[0] < max(places):
            above = min(each for each in places if each > own[0])
            return f"this import belongs above `{_title(layout.entries[above])}`"
        first, second = layout.entries[places[-1]], layout.entries[own[0]]
        if is_commented:
            return ""
        n_empty = _n_empty(text[before.end : statement.start])
        if first.part != second.part:
            if not n_empty and has_gap(first, second, self._rules):
                return "an empty line belongs between two sections of imports"
            return "one empty line is enough between two sections" if n_empty > 1 else ""
        if statement.comments.atop and not self._rules.checks_layout:
            return ""
        if statement.comments.atop:
            lines = _LINES.split(text[before.end : statement.start])
            if lines[1].strip():
                return "an empty line belongs above the comment of this import"
            return "one empty line is enough between imports" if n_empty > 1 else ""
        is_same_kind = first.statement.is_from == second.statement.is_from
        if n_empty and (is_same_kind or not self._rules.lines_between_types):
            return "these imports are of one section, without an empty line"
        return ""

    def _form(
        self, read: list[Statement], layout: Layout, actual: list[str]
    ) -> tuple[int, str] | None:
        """Return the statement that is in its place and laid out otherwise than it should be."""
        n_after = self._n_lines_after()
        body = list(actual)
        while body and not body[-1]:
            body.pop()
        is_wrong_after = len(actual) - len(body) != n_after
        is_free = not self._rules.checks_layout or (self._rules.is_isort and "#" in self._text)
        if is_free and not is_wrong_after:
            return None
        if body == list(layout.lines) or is_free:
            lines = "one empty line belongs" if n_after == 1 else f"{n_after} empty lines belong"
            return len(read) - 1, f"{lines} after the imports"
        for number, statement in enumerate(read):
            entry = layout.entries[_place(layout, statement, 0)]
            wanted = list(statement_lines(entry, self._rules, self._indentation))
            if not _holds(actual, wanted):
                reason = _layout_reason(wanted, self._rules)
                return number, reason
        return 0, "comments and empty lines stand otherwise than sorted"


def _characters(raw: bytes, end: int) -> int:
    return end if raw.isascii() else len(raw[:end].decode("utf-8", "replace"))


def _place(layout: Layout, statement: Statement, number: int) -> int:
    member = statement.members[number]
    return layout.by_member[statement.module, member.name, member.alias]


def _title(entry: Entry) -> str:
    module = module_of(entry)
    return f"from {module}" if entry.statement.is_from else f"import {module}"


def _holds(lines: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return any(lines[n : n + size] == wanted for n in range(len(lines) - size + 1))


def _layout_reason(wanted: list[str], rules: ImportRules) -> str:
    if len(wanted) == 1:
        return f"this import fits on one line of {rules.line_length} columns"
    return "these names belong on a line each, in parentheses, with a comma after the last"


_LINES = re.compile(r"\r\n|\r|\n")


def _lines_of(text: str) -> list[str]:
    lines = _LINES.split(text)
    return lines[:-1] if not lines[-1] else lines


def _n_empty(between: str) -> int:
    lines = _LINES.split(between)
    return sum(not each.strip() for each in lines[1:-1])
