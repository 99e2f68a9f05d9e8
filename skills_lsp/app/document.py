"""An open document: its text and tree, and the last full look at it."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from skills_lsp.domain.finding import Finding
from skills_lsp.domain.project import NO_PROJECT, Project
from skills_lsp.patterns import findings
from skills_lsp.syntax.languages import language_of
from skills_lsp.syntax.source import Source
from skills_lsp.text import Buffer, Point, Span

# Up to here a full look is cheap enough (some 20 ms) to be taken when lenses are asked for.
_SMALL_LINES = 3_000
# Moving findings through more edits than this costs more than it is worth before the next look.
_MAX_PENDING_EDITS = 200


# Of a request's 8 ms, so much may go into parsing; else the last tree is good enough for so long.
_PARSE_SECONDS = 0.003
_LAG_SECONDS = 1.0
_STEP_LINES = 100
_LINE_END = 1 << 30


class Document:
    """A buffer that an editor holds open.

    Whether it is a test file is said by its path below ``workspace``: a checkout that lies in a
    folder called tests is not all tests.
    """

    def __init__(
        self,
        uri: str,
        language_id: str,
        version: int | None,
        text: str,
        workspace: str = "",
        project: Project = NO_PROJECT,
    ) -> None:
        self.uri = uri
        self.path = path_of(uri)
        self.language_id = language_id
        self.version = version
        self.language = language_of(language_id, self.path or uri)
        below = below_workspace(self.path, workspace)
        self.source = Source(text, self.language, below, project) if self.language else None
        self._plain = None if self.source else Buffer(text)
        self._lags_until = 0.0
        self._all = _Moving(())
        self._about_file = _Moving(())
        self.is_settled = self.source is None

    @property
    def buffer(self) -> Buffer:
        """The text."""
        if self.source is not None:
            return self.source.buffer
        assert self._plain is not None
        return self._plain

    def replace(self, span: Span, text: str) -> Point:
        """Apply an edit and return the line where its new text ends; nothing is parsed here."""
        n_before = len(self.buffer.lines)
        if self.source is not None:
            self.source.replace(span, text)
            self.is_settled = False
        else:
            self.buffer.replace(span, text)
        n_more = len(self.buffer.lines) - n_before
        behind = Point(span.end.line + n_more, 0)
        self._all.edits.append((span, behind))
        self._about_file.edits.append((span, behind))
        return behind

    def reset(self, text: str) -> None:
        """Take a wholly new text."""
        if self.source is not None:
            self.source.reset(text)
            self.is_settled = False
        else:
            self._plain = Buffer(text)
        self.take_look((), is_settled=self.is_settled)

    def prepare(self) -> None:
        """Parse the edits that came in, unless that was too slow to be waited for just now.

        Code that is broken for the moment can take 20 ms to parse in a long file. Then the last
        tree, moved with the edits, answers for a second, or until typing stops.
        """
        source = self.source
        if source is None or source.is_parsed:
            return
        started = time.perf_counter()
        is_long = len(self.buffer.lines) > _SMALL_LINES
        source.lags = is_long and started < self._lags_until
        if not source.lags:
            _ = source.root
            ended = time.perf_counter()
            if ended - started > _PARSE_SECONDS:
                self._lags_until = ended + _LAG_SECONDS

    def look(self) -> tuple[Finding, ...]:
        """Look at the whole text now."""
        if self.source is not None and not self.is_settled:
            self.source.lags = False
            self.take_look(findings(self.source))
        return self._all.now()

    def look_in_steps(self) -> Iterator[None]:
        """Look at the whole text in steps of some 3 ms; ends early when an edit comes between."""
        source = self.source
        if source is None or self.is_settled:
            return
        source.lags = False
        source.settle()
        version, last = source.version, len(self.buffer.lines) - 1
        seen: dict[Finding, None] = {}
        for first in range(0, last + 1, _STEP_LINES):
            yield
            if source.version != version:
                return
            until = min(first + _STEP_LINES - 1, last)
            span = Span(Point(first, 0), self.buffer.clamp(Point(until, _LINE_END)))
            seen.update(dict.fromkeys(findings(source, span)))
        self.take_look(tuple(sorted(seen, key=lambda it: (it.span, it.pattern))))

    def take_look(self, seen: tuple[Finding, ...], *, is_settled: bool = True) -> None:
        """Keep the result of a look at the present text."""
        self._all = _Moving(seen)
        self._about_file = _Moving(tuple(it for it in seen if it.category == "imports"))
        self.is_settled = is_settled

    def last_look(self) -> tuple[Finding, ...]:
        """Return what is known of the whole text without holding up the caller.

        A small text is looked at anew; in a large one the last findings are moved with the edits
        that came since, and those that an edit touched are left out until the next look.
        """
        return self.look() if len(self.buffer.lines) <= _SMALL_LINES else self._all.now()

    def file_findings(self) -> tuple[Finding, ...]:
        """Return the findings about the file as a whole, from the last look (not a new one)."""
        return self._about_file.now()


class _Moving:
    """Findings of a past look that follow the edits since; those that one touched are dropped."""

    def __init__(self, seen: tuple[Finding, ...]) -> None:
        self._seen = seen
        self.edits: list[tuple[Span, Point]] = []

    def now(self) -> tuple[Finding, ...]:
        """Return the findings where they stand now."""
        if self.edits:
            # Moving through a burst costs more than the little it saves until the next look.
            is_burst = len(self.edits) > _MAX_PENDING_EDITS
            self._seen = () if is_burst else tuple(moved_findings(self._seen, self.edits))
            self.edits = []
        return self._seen


def moved_findings(
    seen: Iterable[Finding], edits: Sequence[tuple[Span, Point]]
) -> Iterable[Finding]:
    """Yield the findings where they stand after the edits, without those that were touched."""
    for finding in seen:
        moved: Span | None = finding.span
        for span, behind in edits:
            moved = moved_span(moved, span, behind) if moved is not None else None
        if moved == finding.span:
            yield finding
        elif moved is not None:
            yield replace(finding, span=moved, reach=None)


def moved_span(span: Span, edited: Span, behind: Point) -> Span | None:
    """Return a span after an edit, by whole lines; None when the edit touched its lines."""
    if span.end.line < edited.start.line:
        return span
    if span.start.line <= edited.end.line:
        return None
    delta = behind.line - edited.end.line
    if not delta:
        return span
    return Span(
        Point(span.start.line + delta, span.start.column),
        Point(span.end.line + delta, span.end.column),
    )


def below_workspace(path: str, workspace: str) -> str:
    """Return a path relative to its workspace, where it lies in it."""
    if workspace and path.startswith(workspace.rstrip(os.sep) + os.sep):
        return path[len(workspace.rstrip(os.sep)) + 1 :]
    return path


def path_of(uri: str) -> str:
    """Return the file system path of a ``file:`` URI; empty for any other, however odd."""
    try:
        parts = urlsplit(uri)
        if parts.scheme != "file":
            return ""
        path = unquote(parts.path)
    except ValueError:
        return ""
    if "\0" in path or not path:
        return ""
    if os.name == "nt":
        path = path.lstrip("/").replace("/", "\\")  # /c:/shop/a.py
    return f"//{parts.netloc}{path}" if parts.netloc and os.name == "nt" else path


def uri_of(path: str) -> str:
    """Return the ``file:`` URI of an absolute path."""
    normal = path.replace(os.sep, "/")
    lead = "" if normal.startswith("/") else "/"
    return f"file://{lead}{quote(normal, safe='/:@!$&()*+,;=~-._')}"
