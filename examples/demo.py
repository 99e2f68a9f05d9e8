"""The main job on real input, through a real LSP session over stdio.

Copies the bookshop beside this file to a scratch folder, starts the server as an editor would,
opens its files, shows what is suggested at several cursors and why, runs one skill that passes and
one that fails, and prints the diagnostics and the history that came of it. Your own database is
not touched.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Union

import cattrs
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

HERE = Path(__file__).parent
MODELS = HERE.parent / ".cache" / "model" / "data" / "models"
# (file, a text on the line of the cursor)
CURSORS = (
    ("tests/test_prices.py", "def test_discount_is_taken_once"),
    ("bookshop/prices.py", "eval(text"),
    ("bookshop/prices.py", "import os"),
    ("bookshop/delivery.py", "time.sleep"),
    ("web/cart.ts", "innerHTML"),
    ("web/cart.test.ts", 'it("loads'),
)
LANGUAGES = {".py": "python", ".ts": "typescript"}


async def main() -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(
        prefix="skills-lsp-demo-", ignore_cleanup_errors=True
    ) as scratch:
        shop = Path(scratch, "bookshop")
        shutil.copytree(HERE / "bookshop", shop)
        take_model(Path(scratch, "home"))
        client = await connect(Path(scratch), shop)
        print("skills-lsp demo: a real language server session on a small bookshop")
        print(f"Ranked by: {await engine(client)}.\n")
        for name, text in CURSORS:
            await show_suggestions(client, shop / name, name, text)
        await run(client, shop / "tests/test_prices.py", "def test_total_of_nothing", "passes")
        await run(client, shop / "tests/test_prices.py", "def test_discount", "fails")
        await asyncio.sleep(0.3)
        show_diagnostics(client, shop)
        await show_history(client)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()  # else it still writes into the folder that is taken away here
    print(f"Done in {time.monotonic() - started:.1f} s.")
    print("Next: attach skills-lsp to your editor with the lines in README.md, open a test, and")
    print("press the code-action key on it (VS Code: Ctrl+.  Neovim: gra  Helix: space a).")


def take_model(home: Path) -> None:
    """Use the model that scripts/fetch_model.sh brought, if it could."""
    if MODELS.is_dir():
        (home / "data").mkdir(parents=True)
        (home / "data" / "models").symlink_to(MODELS)


async def engine(client: LanguageClient) -> str:
    """Return what ranks; with a model, once the skills are indexed by meaning."""
    status = await command(client, "skills.status")
    for _ in range(300 if MODELS.is_dir() else 0):
        if status["engine"] != "words":
            break
        await asyncio.sleep(0.1)
        status = await command(client, "skills.status")
    texts = "words (FTS5)"
    if status["engine"] != "words":
        texts += f" and meaning ({status['engine']})"
    else:
        texts += " alone, as there is no model (skills-lsp model install)"
    return f"patterns, {texts}, predicted success, and what usually comes next"


async def connect(scratch: Path, shop: Path) -> LanguageClient:
    client = LanguageClient("demo", "1", converter_factory=converter)
    client.published = {}

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(params: types.PublishDiagnosticsParams) -> None:
        client.published[params.uri] = params.diagnostics

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    def message(params: types.ShowMessageParams) -> None:
        print(f"   the editor shows: {params.message}")

    @client.feature(types.WINDOW_LOG_MESSAGE)
    def log(_params: types.LogMessageParams) -> None:
        """Keep the log out of the way."""

    environment = {**os.environ, "SKILLS_LSP_HOME": str(scratch / "home")}
    await client.start_io(sys.executable, "-m", "skills_lsp", "serve", env=environment)
    await client.initialize_async(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(
                text_document=types.TextDocumentClientCapabilities(
                    code_action=types.CodeActionClientCapabilities(
                        code_action_literal_support=types.ClientCodeActionLiteralOptions(
                            types.ClientCodeActionKindOptions(["quickfix", "refactor"])
                        )
                    )
                )
            ),
            process_id=os.getpid(),
            workspace_folders=[types.WorkspaceFolder(shop.as_uri(), "bookshop")],
            initialization_options={"python": sys.executable},
        )
    )
    client.initialized(types.InitializedParams())
    for name in dict.fromkeys(name for name, _ in CURSORS):
        path = shop / name
        item = types.TextDocumentItem(
            path.as_uri(), LANGUAGES[path.suffix], 1, path.read_text("utf-8")
        )
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await asyncio.sleep(1.0)  # The catalogue and the tools are found in the background.
    return client


def converter() -> cattrs.Converter:
    """Return pygls' converter, which takes every action that has a command for a bare command."""
    made = default_converter()

    def action(value: dict, _type: object) -> types.Command | types.CodeAction:
        is_bare = isinstance(value.get("command"), str)
        return made.structure(value, types.Command if is_bare else types.CodeAction)

    made.register_structure_hook(types.Command | types.CodeAction, action)
    made.register_structure_hook(Union[types.Command, types.CodeAction], action)
    return made


async def show_suggestions(client: LanguageClient, path: Path, name: str, text: str) -> None:
    line = line_of(path, text)
    answer = await command(
        client, "skills.suggest", uri=path.as_uri(), line=line, character=8, limit=3
    )
    print(f"{name}:{line + 1}  {path.read_text('utf-8').splitlines()[line].strip()}")
    for it in answer["suggestions"]:
        print(f"   {it['rank']}. {it['skill']:<22} {it['confidence']:.2f}  {it['title']}")
        print(f"      because {'; '.join(it['reasons'])}")
    print()


async def run(client: LanguageClient, path: Path, text: str, what: str) -> None:
    line = line_of(path, text)
    uri = path.as_uri()
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(types.Position(line, 8), types.Position(line, 8)),
            types.CodeActionContext([]),
        )
    )
    picked = next(it for it in actions or () if it.command.arguments[0]["skill"] == "pytest-run")
    print(f"Picking “{picked.title}” from the code actions: a run that {what}")
    await command(
        client, picked.command.command, **{**plain(picked.command.arguments[0]), "wait": True}
    )
    print()


def show_diagnostics(client: LanguageClient, shop: Path) -> None:
    print("Diagnostics that the editor now shows:")
    for uri, diagnostics in client.published.items():
        for it in diagnostics:
            where = uri.removeprefix(shop.as_uri() + "/")
            message = it.message.splitlines()[0]
            print(f"   {where}:{it.range.start.line + 1}: {message}  [{it.source}]")
    print()


async def show_history(client: LanguageClient) -> None:
    answer = await command(client, "skills.history", limit=5)
    print("The history, newest first:")
    for it in answer["invocations"]:
        others = ", ".join(it["alternatives_considered"][:3])
        print(
            f"   {it['invoked_at'][:19]}  {it['skill_name']:<12} {it['status']:<7} "
            f"rank {it['selection_rank']}, also on offer: {others}"
        )
    print()


async def command(client: LanguageClient, name: str, **arguments: object) -> dict:
    params = types.ExecuteCommandParams(name, [arguments])
    return plain(await client.workspace_execute_command_async(params))


def plain(value: object) -> object:
    """Return JSON values from the objects that pygls makes of them."""
    if hasattr(value, "_asdict"):
        return {key: plain(item) for key, item in value._asdict().items()}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def line_of(path: Path, text: str) -> int:
    lines = path.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines) if text in line)


if __name__ == "__main__":
    asyncio.run(main())
