"""Neovim's built-in client, with the lines of the docs and nothing else."""

from pathlib import Path

import pytest

from tests.editors.attach import lines_for
from tests.editors.expectations import (
    check_picked_first,
    check_recorded,
    check_report,
)
from tests.editors.installed import ANY, Version, editor
from tests.editors.session import (
    FAILING_LINE,
    FAILING_TEST,
    FAILURE,
    PASSING_TEST,
    TEST_FILE,
    Session,
)
from tests.editors.terminal import Terminal, terminal

pytestmark = pytest.mark.editor

SCRIPT = Path(__file__).with_name("neovim_session.lua")
# From 0.11 on servers are configured by vim.lsp.config; from 0.12 on lenses refresh themselves.
OLD_BLOCKS = ["neovim-0.10", "neovim-0.10-lenses", "neovim-0.10-command"]
NEW_BLOCKS = ["neovim-0.11", "neovim-0.12-lenses", "neovim-0.11-command"]
OLD = pytest.param((0, 10), (0, 11), OLD_BLOCKS, id="0.10")
NEW = pytest.param((0, 12), ANY, NEW_BLOCKS, id="0.12")
versions = pytest.mark.parametrize(("at_least", "below", "blocks"), [OLD, NEW])


@versions
def test_actions_lenses_and_commands_work_without_a_plugin(
    session: Session, at_least: Version, below: Version, blocks: list[str]
) -> None:
    neovim = editor("neovim", at_least, below)
    init = session.write("init.lua", "\n".join(map(lines_for, blocks)))

    report = session.report_of(neovim, "--headless", "-u", init, TEST_FILE, "-S", SCRIPT)

    check_report(report)
    assert report["root"] == str(session.project)
    assert [(it["source"], it["severity"]) for it in report["diagnostics"]] == [
        ("skills-lsp (pytest-run)", 1)
    ]
    assert report["lenses"][str(PASSING_TEST)].endswith("✓")
    assert "✗" in report["lenses"][str(FAILING_TEST)]
    assert report["document"][0] == "# History"
    assert any("✗ failed" in line for line in report["document"])
    check_recorded(session, ("pytest-run", "passed"), ("pytest-run", "failed"))
    check_picked_first(session)


@versions
def test_a_person_sees_lens_menu_mark_and_message(
    session: Session, at_least: Version, below: Version, blocks: list[str]
) -> None:
    neovim = editor("neovim", at_least, below)
    init = session.write("init.lua", "\n".join(map(lines_for, blocks)))

    with terminal(session, neovim, "-u", init, f"+{FAILING_LINE}", TEST_FILE) as window:
        window.wait_for("▶ Run this test")
        if at_least == (0, 10):
            window.type(":lua vim.lsp.buf.code_action()")
        else:
            window.press("g", "r", "a")  # the default key for code actions
        menu = window.wait_for("Type number and <Enter>")
        assert "1: Run this test" in menu
        window.type("1")
        screen = window.wait_for("pytest-run: 1 failed")
        assert FAILURE in screen
        window.press("Enter")  # a message wider than the window waits for it
        window.wait_for(r"^E +assert price == 270")
        _quit(window)

    check_recorded(session, ("pytest-run", "failed"))


@versions
def test_a_rerun_over_the_fixed_code_takes_the_mark_away(
    session: Session, at_least: Version, below: Version, blocks: list[str]
) -> None:
    neovim = editor("neovim", at_least, below)
    init = session.write("init.lua", "\n".join(map(lines_for, blocks)))

    with terminal(session, neovim, "-u", init, f"+{FAILING_TEST}", TEST_FILE) as window:
        window.wait_for("▶ Run this test")
        window.type(":lua vim.lsp.codelens.run()")
        window.wait_for("pytest-run: 1 failed")
        window.press("Enter")  # a message wider than the window waits for it
        window.wait_for(r"^E +assert price == 270")
        window.type(":edit shop/prices.py")
        window.type(":%s/10$/100/")
        window.type(":write")
        window.type(":buffer test_prices.py")
        window.wait_for("▶ Run this test")
        window.press("\\", "s", "r")  # the key that the docs map
        window.wait_for("pytest-run: 1 passed")
        window.wait_for(r"^ *assert price == 270$")
        _quit(window)

    check_recorded(session, ("pytest-run", "passed"), ("pytest-run", "failed"))


def _quit(window: Terminal) -> None:
    window.press("Escape")
    window.type(":qall!")
