"""Emacs in batch mode: eglot of old and new, and lsp-mode, with the lines of the docs."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.editors.attach import lines_for
from tests.editors.expectations import check_picked_first, check_recorded, check_report
from tests.editors.installed import Version, editor, missing
from tests.editors.session import Session

pytestmark = pytest.mark.editor

HERE = Path(__file__).parent


def emacs_with(package: str, at_least: Version, below: Version = (1000, 0)) -> Path:
    """Return an Emacs that has a package, of itself or of the system."""
    program = editor("emacs", at_least, below)
    asked = [
        program,
        "--batch",
        "--eval",
        "(package-initialize)",
        "--eval",
        f"(require '{package})",
    ]
    done = subprocess.run(asked, capture_output=True, timeout=60, check=False)
    return program if done.returncode == 0 else missing(f"{package} for {program}")


def run(session: Session, program: Path, attach: str, script: str) -> dict:
    init = session.write(f".emacs.d/{attach}.el", lines_for(attach))
    return session.report_of(
        program, "--batch", "--eval", "(package-initialize)",
        "-l", init, "-l", HERE / "emacs_session.el", "-l", HERE / script,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at_least", "below"),
    # Eglot 1.9 resolves nothing: an action must be whole. From Emacs 29 on eglot is built in.
    [pytest.param((28, 0), (29, 0), id="28"), pytest.param((30, 0), (1000, 0), id="30")],
)
def test_eglot_lists_and_runs(session: Session, at_least: Version, below: Version) -> None:
    report = run(session, emacs_with("eglot", at_least, below), "eglot", "eglot_session.el")

    check_report(report)
    assert report["diagnostics"][0]["severity"] == "eglot-error"
    assert report["history"] .startswith("1 run")
    assert report["project"] == "pytest-shop"
    check_recorded(session, ("pytest-run", "failed"))
    check_picked_first(session)


def test_lsp_mode_lists_and_runs_and_draws_lenses(session: Session) -> None:
    program = emacs_with("lsp-mode", (28, 0), (29, 0))
    report = run(session, program, "lsp-mode", "lsp_mode_session.el")

    check_report(report)
    assert len(report["lenses"]) == 4
    assert all(re.fullmatch(r" *▶ Run this test", it) for it in report["lenses"])
    check_recorded(session, ("pytest-run", "failed"))
    check_picked_first(session)
