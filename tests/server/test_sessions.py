"""The main job, end to end, as VS Code, Neovim and Emacs: see what fits, run it, have it recorded."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.server.profiles import Editor, eglot_1_9, neovim_0_10, neovim_0_12, vscode
from tests.server.projects import pytest_shop, vitest_shop
from tests.server.pytest_lsp_client import Editing, editing, line_of, until
from tests.server.raw_client import poll
from tests.server.test_ends import GONE_SECONDS, is_gone

editors = pytest.mark.parametrize(
    "editor", [vscode(), neovim_0_10(), neovim_0_12(), eglot_1_9()], ids=lambda it: it.name
)


@editors
async def test_a_session_with_pytest(editor: Editor, tmp_path: Path):
    shop = pytest_shop(tmp_path)
    path = shop / "tests" / "test_prices.py"
    passing = line_of(path, "def test_nothing_costs_nothing")
    failing = line_of(path, "def test_a_discount_is_taken_once")
    wrong = line_of(path, "assert price == 270")
    async with editing(editor, shop, tmp_path / "home") as at:
        uri = at.open(path, "python")
        await check_suggestions(at, uri, passing)
        await check_lenses(at, uri)

        assert (await at.pick(uri, passing, "pytest-run"))["status"] == "started"
        assert "1 passed" in await at.message("pytest-run:")
        assert at.marked(uri) == {}

        await at.pick(uri, failing, "pytest-run")
        assert "1 failed" in await at.message("pytest-run:")
        await until(lambda: wrong in at.marked(uri))
        assert list(at.marked(uri)) == [wrong]
        assert "2700 == 270" in at.marked(uri)[wrong]

        await check_mended(at, uri, shop / "shop" / "prices.py", "// 10", "// 100")
        await check_history(at, ["passed", "failed", "passed"], "pytest-run")


@pytest.mark.parametrize("editor", [vscode(), neovim_0_12(), eglot_1_9()], ids=lambda it: it.name)
@pytest.mark.node
async def test_a_session_with_vitest(editor: Editor, tmp_path: Path):
    shop = vitest_shop(tmp_path)
    path = shop / "test" / "cart.test.ts"
    passing = line_of(path, 'it("costs nothing')
    failing = line_of(path, 'it("takes a discount')
    wrong = line_of(path, "expect(price)")
    async with editing(editor, shop, tmp_path / "home") as at:
        uri = at.open(path, "typescript")

        await at.pick(uri, passing, "vitest-run")
        assert "1 passed" in await at.message("vitest-run:")
        assert at.marked(uri) == {}

        await at.pick(uri, failing, "vitest-run")
        assert "1 failed" in await at.message("vitest-run:")
        await until(lambda: wrong in at.marked(uri))
        assert list(at.marked(uri)) == [wrong]

        await check_mended(at, uri, shop / "src" / "cart.ts", "/ 10;", "/ 100;")
        await check_history(at, ["passed", "failed", "passed"], "vitest-run")


@pytest.mark.parametrize("editor", [vscode(), neovim_0_10(), neovim_0_12()], ids=lambda it: it.name)
async def test_a_long_run_is_cancelled_by_its_progress(editor: Editor, tmp_path: Path):
    shop = pytest_shop(tmp_path)
    path = shop / "tests" / "test_prices.py"
    async with editing(editor, shop, tmp_path / "home") as at:
        uri = at.open(path, "python")
        await at.pick(uri, line_of(path, "def test_that_takes_for_ever"), "pytest-run")
        pid_file = shop / "running.pid"
        await until(lambda: pid_file.exists() and pid_file.read_text())
        ((token, reports),) = at.client.progress_reports.items()
        assert isinstance(reports[0], types.WorkDoneProgressBegin)
        assert reports[0].cancellable
        at.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        await until(lambda: is_gone(int(pid_file.read_text())), GONE_SECONDS)
        assert "cancelled" in await at.message("pytest-run:")
        assert isinstance(at.client.progress_reports[token][-1], types.WorkDoneProgressEnd)
        await check_history(at, ["cancelled"], "pytest-run")


async def test_without_progress_a_command_cancels(tmp_path: Path):
    # eglot 1.9 shows no progress, so its user has no other button.
    shop = pytest_shop(tmp_path)
    path = shop / "tests" / "test_prices.py"
    async with editing(eglot_1_9(), shop, tmp_path / "home") as at:
        uri = at.open(path, "python")
        await at.pick(uri, line_of(path, "def test_that_takes_for_ever"), "pytest-run")
        pid_file = shop / "running.pid"
        await until(lambda: pid_file.exists() and pid_file.read_text())
        assert (await at.command("skills.cancel"))["cancelled"] == ["pytest-run"]
        poll(lambda: is_gone(int(pid_file.read_text())), GONE_SECONDS)
        assert "cancelled" in await at.message("pytest-run:")
        assert at.client.progress_reports == {}


async def check_suggestions(at: Editing, uri: str, line: int) -> None:
    """The menu, the hover and the command agree on the best; the reasons are told."""
    place = {"uri": uri, "line": line, "character": 6}
    suggested = await at.command("skills.suggest", place)
    best = suggested["suggestions"][0]
    assert best["skill"] == "pytest-run"
    assert "test-function test_nothing_costs_nothing here" in best["reasons"]
    menu = await at.actions(uri, line)
    assert menu[0].title == "Run this test: test_nothing_costs_nothing"
    identifier = types.TextDocumentIdentifier(uri)
    hover = await at.client.text_document_hover_async(
        types.HoverParams(identifier, types.Position(line, 6))
    )
    assert "test-function" in hover.contents.value
    assert "Run this test" in hover.contents.value


async def check_lenses(at: Editing, uri: str) -> None:
    identifier = types.TextDocumentIdentifier(uri)
    lenses = await at.client.text_document_code_lens_async(types.CodeLensParams(identifier))
    assert [it.command.title for it in lenses] == ["▶ Run this test"] * 4
    begins = [it.range.start.character for it in lenses]
    assert begins == [0] * 4, "a client that indents a lens aligns it with what it is over"


async def check_mended(at: Editing, uri: str, source: Path, wrong: str, right: str) -> None:
    """The fault is mended; run again, the same test passes and its mark goes."""
    mend(source, wrong, right)
    result = await at.command("skills.rerunLast", {"wait": True})
    assert result["status"] == "passed"
    await until(lambda: at.marked(uri) == {})


def mend(source: Path, wrong: str, right: str) -> None:
    source.write_text(source.read_text("utf-8").replace(wrong, right), "utf-8")


async def check_history(at: Editing, newest_first: list[str], skill: str) -> None:
    history = await at.command("skills.history", {"limit": 10})
    found: list[dict[str, Any]] = history["invocations"]
    assert [it["status"] for it in found] == newest_first
    for it in found:
        assert it["skill_name"] == skill
        assert it["selection_rank"] >= 1
        assert len(it["alternatives_considered"]) >= 2
        assert skill not in it["alternatives_considered"]
        assert it["duration_seconds"] > 0
        assert it["session_id"] == found[0]["session_id"]
        assert it["user_query"]
