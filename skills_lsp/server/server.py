"""The language server: pygls' object, with the application it serves."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from skills_lsp import __version__
from skills_lsp.app.app import App
from skills_lsp.app.folders import Folders
from skills_lsp.app.operations import Operation, table
from skills_lsp.app.operations._reports import show_report
from skills_lsp.app.plain import plain
from skills_lsp.errors import UsageError
from skills_lsp.server.client import EditorClient
from skills_lsp.server.handlers import register
from skills_lsp.server.profile import ClientProfile
from skills_lsp.server.protocol import SkillsProtocol

logger = logging.getLogger(__name__)


class SkillsServer(LanguageServer):
    """One server for one editor window."""

    protocol: SkillsProtocol

    def __init__(self, folders: Folders) -> None:
        super().__init__(
            "skills-lsp",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=SkillsProtocol,
        )
        self.profile = ClientProfile()
        self.is_ready = False  # ``initialized`` has come: requests to the client are allowed
        self.cancels: dict[str | int, Callable[[], None]] = {}
        self.editor = EditorClient(self)
        self.app = App(self.editor, folders)
        self.ended: asyncio.Future[int] | None = None
        for command in table():
            self.protocol.fm.commands[command] = _never_called
        register(self)

    def end(self, code: int) -> None:
        """Let the serving loop end with this exit code; the first one counts."""
        if self.ended is not None and not self.ended.done():
            self.ended.set_result(code)

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002
        """Log what pygls reports; what a user must know is shown where it happens."""
        logger.error("%s: %s", type(error).__name__, error)

    async def perform(
        self,
        operation: Operation,
        decode: Callable[[str, type, Any], Any],
        arguments: Sequence[Any] | None,
        *,
        is_bare: bool,
    ) -> Any:
        """Run an operation. Called without arguments by a person, a report opens as a document.

        Helix and other command menus call every command bare: what is then missing is said in a
        message, and is no error.
        """
        params = decode(operation.command, operation.params, arguments)
        try:
            result = await operation.run(self.app, params)
        except UsageError as error:
            if not is_bare:
                raise
            self.app.client.show(str(error))
            return {"message": str(error)}
        if not hasattr(result, "markdown"):
            # What is data for a client is of use to a person by its sentence alone.
            if is_bare and operation.is_data:
                self.app.client.show(result.message)
            return result
        if self.profile.own_reports:
            return {**plain(result), "markdown": result.markdown()}
        if is_bare:
            await show_report(self.app, operation.name, result.markdown())
        return result

    def folders_of(self, params: types.InitializeParams) -> list[Path]:
        """Return the workspace folders that the client named, in any of the three ways."""
        from skills_lsp.app.document import path_of  # noqa: PLC0415 - avoids a longer top

        uris = [folder.uri for folder in params.workspace_folders or ()]
        if not uris and params.root_uri:
            uris = [params.root_uri]
        paths = [path_of(uri) for uri in uris]
        if not paths and params.root_path:
            paths = [params.root_path]
        return [Path(path) for path in paths if path]


def _never_called(*_args: Any) -> None:
    """Stand for a command in pygls' list of names; SkillsProtocol runs the operations itself."""
