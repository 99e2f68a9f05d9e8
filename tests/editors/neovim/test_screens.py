"""What a person sees of the plugin, screen by screen, in a terminal of 107 columns.

The pictures of the plugin's README, ``docs/images/neovim-*.svg``, are taken anew with
``SKILLS_LSP_PICTURES=1``.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.picture import Bookshop, screen, svg
from tests.editors.installed import ROOT, Version
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
def test_pick_run_and_output(tmp_path: Path, version) -> None:
    shop = Bookshop(tmp_path)
    shop.prepare()
    with opened(shop, version) as window:
        picks, picked = see_the_list(window)
        assert re.search(r"^1: Run this test +pytest-run +execution", picked, re.MULTILINE)
        assert "more skills" in picked

        window.type("1")
        window.wait_for(r"\[failed\] 1 failed")
        window.wait_for(rf"^E +{ASSERTION} .*assert .*■")
        text = window.wait_for("✗ ")
        assert "tests/test_prices.py:12: AssertionError" in text
        window.press(
            "C-w", "j", "5", "C-w", "_", "C-w", "k"
        )  # where pytest has its files says little
        window.wait_for("17 +assert formula")
        result = screen(window)

        window.type(":checkhealth skills_lsp")
        assert "OK" in window.wait_for("^.*Server", 60)
        window.press("Escape")
        window.type(":qall!")
        window.wait_for_end()
    assert shop.left_behind() == []
    draw(
        version,
        "run",
        "The Neovim plugin: a list of skills, and the output of a test that failed",
        {
            ":Skills: what fits the test under the cursor": picks,
            "1: it has run, its output is below, and the failure is at its line": result,
        },
    )


@versions
def test_reports_in_a_float(tmp_path: Path, version) -> None:
    shop = Bookshop(tmp_path)
    shop.prepare()
    made_up = ["demo-data", "--rows", "3000", "--into", "../demo.db"]
    program = [sys.executable, "-m", "skills_lsp", *made_up]
    subprocess.run(program, cwd=shop.project, env=shop.environment, check=True, capture_output=True)
    database = f"vim.g.skills_lsp = {{ settings = {{ database = '{shop.folder}/demo.db' }} }}\n"
    with opened(shop, version, database) as window:
        for _ in window.tries("# Overview"):
            window.type(":Skills report overview")
        text = window.wait_for("pre-commit-all")
        assert "q closes" in text
        assert "█" in text
        overview = screen(window)
        window.press("q")
        for _ in window.tries("# Why these"):
            window.type(":Skills explain")
        text = window.wait_for("pytest-coverage")
        assert "For tests/test_prices.py:12" in text
        explained = screen(window)
        window.press("q")
        window.type(":qall!")
        window.wait_for_end()
    draw(
        version,
        "reports",
        "The Neovim plugin: the report of some weeks, and why suggestions stand in their order",
        {
            ":Skills report overview, of a history that is made up": overview,
            ":Skills explain": explained,
        },
    )


@contextmanager
def opened(shop: Bookshop, version: tuple[Version, Version], more: str = "") -> Iterator[Terminal]:
    """Open the failing test in a terminal, and wait for the lenses."""
    init = init_for(shop, version, more + LOOK)
    command = (neovim_of(version), "-u", init, f"+{ASSERTION}", "tests/test_prices.py")
    with terminal(shop, *command) as window:
        window.call("resize-window", "-x", str(N_COLUMNS), "-y", str(N_ROWS))
        window.wait_for("▶ Run this test")
        yield window


def draw(
    version: tuple[Version, Version], name: str, about: str, screens: dict[str, list[str]]
) -> None:
    """Draw screens, each under its title; write them where the pictures are asked for."""
    drawn = svg(about, list(screens.items()), N_COLUMNS)
    assert all(it in drawn for it in screens)
    if os.environ.get("SKILLS_LSP_PICTURES") and version == NEW:
        (ROOT / "docs" / "images" / f"neovim-{name}.svg").write_text(drawn, "utf-8")


def see_the_list(window: Terminal) -> tuple[list[str], str]:
    """Open the list, which the server may not be ready for at first."""
    for _ in window.tries("Run a skill"):
        window.type(":Skills")
    text = window.wait_for("Type number and <Enter>|Type number and <CR>|q or empty cancels")
    return screen(window), text
