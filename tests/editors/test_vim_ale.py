"""Vim with ALE, which has no lenses, no resolve and no edits of a server's own."""

from pathlib import Path

import pytest

from tests.editors.attach import lines_for
from tests.editors.expectations import check_picked_first, check_recorded
from tests.editors.installed import editor, missing
from tests.editors.session import FAILING_LINE, FAILURE, TEST_FILE, Session
from tests.editors.terminal import terminal

pytestmark = pytest.mark.editor

ALE = Path("/usr/share/vim-ale")  # where Debian's vim-ale puts it

SETTINGS = f"""\
set nocompatible
set runtimepath^={ALE},$HOME/.vim
filetype plugin on
let g:ale_linters_explicit = 1
let g:ale_linters = {{'python': ['skills-lsp']}}
"""


def test_the_menu_runs_a_test_and_shows_where_it_failed(session: Session) -> None:
    vim = editor("vim", (8, 0))
    if not ALE.is_dir():
        missing("ALE (Debian's vim-ale)")
    vimrc = session.write("vimrc", SETTINGS)
    session.write(".vim/ale_linters/python/skills_lsp.vim", lines_for("ale"))

    with terminal(session, vim, "-u", vimrc, f"+{FAILING_LINE}", TEST_FILE) as window:
        window.wait_for("assert price == 270")
        window.type(":ALECodeAction")  # waits for the server by itself
        window.wait_for(r"^1\) Run this test")
        window.type("1")
        screen = window.wait_for(r"^>> +assert price == 270")
        assert FAILURE in screen
        window.type(":qall!")
        window.wait_for_end()

    check_recorded(session, ("pytest-run", "failed"))
    check_picked_first(session)
