"""The plugin under a person's hands, in a small terminal."""

import pytest

from tests.editors.expectations import check_recorded
from tests.editors.neovim.plugin import init_for, neovim_of, versions
from tests.editors.session import FAILING_LINE, TEST_FILE, Session
from tests.editors.terminal import Terminal, terminal

pytestmark = pytest.mark.editor

PROMPT = "Press ENTER"
LENS = "▶ Run this test"


@versions
def test_lenses_follow_what_is_typed(session: Session, version) -> None:
    init = init_for(session, version)
    with terminal(session, neovim_of(version), "-u", init, TEST_FILE) as window:
        window.wait_for(LENS)
        window.press("G", "o", "Escape", "i")  # without the indent of the line before
        window.type("def test_typed():")
        window.type("pass")
        window.press("Escape")
        # A line of its own from 0.12 on, the end of the line before.
        window.wait_for(rf"{LENS}\n *def test_typed|def test_typed\(\): {LENS}")
        window.type(":%s/def test_typed/def helper_typed/")
        window.wait_for(rf"(?<!{LENS})\n *def helper_typed\(\):$")
        _quit(window)


@versions
def test_nothing_waits_for_enter_and_no_window_is_left(session: Session, version) -> None:
    init = init_for(session, version)
    with terminal(session, neovim_of(version), "-u", init, f"+{FAILING_LINE}", TEST_FILE) as window:
        window.call("resize-window", "-x", "80", "-y", "24")
        window.type(":Skills run pytest-run")  # before the server is there
        assert PROMPT not in window.wait_for(r"^pytest-run: 1 failed")
        window.wait_for(r"^\[failed\] 1 failed")
        window.type(":Skills rate 5")
        assert PROMPT not in window.wait_for("Rated 5 of 5")
        window.type(":Skills run no-such-skill")
        assert PROMPT not in window.wait_for("there is no skill")
        window.type(":Skills explain")
        screen = window.wait_for("# Why these suggestions")
        assert "and at most 1." in screen  # the end of a sentence that is wider than the window
        assert PROMPT not in screen
        window.press("Escape")
        window.wait_for(r"^skills://output/pytest-run")
        window.type(":1wincmd w")
        window.type(":2close")
        window.wait_for(r"\A(?!(.*\n)*skills://)")
        _quit(window)

    check_recorded(session, ("pytest-run", "failed"))


def _quit(window: Terminal) -> None:
    window.press("Escape")
    window.type(":qall!")
    window.wait_for_end()
