"""Emacs in batch mode: eglot of old and new, and lsp-mode, with the lines of the docs."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.editors.attach import lines_for
from tests.editors.expectations import check_picked_first, check_recorded, check_report
from tests.editors.installed import ANY, Version, editors, is_debian_12, missing
from tests.editors.session import Session

pytestmark = pytest.mark.editor

HERE = Path(__file__).parent


def emacs_with(package: str, at_least: Version, below: Version = ANY) -> Path:
    """Return an Emacs that has a package, as a part of it or from the system."""
    # The system's own first: packages of the system are made for it, and asking is slow.
    for program in reversed(editors("emacs", at_least, below)):
        asked = ["--eval", "(package-initialize)", "--eval", f"(require '{package})"]
        done = subprocess.run(
            [program, "--batch", *asked], capture_output=True, timeout=60, check=False
        )
        if done.returncode == 0:
            return program
    return missing(f"{package} for Emacs {at_least[0]}")


def run(session: Session, program: Path, attach: str, script: str) -> dict:
    init = session.write(f".emacs.d/{attach}.el", lines_for(attach))
    return session.report_of(
        program, "--batch", "--eval", "(package-initialize)",
        "-l", init, "-l", HERE / "emacs_session.el", "-l", HERE / script,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at_least", "below"),
    # Eglot 1.9 resolves nothing: an action must be whole. From Emacs 29 on eglot is built in.
    [pytest.param((28, 0), (29, 0), id="28"), pytest.param((30, 0), ANY, id="30")],
)
def test_eglot_lists_and_runs(session: Session, at_least: Version, below: Version) -> None:
    if below == (29, 0) and not editors("emacs", at_least, below) and not is_debian_12():
        pytest.skip("only Debian 12 has a package of Emacs 28")
    report = run(session, emacs_with("eglot", at_least, below), "eglot", "eglot_session.el")

    check_report(report)
    assert report["diagnostics"][0]["severity"] == "eglot-error"
    assert report["history"].startswith("1 run")
    assert report["project"] == "pytest-shop"
    check_recorded(session, ("pytest-run", "failed"))
    check_picked_first(session)


def test_lsp_mode_lists_and_runs_and_draws_lenses(session: Session) -> None:
    program = emacs_with("lsp-mode", (28, 0))
    report = run(session, program, "lsp-mode", "lsp_mode_session.el")

    check_report(report)
    assert len(report["lenses"]) == 4
    assert all(re.fullmatch(r" *▶ Run this test", it) for it in report["lenses"])
    check_recorded(session, ("pytest-run", "failed"))
    check_picked_first(session)
