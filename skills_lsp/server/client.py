"""The editor, as the application sees it."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types

from skills_lsp.app.client import Level, Mark, Progress
from skills_lsp.app.configuration import as_plain
from skills_lsp.app.document import uri_of
from skills_lsp.server import to_lsp

logger = logging.getLogger(__name__)

_LEVELS = {
    Level.INFO: types.MessageType.Info,
    Level.WARNING: types.MessageType.Warning,
    Level.ERROR: types.MessageType.Error,
}
# A person may take long to answer; a client that never does must not hold a run for ever.
_ASK_SECONDS = 600.0
_CLIENT_SECONDS = 5.0


class EditorClient:
    """Speaks to the client through pygls; see :class:`skills_lsp.app.client.Client`."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def show(self, message: str, level: Level = Level.INFO) -> None:
        """Show one sentence."""
        self._server.window_show_message(types.ShowMessageParams(_LEVELS[level], message))

    def show_result(self, message: str, level: Level = Level.INFO) -> None:
        """Show how a run ended, to a client that does not do so itself."""
        if not self._server.profile.own_results:
            self.show(message, level)

    def log(self, message: str) -> None:
        """Write to the client's log."""
        logger.info("%s", message)
        if self._server.is_ready:
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Log, message))

    async def ask(self, message: str, choices: Sequence[str]) -> str | None:
        """Ask by ``window/showMessageRequest``."""
        answer = await self.request(
            types.WINDOW_SHOW_MESSAGE_REQUEST,
            types.ShowMessageRequestParams(
                types.MessageType.Warning,
                message,
                [types.MessageActionItem(choice) for choice in choices],
            ),
            _ASK_SECONDS,
        )
        title = getattr(answer, "title", None)
        return title if isinstance(title, str) else None

    async def vouches(self, skill: str, path: Path, runs: str) -> bool | None:
        """Ask by ``skills/trust``, where the client said that it answers."""
        if not self._server.profile.own_trust:
            return None
        question = {"skill": skill, "uri": uri_of(str(path)), "runs": runs}
        answer = await self.request("skills/trust", question, _ASK_SECONDS)
        given = as_plain(answer)
        return isinstance(given, dict) and given.get("trusted") is True

    async def open_document(self, path: Path) -> bool:
        """Open a file by ``window/showDocument``, where the client has it."""
        if not self._server.profile.show_document:
            return False
        answer = await self.request(
            types.WINDOW_SHOW_DOCUMENT,
            types.ShowDocumentParams(uri_of(str(path)), take_focus=True),
            _CLIENT_SECONDS,
        )
        return bool(getattr(answer, "success", False))

    def publish(
        self, uri: str, version: int | None, marks: Sequence[Mark], lines: Sequence[str]
    ) -> None:
        """Publish diagnostics."""
        profile = self._server.profile
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri,
                [to_lsp.diagnostic(mark, lines, profile) for mark in marks],
                version if profile.diagnostic_version else None,
            )
        )

    def refresh_lenses(self) -> None:
        """Ask for lenses to be fetched anew, where the client can."""
        if self._server.profile.lens_refresh and self._server.is_ready:
            self._send(types.WORKSPACE_CODE_LENS_REFRESH, None)

    def notify(self, event: str, data: dict[str, Any]) -> None:
        """Send ``skills/<event>`` to a client that asked for our own notifications."""
        if self._server.profile.own_notifications:
            self._server.protocol.notify(f"skills/{event}", data)

    async def begin_progress(self, title: str, cancel: Callable[[], None]) -> Progress:
        """Show work-done progress with a cancel button, where the client can."""
        profile = self._server.profile
        if not profile.progress or profile.own_results:
            return _NoProgress()
        token = str(uuid.uuid4())
        created = types.WorkDoneProgressCreateParams(token)
        # Sent first and not waited for: a client that never answers must not delay the run.
        self._send(types.WINDOW_WORK_DONE_PROGRESS_CREATE, created)
        return _EditorProgress(self._server, token, title, cancel)

    async def request(self, method: str, params: Any, seconds: float) -> Any:
        """Ask the client something; None when it fails or does not answer in time."""
        try:
            answer = asyncio.wrap_future(self._send(method, params))
            # Shielded, as pygls fails on the late answer to a cancelled request.
            return await asyncio.wait_for(asyncio.shield(answer), seconds)
        except TimeoutError:
            logger.warning("The client did not answer %s within %g s", method, seconds)
        except Exception as error:  # noqa: BLE001 - whatever the client answered, we go on
            logger.warning("The client refused %s: %s", method, error)
        return None

    def _send(self, method: str, params: Any) -> Any:
        future = self._server.protocol.send_request(method, params)
        future.add_done_callback(lambda it: it.cancelled() or it.exception())
        return future


class _NoProgress:
    def report(self, message: str) -> None:
        """Show nothing."""

    def end(self, message: str) -> None:
        """Show nothing."""


class _EditorProgress:
    # At most so often is a line of output worth a message to the editor.
    _MIN_SECONDS = 0.1

    def __init__(self, server: Any, token: str, title: str, cancel: Callable[[], None]) -> None:
        self._server, self._token = server, token
        self._reported_at = 0.0
        server.cancels[token] = cancel
        self._notify(types.WorkDoneProgressBegin(title=title, cancellable=True))

    def report(self, message: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._reported_at >= self._MIN_SECONDS:
            self._reported_at = now
            self._notify(types.WorkDoneProgressReport(message=message))

    def end(self, message: str) -> None:
        self._server.cancels.pop(self._token, None)
        self._notify(types.WorkDoneProgressEnd(message=message))

    def _notify(self, value: Any) -> None:
        self._server.protocol.notify(types.PROGRESS, types.ProgressParams(self._token, value))
