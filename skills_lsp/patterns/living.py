"""The findings of a file that is being edited: kept by stretch, looked for anew where they may differ.

A look at 20,000 lines takes hundreds of milliseconds, and nearly all of it finds what it found
before. So findings are kept for each sixty lines, together with the names and facts that were asked
for to find them, and after an edit only those stretches are looked at again that it may matter to
(:mod:`skills_lsp.patterns.reach`).

A finding belongs to the stretch in which the construct begins that it is about.
"""

from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.engine import look_at_file, look_at_own
from skills_lsp.patterns.look import heads_of
from skills_lsp.patterns.reach import Reach, differing_words, reach_of
from skills_lsp.patterns.rules import rule_set
from skills_lsp.syntax.facts import Fact
from skills_lsp.syntax.imports import import_table, summary
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point, Span

_STRETCH_LINES = 60
_MAX_STRETCH_LINES = 150
_LINE_END = 1 << 30

_Lines: TypeAlias = tuple[tuple[int, int], ...]


_ABOUT_IMPORTS = frozenset(
    {
        "import", "from", "require", "__all__", "isort", "noqa", "ruff", "flake8", "eslint", "global",
        "export", "globals", "locals", "exec", "eval", "</", "/>",
    }
)  # fmt: skip


@dataclass(slots=True)
class _Stretch:
    """Some lines, and what was found in them: places count from the first of the lines."""

    n_lines: int
    found: tuple[Finding, ...] = ()
    asked: tuple[object, ...] = ()
    is_dirty: bool = True


class Living:
    """The findings of a source, which outlive edits.

    Tell each edit to :meth:`edited`. :meth:`steps` brings the findings up to date, a few
    milliseconds at a time; :meth:`now` returns what is known: without what an edit touched, and moved
    where it stands now.
    """

    __slots__ = (
        "_file",
        "_heads",
        "_source",
        "_stretches",
        "_table",
        "_values",
        "_was_broken",
        "is_file_old",
        "version",
    )

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stretches = [_Stretch(len(source.buffer.lines))]
        self._file: tuple[Finding, ...] = ()
        self._values: dict[Fact, object] = {}
        self._table: dict[str, str] = {}
        self._heads: frozenset[str] = frozenset()
        self.version = -1  # of the source when all was up to date
        self._was_broken = False  # when the file was last looked at as a whole
        self.is_file_old = True  # whether the findings about the file as a whole may be others

    @property
    def is_current(self) -> bool:
        """Say whether all findings are of the present text and tree."""
        return self.version == self._source.version

    def forget(self) -> None:
        """Begin anew, as the whole text is another."""
        self._stretches = [_Stretch(len(self._source.buffer.lines))]
        self._file = ()
        self.is_file_old = True
        self._source.drift = None

    def edited(self, span: Span, behind: Point) -> None:
        """Follow an edit: ``behind`` is on the line where the new text ends."""
        first, last = span.start.line, span.end.line
        n_more = behind.line - last
        self._file = tuple(_moved(self._file, first, last, n_more))
        index, top = self._at(first)
        until, until_top = self._at(last)
        found: list[Finding] = []
        for number, each in enumerate(self._stretches[index : until + 1]):
            at = (
                top
                if not number
                else top + sum(it.n_lines for it in self._stretches[index : index + number])
            )
            seen = tuple(_shifted(it, at - top) for it in each.found)
            found.extend(_moved(seen, first - top, last - top, n_more))
        n_lines = until_top - top + self._stretches[until].n_lines + n_more
        asked = self._stretches[index].asked
        self._stretches[index : until + 1] = [_Stretch(n_lines, tuple(found), asked)]

    def now(self) -> tuple[Finding, ...]:
        """Return what is known, in order."""
        found = list(self._file)
        top = 0
        for each in self._stretches:
            found.extend(_shifted(it, top) for it in each.found)
            top += each.n_lines
        return tuple(sorted(found, key=lambda it: (it.span, it.pattern)))

    def file_findings(self) -> tuple[Finding, ...]:
        """Return what is known of the file as a whole: of its imports."""
        return self._file

    def take_file(self, found: tuple[Finding, ...]) -> None:
        """Take the findings about the file as a whole, as :func:`look_at_file` gives them."""
        self._file = found
        self._was_broken = self._source.root.has_error
        self.is_file_old = False

    def look(self) -> tuple[Finding, ...]:
        """Bring everything up to date at once."""
        for _ in self.steps():
            pass
        if self._source.version != self.version:
            return self.now()
        if self.is_file_old:
            self.take_file(look_at_file(self._source))
        return self.now()

    def steps(self, *, only_near: bool = False) -> Iterator[None]:
        """Look at each stretch that may be different; ends early when an edit comes between.

        With ``only_near`` an edit that changes the shape of much of the file, or of its imports (an
        open bracket), is not followed beyond its own surroundings: the next one may undo it.
        """
        source = self._source
        if self.is_current or not (source.root and source.is_parsed):
            return
        version = source.version
        near = yield from self._spread(only_near=only_near)
        if near is None:
            return
        self._even()
        top = 0
        for each in self._stretches:
            if each.is_dirty:
                yield
                if source.version != version:
                    return
                self._look_at(each, top)
            top += each.n_lines
        if near:
            self._mark_lines(near)  # What was found is good for the moment only.
        else:
            self.version = version

    def _spread(self, *, only_near: bool) -> Generator[None, None, _Lines | None]:
        """Mark what must be looked at anew; return the lines for which that is not all there is.

        Nothing is marked, and None returned, when an edit comes between.
        """
        source, version = self._source, self._source.version
        reach = reach_of(source, source.drift) if source.drift is not None else None
        if reach is not None and only_near and (reach.is_wide or self._are_imports_swallowed()):
            self._mark_lines(reach.near)
            return reach.near
        values: dict[Fact, object] = {}
        for fact in self._values:
            yield  # Some facts of a long file take milliseconds to find.
            if source.version != version:
                return None
            values[fact] = source.fact(fact)
        if reach is None or reach.is_wide:
            self.is_file_old = True
            for each in self._stretches:
                each.is_dirty = True
        else:
            self._mark(reach, values)
        self._values = values
        self._table, self._heads = import_table(source), self._present_heads()
        source.watch()
        return ()

    def _are_imports_swallowed(self) -> bool:
        """Say whether broken code, an open bracket before them, hides or changes the imports."""
        source = self._source
        return source.root.has_error and self._table != import_table(source)

    def _mark(self, reach: Reach, values: dict[Fact, object]) -> None:
        """Mark the stretches that an edit reaches."""
        source = self._source
        self._mark_lines(reach.lines)
        self.is_file_old = self.is_file_old or self._may_change_file(reach)
        words = differing_words(self._table, import_table(source)) or frozenset()
        words |= self._heads ^ self._present_heads()
        facts: set[object] = set()
        for fact, value in self._values.items():
            differing = differing_words(value, values[fact])
            if differing is None:
                facts.add(fact)
            else:
                words |= differing
        reached = reach.names | words | facts
        starts, top = source.buffer.line_starts() if words else [], 0
        written = [it.encode("utf-8", "surrogatepass") for it in words]
        for each in self._stretches:
            end = top + each.n_lines
            if not reached.isdisjoint(each.asked):
                each.is_dirty = True
            elif written and not each.is_dirty:
                lines = starts[top], starts[end]
                each.is_dirty = any(source.data.find(it, *lines) >= 0 for it in written)
            top = end

    def _may_change_file(self, reach: Reach) -> bool:
        """Say whether an edit may make an import used, unused, or out of order.

        Only by a word that an import binds, in or beside an import, or by a comment about tools.
        """
        source = self._source
        if source.root.has_error or self._was_broken:
            return True  # Where code ends that nobody understands, so may what uses an import.
        known = summary(source)
        words = (_ABOUT_IMPORTS, known.table.keys(), self._table.keys())
        if any(not reach.written.isdisjoint(each) for each in words):
            return True
        starts = source.buffer.line_starts()
        rows = [(bisect_right(starts, at), bisect_right(starts, end)) for at, end in known.spans]
        return any(
            first <= last_row + 1 and first_row - 3 <= last
            for first, last in reach.lines
            for first_row, last_row in rows
        )

    def _present_heads(self) -> frozenset[str]:
        """Return the first words of names that are worth resolving at present."""
        return heads_of(self._source, rule_set(self._source.language).heads)[1]

    def _mark_lines(self, lines: tuple[tuple[int, int], ...]) -> None:
        n_last = len(self._source.buffer.lines) - 1
        for first, last in lines:
            index, until = self._at(max(0, first))[0], self._at(min(last, n_last))[0]
            for each in self._stretches[index : until + 1]:
                each.is_dirty = True

    def _even(self) -> None:
        """Cut long stretches; what is cut is looked at anew."""
        if any(it.n_lines > _MAX_STRETCH_LINES for it in self._stretches):
            cut: list[_Stretch] = []
            for each in self._stretches:
                cut.extend([each] if each.n_lines <= _MAX_STRETCH_LINES else _cut(each))
            self._stretches = cut

    def _look_at(self, stretch: _Stretch, top: int) -> None:
        source = self._source
        last = source.buffer.clamp(Point(top + stretch.n_lines - 1, _LINE_END))
        span = Span(Point(top, 0), last)
        found, asked = source.asked(lambda: look_at_own(source, span))
        stretch.found = tuple(_shifted(it, -top) for it in found)
        stretch.asked = tuple(asked)  # A third of the set's size, and there are hundreds.
        stretch.is_dirty = False
        source.forget_places()
        for fact in stretch.asked:
            if isinstance(fact, Fact) and fact not in self._values:
                self._values[fact] = source.fact(fact)

    def _at(self, line: int) -> tuple[int, int]:
        """Return which stretch a line is in, and that stretch's first line."""
        top = 0
        for index, each in enumerate(self._stretches):
            if line < top + each.n_lines:
                return index, top
            top += each.n_lines
        return len(self._stretches) - 1, top - self._stretches[-1].n_lines


def _cut(stretch: _Stretch) -> Iterator[_Stretch]:
    top = 0
    while top < stretch.n_lines:
        n_lines = min(_STRETCH_LINES, stretch.n_lines - top)
        own = (it for it in stretch.found if top <= it.extent.start.line < top + n_lines)
        yield _Stretch(n_lines, tuple(_shifted(it, -top) for it in own))
        top += n_lines


def _moved(seen: tuple[Finding, ...], first: int, last: int, n_more: int) -> Iterator[Finding]:
    """Yield findings where they are after an edit of some lines, without those on its lines."""
    for each in seen:
        if each.span.end.line < first:
            reach = each.reach
            if reach is not None and n_more and reach.end.line >= last:
                end = Point(reach.end.line + n_more, reach.end.column)
                each = replace(each, reach=Span(reach.start, end))  # noqa: PLW2901
            yield each
        elif each.span.start.line > last:
            reach = each.reach
            if reach is not None and reach.start.line <= last:
                yield replace(_shifted(each, n_more), reach=None)
            else:
                yield _shifted(each, n_more)


def _shifted(finding: Finding, n_lines: int) -> Finding:
    if not n_lines:
        return finding
    reach = finding.reach
    # Spelled out: ``dataclasses.replace`` takes three times as long, and there are thousands.
    return Finding(
        finding.pattern,
        finding.category,
        _shifted_span(finding.span, n_lines),
        finding.name,
        finding.message,
        finding.test_id,
        None if reach is None else _shifted_span(reach, n_lines),
        finding.test_pattern,
    )


def _shifted_span(span: Span, n_lines: int) -> Span:
    (first, start), (last, end) = span
    return Span(Point(first + n_lines, start), Point(last + n_lines, end))
