"""``initialize``, ``initialized``, ``shutdown``, workspace folders."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from skills_lsp.app.document import path_of
from skills_lsp.server.handlers import configuration, watched_files
from skills_lsp.server.profile import profile_of

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer


def register(server: "SkillsServer") -> None:
    """Register the handlers."""
    app = server.app

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.profile = profile_of(params.capabilities, params.client_info)
        app.encoding = server.profile.encoding
        app.set_workspaces(server.folders_of(params))
        configuration.take(server, params.initialization_options)
        options = server.protocol.fm.feature_options.get(types.TEXT_DOCUMENT_CODE_ACTION)
        assert options is not None
        options.resolve_provider = "command" in server.profile.action_resolve

    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        server.is_ready = True
        app.spawn(app.start())
        watched_files.watch(server)
        await configuration.pull(server)

    @server.feature(types.SHUTDOWN)
    async def shutdown(_params: Any) -> None:
        await app.stop()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        gone = {path_of(folder.uri) for folder in params.event.removed}
        kept = [folder for folder in app.workspaces if str(folder) not in gone]
        added = [path_of(folder.uri) for folder in params.event.added]
        app.set_workspaces([*kept, *(Path(path) for path in added if path)])
        app.spawn(app.reload_catalogue())
