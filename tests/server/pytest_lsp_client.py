"""pytest-lsp's client, which checks what we send against what the editor said it can take."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Union

import cattrs
from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient
from pytest_lsp.client import register_lsp_features

from tests.server.profiles import Editor
from tests.server.raw_client import COMMAND, LIGHT, SECONDS


def converter() -> cattrs.Converter:
    """Return pygls' converter, which takes every action that has a command for a bare command."""
    made = default_converter()

    def action(value: dict[str, Any], _type: object) -> types.Command | types.CodeAction:
        is_bare = isinstance(value.get("command"), str)
        return made.structure(value, types.Command if is_bare else types.CodeAction)

    made.register_structure_hook(types.Command | types.CodeAction, action)
    # lsprotocol writes it the old way, and the two are not the same key.
    made.register_structure_hook(Union[types.Command, types.CodeAction], action)  # noqa: UP007
    return made


def make_client() -> LanguageClient:
    client = LanguageClient(converter_factory=converter)
    register_lsp_features(client)
    client.lens_refreshes = 0
    client.registered = []

    @client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
    def refresh(_params: Any = None) -> None:
        client.lens_refreshes += 1

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        client.registered += params.registrations

    return client


@asynccontextmanager
async def editing(editor: Editor, folder: Path, home: Path) -> AsyncIterator["Editing"]:
    """Go through a session as this editor; it ends as it should."""
    environment = {**os.environ, **LIGHT, "SKILLS_LSP_HOME": str(home)}
    config = ClientServerConfig([*COMMAND], make_client, environment)
    client = await config.start()
    client.set_configuration({"python": sys.executable}, section="skillsLsp")
    capabilities = get_converter().structure(editor.capabilities, types.ClientCapabilities)
    result = await client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
            initialization_options={"python": sys.executable},
        )
    )
    yield Editing(editor, client, result)
    await client.shutdown_session()
    assert client.error is None
    await client.stop()


class Editing:
    """What a person does in an editor, by the requests that the editor sends for it."""

    def __init__(
        self, editor: Editor, client: LanguageClient, result: types.InitializeResult
    ) -> None:
        self.editor, self.client, self.result = editor, client, result

    def open(self, path: Path, language: str) -> str:
        """Open a file; return its URI."""
        item = types.TextDocumentItem(path.as_uri(), language, 1, path.read_text("utf-8"))
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return item.uri

    async def actions(self, uri: str, line: int, **context: Any) -> list[types.CodeAction]:
        """Open the menu at a line, whole as the editor would make its entries."""
        place = types.Position(line, 6)
        given = {**self.editor.context, **context}
        trigger = given.pop("triggerKind", None)
        kind = None if trigger is None else types.CodeActionTriggerKind(trigger)
        shown = types.CodeActionContext(
            list(self.client.diagnostics.get(uri, ())), trigger_kind=kind, **given
        )
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri), types.Range(place, place), shown
            )
        )
        if not self.editor.resolves_commands:
            return list(found)
        return [await self.client.code_action_resolve_async(it) for it in found]

    async def pick(self, uri: str, line: int, skill: str) -> Any:
        """Choose an entry of the menu, once it is there."""
        chosen: list[types.CodeAction] = []

        async def is_there() -> bool:
            chosen[:] = [it for it in await self.actions(uri, line) if skill_of(it) == skill]
            return bool(chosen)

        await until(is_there)
        command = chosen[0].command
        return await self.command(command.command, *command.arguments)

    async def command(self, name: str, *arguments: Any) -> Any:
        """Run a command."""
        params = types.ExecuteCommandParams(name, list(arguments))
        return plain(await self.client.workspace_execute_command_async(params))

    async def message(self, text: str) -> str:
        """Wait until the editor has shown a message with this text, and return it."""
        await until(lambda: any(text in it.message for it in self.client.messages))
        shown = [it.message for it in self.client.messages if text in it.message]
        self.client.messages.clear()
        return shown[-1]

    def marked(self, uri: str) -> dict[int, str]:
        """Return the diagnostics of a document by line."""
        return {it.range.start.line: it.message for it in self.client.diagnostics.get(uri, ())}


def skill_of(action: types.CodeAction) -> str:
    arguments = plain(action.command.arguments) if action.command else []
    return arguments[0]["skill"] if arguments else ""


def line_of(path: Path, text: str) -> int:
    """Return the line (from 0) that holds a text."""
    lines = path.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines) if text in line)


async def until(is_done: Callable[[], Any], seconds: float = SECONDS) -> None:
    """Wait until something is true; it may have to ask the server."""
    end = time.monotonic() + seconds
    while True:
        answer = is_done()
        if await answer if asyncio.iscoroutine(answer) else answer:
            return
        assert time.monotonic() < end, f"not so within {seconds} s"
        await asyncio.sleep(0.02)  # lets the client's reader work


def plain(value: object) -> Any:
    """Return JSON values from the objects that pygls makes of them."""
    if hasattr(value, "_asdict"):
        return {key: plain(item) for key, item in value._asdict().items()}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
