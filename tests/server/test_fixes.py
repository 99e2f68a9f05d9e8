"""A failing test, what mends it, and the same failure again: the server has learned what to offer."""

import sys
from pathlib import Path

from lsprotocol import types

from tests.server.profiles import neovim_0_12
from tests.server.projects import pytest_shop
from tests.server.pytest_lsp_client import Editing, editing, line_of, until

# A fixer of the user's own, for the fault of the shop.
MEND = """\
title = "Divide by a hundred"
description = "Mends sums in cents that were divided by ten."
category = "code-quality"
modality = "code"
phase = "execution"
languages = ["python"]
scope = "project"

[run]
kind = "program"
tool = "{python}"
args = ["-c", "import pathlib; p = pathlib.Path('shop/prices.py'); p.write_text(p.read_text().replace('// 10\\\\n', '// 100\\\\n'))"]
cwd = "{{workspace}}"
changes_files = true
"""


async def test_what_mended_a_failure_is_the_quick_fix_of_the_next(tmp_path: Path):
    shop = pytest_shop(tmp_path)
    skills = tmp_path / "home" / "config" / "skills"
    skills.mkdir(parents=True)
    skills.joinpath("mend-cents.toml").write_text(MEND.format(python=sys.executable), "utf-8")
    prices, path = shop / "shop" / "prices.py", shop / "tests" / "test_prices.py"
    fault = prices.read_text("utf-8")
    failing = line_of(path, "def test_a_discount_is_taken_once")
    wrong = line_of(path, "assert price == 270")
    async with editing(neovim_0_12(), shop, tmp_path / "home") as at:
        uri = at.open(path, "python")
        for _ in range(2):
            prices.write_text(fault, "utf-8")
            assert await run(at, "pytest-run", uri, failing) == "failed"
            assert await run(at, "mend-cents", uri, failing) == "passed"
            assert await run(at, "pytest-run", uri, failing) == "passed"

        prices.write_text(fault, "utf-8")
        assert await run(at, "pytest-run", uri, failing) == "failed"
        await until(lambda: wrong in at.marked(uri))
        await fix_offered(at, uri, wrong)
        first = next(it for it in await at.actions(uri, wrong) if it.title.startswith("Fix:"))
        assert first.title == "Fix: run mend-cents (worked both times for issues like this)"
        assert first.kind == types.CodeActionKind.QuickFix
        assert [it.range.start.line for it in first.diagnostics] == [wrong]
        place = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(wrong, 6))
        hover = await at.client.text_document_hover_async(place)
        assert "fix: mend-cents worked both times" in hover.contents.value

        # It is run, and then the test again, so that the mark goes and the memory grows.
        (argument,) = first.command.arguments
        done = await at.command(first.command.command, {**vars_of(argument), "wait": True})
        assert (done["status"], done["skill"]) == ("passed", "mend-cents")
        assert "// 100\n" in prices.read_text("utf-8")
        await until(lambda: at.marked(uri) == {})
        stats = await at.command("skills.fix.stats")
        (known,) = stats["strategies"]
        assert (known["strategy"], known["n_attempts"], known["n_successes"]) == (
            "mend-cents",
            3,
            3,
        )


async def run(at: Editing, skill: str, uri: str, line: int) -> str:
    place = {"skill": skill, "uri": uri, "line": line, "character": 6, "wait": True}
    return (await at.command("skills.run", place))["status"]


async def fix_offered(at: Editing, uri: str, line: int) -> None:
    """Wait for the advice that is made in the background."""

    async def is_there() -> bool:
        return any(it.title.startswith("Fix:") for it in await at.actions(uri, line))

    await until(is_there)


def vars_of(argument: object) -> dict[str, object]:
    return argument if isinstance(argument, dict) else dict(argument._asdict())
