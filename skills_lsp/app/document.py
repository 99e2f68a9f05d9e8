"""An open document: its text and tree, and the last full look at it."""

import os
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import findings
from skills_lsp.syntax.languages import language_of
from skills_lsp.syntax.source import Source
from skills_lsp.text import Buffer, Point, Span

# Up to here a full look is cheap enough (some 20 ms) to be taken when lenses are asked for.
_SMALL_LINES = 3_000
# Moving findings through more edits than this costs more than it is worth before the next look.
_MAX_PENDING_EDITS = 200


class Document:
    """A buffer that an editor holds open."""

    def __init__(self, uri: str, language_id: str, version: int | None, text: str) -> None:
        self.uri = uri
        self.path = path_of(uri)
        self.language_id = language_id
        self.version = version
        self.language = language_of(language_id, self.path or uri)
        self.source = Source(text, self.language, self.path) if self.language else None
        self._plain = None if self.source else Buffer(text)
        self.n_edits = 0
        self._looked: tuple[Finding, ...] | None = None
        self._since_look: list[tuple[Span, Point]] = []

    @property
    def buffer(self) -> Buffer:
        """The text."""
        if self.source is not None:
            return self.source.buffer
        assert self._plain is not None
        return self._plain

    def replace(self, span: Span, text: str) -> Point:
        """Apply an edit and return where its new text ends; nothing is parsed here."""
        n_before = len(self.buffer.lines)
        if self.source is not None:
            self.source.replace(span, text)
        else:
            self.buffer.replace(span, text)
        n_new = len(self.buffer.lines) - n_before + span.end.line - span.start.line
        behind = Point(span.start.line + n_new, 0)
        self.n_edits += 1
        if len(self._since_look) <= _MAX_PENDING_EDITS:
            self._since_look.append((span, behind))
        return behind

    def reset(self, text: str) -> None:
        """Take a wholly new text."""
        if self.source is not None:
            self.source.reset(text)
        else:
            self._plain = Buffer(text)
        self.n_edits += 1
        self._looked, self._since_look = None, []

    @property
    def is_settled(self) -> bool:
        """Say whether the last full look is of the present text."""
        return self.source is None or (self._looked is not None and not self._since_look)

    def look(self) -> tuple[Finding, ...]:
        """Look at the whole text now."""
        if self.source is None:
            return ()
        if not self.is_settled:
            self._looked, self._since_look = findings(self.source), []
        assert self._looked is not None
        return self._looked

    def take_look(self, seen: tuple[Finding, ...]) -> None:
        """Keep the result of a look that was taken in steps at the present text."""
        self._looked, self._since_look = seen, []

    def last_look(self) -> tuple[Finding, ...]:
        """Return what is known of the whole text without holding up the caller.

        A small text is looked at anew; in a large one the last findings are moved with the edits
        that came since, and those that an edit touched are left out until the next look.
        """
        if self.is_settled or len(self.buffer.lines) <= _SMALL_LINES:
            return self.look()
        if self._looked is None or len(self._since_look) > _MAX_PENDING_EDITS:
            return ()
        return tuple(moved_findings(self._looked, self._since_look))

    def file_findings(self) -> tuple[Finding, ...]:
        """Return the findings about the file as a whole, from the last look (not a new one)."""
        if self._looked is None or len(self._since_look) > _MAX_PENDING_EDITS:
            return ()
        about_file = [it for it in self._looked if it.category == "imports"]
        return tuple(moved_findings(about_file, self._since_look))


def moved_findings(
    seen: Iterable[Finding], edits: Iterable[tuple[Span, Point]]
) -> Iterable[Finding]:
    """Yield the findings where they stand after the edits, without those that were touched."""
    edits = list(edits)
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


def path_of(uri: str) -> str:
    """Return the file system path of a ``file:`` URI; empty for any other, however odd."""
    try:
        parts = urlsplit(uri)
        if parts.scheme != "file":
            return ""
        path = url2pathname(unquote(parts.path)) if os.name == "nt" else unquote(parts.path)
    except ValueError:
        return ""
    if "\0" in path or not path:
        return ""
    return f"//{parts.netloc}{path}" if parts.netloc and os.name == "nt" else path


def uri_of(path: str) -> str:
    """Return the ``file:`` URI of an absolute path."""
    normal = path.replace(os.sep, "/")
    lead = "" if normal.startswith("/") else "/"
    return f"file://{lead}{quote(normal, safe='/:@!$&()*+,;=~-._')}"
