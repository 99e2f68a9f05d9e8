"""What a person sees of the plugin, screen by screen, in a terminal of 107 columns.

The picture of the plugin's README, ``docs/neovim.svg``, is taken anew with ``SKILLS_LSP_PICTURES=1``.
"""

import os
import re
from pathlib import Path

import pytest

from scripts.picture import Bookshop, screen, svg
from tests.editors.installed import ROOT
from tests.editors.neovim.plugin import NEW, init_for, neovim_of, versions
from tests.editors.terminal import Terminal, terminal

pytestmark = pytest.mark.editor

LOOK = """
vim.o.number = true
vim.o.termguicolors = true
vim.o.ruler = false
vim.o.shortmess = vim.o.shortmess .. 'I'
vim.o.statusline = " %f%=%{v:lua.require'skills_lsp'.status()} "
vim.diagnostic.config({ virtual_text = true })
"""
N_COLUMNS, N_ROWS = 107, 27
ASSERTION = 12  # the line that fails


@versions
def test_pick_run_output_and_history(tmp_path: Path, version) -> None:
    shop = Bookshop(tmp_path)
    shop.prepare()
    init = init_for(shop, version, LOOK)
    command = (neovim_of(version), "-u", init, f"+{ASSERTION}", "tests/test_prices.py")
    with terminal(shop, *command) as window:
        window.call("resize-window", "-x", str(N_COLUMNS), "-y", str(N_ROWS))
        window.wait_for("▶ Run this test")
        picks, picked = see_the_list(window)
        assert re.search(r"^1: Run this test +pytest-run +execution", picked, re.MULTILINE)
        assert "more skills" in picked

        window.type("1")
        window.wait_for(r"\[failed\] 1 failed")
        window.wait_for(rf"^E +{ASSERTION} .*assert .*■")
        text = window.wait_for("✗ ")
        assert "tests/test_prices.py:12: AssertionError" in text
        result = screen(window)

        for _ in window.tries("# History|History"):
            window.type(":Skills history")
        text = window.wait_for("✗ failed")
        assert "q closes" in text
        assert "█" in text
        history = screen(window)
        window.press("q")
        window.type(":checkhealth skills_lsp")
        assert "OK" in window.wait_for("^.*Server", 60)
        window.press("Escape")
        window.type(":qall!")
        window.wait_for_end()
    assert shop.left_behind() == []

    titles = (
        ":Skills: what fits the test under the cursor",
        "1: it has run, its output is below, and the failure is at its line",
        ":Skills history",
    )
    about = "The Neovim plugin: a list of skills, the output of a test that failed, and the history"
    drawn = svg(about, list(zip(titles, (picks, result, history), strict=True)), N_COLUMNS)
    assert all(it in drawn for it in titles)
    if os.environ.get("SKILLS_LSP_PICTURES") and version == NEW:
        (ROOT / "docs" / "neovim.svg").write_text(drawn, "utf-8")


def see_the_list(window: Terminal) -> tuple[list[str], str]:
    """Open the list, which the server may not be ready for at first."""
    for _ in window.tries("Run a skill"):
        window.type(":Skills")
    text = window.wait_for("Type number and <Enter>|Type number and <CR>|q or empty cancels")
    return screen(window), text
