"""What the application asks of whoever it serves: an editor, a terminal, a test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from skills_lsp.domain.invocation import Severity
from skills_lsp.text import Span


class Level(StrEnum):
    """How loud a message is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem at its place in a text, to be shown as a diagnostic."""

    span: Span
    message: str
    severity: Severity
    skill: str
    code: str = ""
    url: str = ""


class Progress(Protocol):
    """A progress display of one run."""

    def report(self, message: str) -> None:
        """Show a new line of progress."""

    def end(self, message: str) -> None:
        """Take the display away, with a last word."""


class Client(Protocol):
    """The other side. No call may raise, and none may block for longer than it says."""

    def show(self, message: str, level: Level = Level.INFO) -> None:
        """Show one sentence."""

    def show_result(self, message: str, level: Level = Level.INFO) -> None:
        """Show how a run ended, unless the client itself makes that of the event ``finished``."""

    async def ask(self, message: str, choices: Sequence[str]) -> str | None:
        """Let the user choose; None when there is no answer in good time."""

    async def vouches(self, skill: str, path: Path, runs: str) -> bool | None:
        """Ask the editor's own record of trusted files; None when it keeps none."""

    async def open_document(self, path: Path) -> bool:
        """Open a file in the editor; False when the client cannot."""

    def publish(
        self, uri: str, version: int | None, marks: Sequence[Mark], lines: Sequence[str]
    ) -> None:
        """Replace the diagnostics of a document; ``lines`` are the text the spans refer to."""

    def refresh_lenses(self) -> None:
        """Ask for code lenses to be fetched anew."""

    def notify(self, event: str, data: dict[str, Any]) -> None:
        """Tell a client that asked for it about an event of ours."""

    async def begin_progress(self, title: str, cancel: Callable[[], None]) -> Progress:
        """Show a progress display whose cancel button calls ``cancel``."""

    def log(self, message: str) -> None:
        """Write to the log that the editor keeps."""
