"""What every editor must have seen, and what must be recorded of it."""

from typing import Any

from tests.editors.session import FAILING_LINE, FAILURE, PROJECT, Session


def check_report(report: dict[str, Any]) -> None:
    """Check what a scripted editor reported: the menu, the diagnostic, the message."""
    assert report["titles"][0].startswith("Run this test")
    assert len(report["titles"]) == len(set(report["titles"])) > 1
    [diagnostic] = report["diagnostics"]
    assert diagnostic["line"] == FAILING_LINE
    assert FAILURE in diagnostic["message"]
    [message] = [it for it in report["messages"] if "1 failed" in it]
    assert "pytest-run" in message
    assert FAILURE in message


def check_recorded(session: Session, *outcomes: tuple[str, str]) -> None:
    """Check that these runs, newest first, are in the history and no others."""
    runs = session.history()
    assert [(it["skill_name"], it["status"]) for it in runs] == list(outcomes)
    assert all(it["project"] == PROJECT.name for it in runs)


def check_picked_first(session: Session) -> None:
    """Check that the oldest run is recorded as the pick of the first entry of a menu."""
    first = session.history()[-1]
    assert first["selection_rank"] == 1
    assert "pytest-file" in first["alternatives_considered"]
