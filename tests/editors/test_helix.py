"""Helix, by its keys and its screen, with the lines of the docs and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.editors.attach import lines_for
from tests.editors.expectations import check_picked_first, check_recorded
from tests.editors.installed import editor
from tests.editors.session import (
    ENDLESS_TEST,
    FAILING_LINE,
    FAILURE,
    PASSING_TEST,
    TEST_FILE,
    Session,
)
from tests.editors.terminal import Terminal, terminal

pytestmark = pytest.mark.editor


@contextmanager
def helix(session: Session, line: int) -> Iterator[Terminal]:
    """Open the tests of the project at a line, and wait for the server."""
    program = editor("helix", (23, 10))
    session.write("config/helix/languages.toml", lines_for("helix"))
    runtime = program.resolve().parents[1] / "lib" / "hx" / "runtime"
    more = {"HELIX_RUNTIME": str(runtime)} if runtime.is_dir() else {}
    with terminal(session, program, "-v", f"{TEST_FILE}:{line}", **more) as window:
        window.wait_for(rf" sel +{line}:1")
        open_menu(window)
        yield window
        window.type(":quit-all!")
        window.wait_for_end()


def open_menu(window: Terminal) -> None:
    """Press the keys for code actions until the server is there and the menu comes up."""
    for _ in window.tries("Run this test"):
        window.press("Space", "a")


def command(window: Terminal, name: str) -> None:
    """Call a command of the server, which Helix does without arguments."""
    window.type(f":lsp-workspace-command {name}")


def test_the_menu_runs_a_test_and_shows_where_it_failed(session: Session) -> None:
    with helix(session, FAILING_LINE) as window:
        window.press("Enter")  # the first entry is chosen already
        screen = window.wait_for("pytest-run: 1 failed")
        assert FAILURE in screen
        window.wait_for(rf"^● +{FAILING_LINE} ")

    check_recorded(session, ("pytest-run", "failed"))
    check_picked_first(session)


def test_every_command_answers_a_call_without_arguments(session: Session) -> None:
    with helix(session, PASSING_TEST) as window:
        window.press("Enter")
        window.wait_for("pytest-run: 1 passed")

        command(window, "skills.rerunLast")
        window.wait_for("pytest-run: 1 passed")
        command(window, "skills.run")
        window.wait_for("skills.run needs the name of a skill")
        command(window, "skills.registerShortcut")
        window.wait_for("skills.registerShortcut needs a skill and keys")
        command(window, "skills.cancel")
        window.wait_for("Nothing is running")

        for name, line in (
            ("skills.history", "# History"),
            ("skills.sessionSummary", "# This session"),
            ("skills.listSkills", "# Skills"),
            ("skills.listShortcuts", "# Shortcuts"),
            ("skills.showOutput", "test session starts"),
            ("skills.suggest", "Run this test"),
            ("skills.explain", "# Why these suggestions"),
        ):
            command(window, name)
            window.wait_for(line)
            window.type(":buffer-close")
            window.wait_for("def test_nothing_costs_nothing")

    check_recorded(session, ("pytest-run", "passed"), ("pytest-run", "passed"))


def test_a_report_asked_for_again_is_the_new_one(session: Session) -> None:
    with helix(session, PASSING_TEST) as window:
        window.press("Enter")
        window.wait_for("pytest-run: 1 passed")
        command(window, "skills.history")
        window.wait_for(r"✓ passed \| █+ 1 ")

        # Helix shows the old text of a file that is still open.
        window.type(":buffer-previous")
        window.wait_for("def test_nothing_costs_nothing")
        command(window, "skills.rerunLast")
        window.wait_for("pytest-run: 1 passed")
        command(window, "skills.history")
        window.wait_for(r"✓ passed \| █+ 2 ")


def test_a_run_without_end_is_cancelled_by_name(session: Session) -> None:
    with helix(session, ENDLESS_TEST) as window:
        window.press("Enter")
        session.wait_for_file("running.pid")  # written by the endless test
        command(window, "skills.cancel")
        window.wait_for("pytest-run: cancelled")

    check_recorded(session, ("pytest-run", "cancelled"))


def test_quitting_the_editor_ends_the_run(session: Session) -> None:
    with helix(session, ENDLESS_TEST) as window:
        window.press("Enter")
        session.wait_for_file("running.pid")
        # Helix quits in the middle of the run.

    assert session.left_behind() == []
    [run] = session.history()
    # Helix kills a server right after `exit`, mostly before it can write how the run ended.
    assert run["status"] in ("cancelled", "interrupted")
