"""An open document: its text and tree, and what is known of its findings."""

import os
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote, urlsplit

from skills_lsp.domain.finding import Finding
from skills_lsp.domain.project import NO_PROJECT, Project
from skills_lsp.patterns.engine import look_at_file
from skills_lsp.patterns.limits import too_large, too_long
from skills_lsp.patterns.living import Living
from skills_lsp.syntax.languages import language_of
from skills_lsp.syntax.parsing import ParseApart
from skills_lsp.syntax.source import Source
from skills_lsp.text import Buffer, Point, Span

# Up to here a full look is cheap enough (some 20 ms) to be taken when lenses are asked for.
_SMALL_LINES = 3_000
# Of a request's 8 ms, so much may go into parsing; else the last tree is good enough for so long.
_PARSE_SECONDS = 0.004
_LAG_SECONDS = 1.0
# Before there is any tree a request waits longer: of 20,000 lines it takes 70 ms to make one.
_FIRST_PARSE_SECONDS = 0.12


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
        self.too_large = too_long(len(text)) if self.language else ""
        self.source: Source | None = None
        self._plain: Buffer | None = None
        self._living: Living | None = None
        if self.language and not self.too_large:
            below = below_workspace(self.path, workspace)
            self.source = Source(text, self.language, below, project)
            self._living = Living(self.source)
        else:
            self._plain = Buffer(text)
        self._lags_until = 0.0
        self._was_whole = False  # when its imports were last looked at

    @property
    def buffer(self) -> Buffer:
        """The text."""
        if self.source is not None:
            return self.source.buffer
        assert self._plain is not None
        return self._plain

    @property
    def is_settled(self) -> bool:
        """Say whether all that is known of the text is what a fresh look at it would find."""
        if self.source is None or self._living is None:
            return True
        return self._living.is_current and self.source.is_settled

    @property
    def is_long(self) -> bool:
        """Say whether a look at the whole of it is too much for one request."""
        return len(self.buffer.lines) > _SMALL_LINES

    def replace(self, span: Span, text: str) -> Point:
        """Apply an edit and return the line where its new text ends; nothing is parsed here."""
        n_before = len(self.buffer.lines)
        if self.source is not None:
            self.source.replace(span, text)
        else:
            self.buffer.replace(span, text)
        behind = Point(span.end.line + len(self.buffer.lines) - n_before, 0)
        if self._living is not None:
            self._living.edited(span, behind)
        return behind

    def reset(self, text: str) -> None:
        """Take a wholly new text."""
        if self.source is not None and self._living is not None:
            self.source.reset(text)
            self._living.forget()
        else:
            self._plain = Buffer(text)

    def take_project(self, project: Project) -> bool:
        """Take what the document's project says of itself now; say whether that is something new."""
        if self.source is None or self.source.project == project:
            return False
        self.source.project = project
        self.reset(self.buffer.text)
        return True

    def prepare(self) -> bool:
        """Parse the edits that came in, unless that is too slow to be waited for just now.

        Code that is broken for the moment can take 50 ms to parse in a long file. Then the last
        tree, moved with the edits, answers until a parse on a thread is done; says whether it does not.
        """
        source = self.source
        if source is None or source.is_parsed:
            return True
        started = time.perf_counter()
        if not self.is_long:
            source.lags = False
            _ = source.root
            return True
        if source.lags and started < self._lags_until:
            return False
        seconds = _PARSE_SECONDS if source.has_tree else _FIRST_PARSE_SECONDS
        is_parsed = source.parse(lambda: time.perf_counter() - started > seconds)
        if not is_parsed:
            self._lags_until = started + _LAG_SECONDS
        return is_parsed

    def parse_apart(self) -> ParseApart | None:
        """Return the parse that a thread should do for this document; None when none is needed.

        That is what :meth:`prepare` found too slow, and, where broken code was read in small steps, a
        reading afresh: how a parser recovers depends on what it has seen before.
        """
        source = self.source
        if source is None or (self.is_settled and source.is_parsed):
            return None
        if not source.is_parsed:
            return source.parse_apart()
        return None if source.is_settled else source.parse_apart(afresh=True)

    def take_parse(self, apart: ParseApart) -> None:
        """Take the tree that a thread made."""
        if self.source is not None and self.source.take_parse(apart):
            self._lags_until = 0.0

    def look(self) -> tuple[Finding, ...]:
        """Look at all of the present text that may have changed, now."""
        if self.source is None or self._living is None:
            return ()
        if not self.is_settled:
            self.source.lags = False
            self.source.settle()
            self._living.look()
        return self._living.now()

    def look_in_steps(self, *, only_near: bool = False) -> Iterator[None]:
        """Look at all that may have changed in steps of some 3 ms; an edit between ends it early.

        With ``only_near``, what an open bracket or quote did to the rest of the file is left alone.
        """
        if self._living is not None:
            yield from self._living.steps(only_near=only_near)

    def imports_apart(self) -> Callable[[], tuple[Finding, ...]] | None:
        """Return a look at the imports for a thread; None where what is known of them stays.

        While a line is half typed nothing is certain about imports, so the last findings stay.
        """
        source = self.source
        if source is None or self._living is None or not self._living.is_file_old:
            return None
        if not source.is_parsed:
            return None
        is_whole = not source.root.has_error
        if self._was_whole and not is_whole:
            return None
        self._was_whole = is_whole
        frozen = source.frozen()
        return lambda: look_at_file(frozen)

    def take_imports(self, found: tuple[Finding, ...]) -> None:
        """Take the findings about imports; of an older text they would be misplaced."""
        if self._living is not None:
            self._living.take_file(found)

    def last_look(self) -> tuple[Finding, ...]:
        """Return what is known of the whole text without holding up the caller.

        A small text is looked at anew; in a large one the last findings are moved with the edits
        that came since, and those that an edit touched are left out until the next look.
        """
        if self._living is None:
            return ()
        return self._living.now() if self.is_long else self.look()

    def file_findings(self) -> tuple[Finding, ...]:
        """Return the findings about the file as a whole, from the last look (not a new one)."""
        return self._living.file_findings() if self._living is not None else ()

    def not_looked_at(self) -> str:
        """Return what of the text is too much to be looked at, as a sentence; empty when nothing."""
        return self.too_large or (too_large(self.source) if self.source is not None else "")


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
