"""Settings: from ``initializationOptions``, by pulling, by being told."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from skills_lsp.app.client import Level
from skills_lsp.app.configuration import SECTION, settings_from

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer

_CLIENT_SECONDS = 5.0


def register(server: "SkillsServer") -> None:
    """Register the handlers."""

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def changed(params: types.DidChangeConfigurationParams) -> None:
        if server.profile.configuration:
            server.app.spawn(pull(server))
            return
        # At once: the next request is already answered by the new settings.
        take(server, params.settings)
        server.app.client.refresh_lenses()


async def pull(server: "SkillsServer") -> None:
    """Ask the client for our section, where it can be asked."""
    if not server.profile.configuration:
        return
    items = [types.ConfigurationItem(section=SECTION)]
    answer = await server.editor.request(
        types.WORKSPACE_CONFIGURATION, types.ConfigurationParams(items), _CLIENT_SECONDS
    )
    if isinstance(answer, (list, tuple)) and answer and answer[0] is not None:
        take(server, answer[0])
        server.app.client.refresh_lenses()


def take(server: "SkillsServer", given: Any) -> None:
    """Use settings; what is wrong with them is said in one sentence each, the rest is used."""
    settings, problems = settings_from(given, server.app.settings)
    server.app.configure(settings)
    for problem in problems:
        server.app.client.show(problem, Level.WARNING)
