"""Changed skill definitions, and changed settings of a project, show without a restart."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from skills_lsp.app.folders import Folders
from skills_lsp.projects import CONFIGURATION
from skills_lsp.skills import watched_globs

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer

# A checkout touches many files at once; the catalogue is read when it is over.
_QUIET_SECONDS = 0.3


def register(server: "SkillsServer") -> None:
    """Register the handlers."""
    waiting: list[asyncio.TimerHandle] = []

    def reload() -> None:
        waiting.clear()
        server.app.knowledge.forget_availability()
        server.app.take_projects()
        server.app.spawn(server.app.reload_catalogue())

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def changed(_params: types.DidChangeWatchedFilesParams) -> None:
        for timer in waiting:
            timer.cancel()
        waiting[:] = [asyncio.get_running_loop().call_later(_QUIET_SECONDS, reload)]

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        """Clients that watch nothing still tell of what is saved in them."""
        path = params.text_document.uri.rpartition("/")[2]
        if path in _DEFINITIONS or path in CONFIGURATION or path.endswith(".toml"):
            changed(types.DidChangeWatchedFilesParams([]))


_DEFINITIONS = frozenset(
    {
        "SKILL.md",
        "package.json",
        "Makefile",
        "makefile",
        "GNUmakefile",
        "justfile",
        "Justfile",
        "tox.ini",
        "noxfile.py",
        ".pre-commit-config.yaml",
    }
)


def _user_globs(folders: Folders) -> list[tuple[Path, str]]:
    """Return where a user's own skills are, outside all workspace folders."""
    return [
        (folders.config, "skills/*.toml"),
        (folders.home, ".agents/skills/**/SKILL.md"),
        (folders.home, ".claude/skills/**/SKILL.md"),
    ]


def watch(server: "SkillsServer") -> None:
    """Ask the client to watch the files that define skills, where it can."""
    if not server.profile.watch_files:
        return
    globs = (*watched_globs(), *(f"**/{name}" for name in CONFIGURATION))
    watchers = [types.FileSystemWatcher(glob) for glob in dict.fromkeys(globs)]
    if server.profile.watch_relative:
        watchers += [
            types.FileSystemWatcher(types.RelativePattern(folder.as_uri(), glob))
            for folder, glob in _user_globs(server.app.folders)
        ]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    registration = types.Registration(
        "skills-definitions", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
    )
    future = server.client_register_capability(types.RegistrationParams([registration]))
    future.add_done_callback(lambda it: it.cancelled() or it.exception())
