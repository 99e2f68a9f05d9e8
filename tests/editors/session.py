"""What every session of an editor needs: a small real project and an environment of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import psutil

PROJECT = Path(__file__).parents[1] / "projects" / "pytest-shop"
TEST_FILE = "tests/test_prices.py"
_LINES = (PROJECT / TEST_FILE).read_text(encoding="utf-8").splitlines()

# Lines from 1, as editors show them.
PASSING_TEST = _LINES.index("def test_nothing_costs_nothing():") + 1
FAILING_TEST = _LINES.index("def test_a_discount_is_taken_once():") + 1
FAILING_LINE = _LINES.index("    assert price == 270") + 1
ENDLESS_TEST = _LINES.index("def test_that_takes_for_ever():") + 1
PLACES = {
    "SESSION_FILE": TEST_FILE,
    "FAILING_LINE": str(FAILING_LINE),
    "PASSING_TEST": str(PASSING_TEST),
}
FAILURE = "assert 2700 == 270"

# Two cores shared with other work must do; a session takes about five seconds.
SESSION_SECONDS = 240


@dataclass(frozen=True)
class Session:
    """A project and an environment in which nothing of the user's own is read or written."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / PROJECT.name

    @property
    def environment(self) -> dict[str, str]:
        home = self.folder / "home"
        return {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "SKILLS_LSP_HOME": str(self.folder / "skills"),
            "VIRTUAL_ENV": sys.prefix,  # holds the pytest that the project's tests are run with
            # Those of the environment that the tests run in take four fifths of a run's time.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }

    def prepare(self) -> None:
        """Copy the project, and put a `skills-lsp` on PATH that starts the code under test."""
        shutil.copytree(PROJECT, self.project)
        program = self.folder / "bin" / "skills-lsp"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m skills_lsp "$@"\n')
        program.chmod(0o755)
        (self.folder / "home").mkdir()
        self.run("git", "init", "--quiet")

    def write(self, name: str, text: str) -> Path:
        """Write a file of the user's configuration."""
        path = self.folder / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the project to its end; it must end well, and in time."""
        done = subprocess.run(
            [str(it) for it in command],
            cwd=self.project,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SESSION_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}\n{done.stderr}"
        return done

    def report_of(self, *command: str | Path) -> dict[str, Any]:
        """Run an editor with a script that writes what it saw as JSON to $SESSION_REPORT."""
        path = self.folder / "report.json"
        done = self.run(*command, SESSION_REPORT=str(path), **PLACES)
        assert path.exists(), f"no report was written:\n{done.stdout}\n{done.stderr}"
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        assert not report.get("error"), f"{report['error']}\n{done.stdout}\n{done.stderr}"
        # Emacs in batch mode shows its messages there.
        return {"messages": done.stderr.splitlines(), **report}

    def history(self) -> list[dict[str, Any]]:
        """Return what was recorded, newest first."""
        done = self.run(self.folder / "bin" / "skills-lsp", "history", "--json")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def ratings(self) -> dict[str, float]:
        """Return how the user rated runs, by skill."""
        # The system's SQLite may be too old for the schema's views.
        with closing(apsw.Connection(str(self.folder / "skills" / "data" / "skills.db"))) as db:
            return dict(
                db.execute(
                    "SELECT i.skill_name, u.rating FROM skill_user_interactions AS u"
                    " JOIN skill_invocation AS i ON i.id = u.invocation_id"
                    " WHERE u.rating IS NOT NULL"
                )
            )

    def wait_for_file(self, name: str, seconds: float = 60) -> None:
        """Wait until a file is in the project."""
        until = time.monotonic() + seconds
        while not (self.project / name).exists():
            assert time.monotonic() < until, f"{name} was not written"
            time.sleep(0.05)

    def left_behind(self, seconds: float = 10) -> list[str]:
        """Return the processes of this session that are still there after a while."""
        mark, until = self.environment["SKILLS_LSP_HOME"], time.monotonic() + seconds
        while (left := _processes_with(mark)) and time.monotonic() < until:
            time.sleep(0.05)
        return left


def _processes_with(home: str) -> list[str]:
    left = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("SKILLS_LSP_HOME") == home:
                left.append(" ".join(process.cmdline()))
        except psutil.Error:  # gone meanwhile, or another user's
            continue
    return left
