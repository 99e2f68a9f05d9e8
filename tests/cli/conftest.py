"""A command line in a project of its own, with a home of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

BOOKSHOP = Path(__file__).parents[2] / "examples" / "bookshop"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def json_lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class CommandLine:
    """Runs ``python -m skills_lsp`` in a folder, as a person would."""

    folder: Path
    home: Path

    def environment(self, **others: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SKILLS_LSP", "PYTEST"))
        }
        venv = {"VIRTUAL_ENV": sys.prefix, "SKILLS_LSP_HOME": str(self.home)}
        return {**kept, **venv, "PYTHONIOENCODING": "utf-8", **others}

    def __call__(self, *arguments: str, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "skills_lsp", *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            timeout=60,
        )
        out, err = (it.decode("utf-8", "surrogateescape") for it in (done.stdout, done.stderr))
        assert "Traceback" not in err, err
        return Ran(done.returncode, out.replace(os.linesep, "\n"), err.replace(os.linesep, "\n"))

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return path


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """An empty project."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'p'\nversion = '1'\n")
    return CommandLine(folder, tmp_path / "home")


@pytest.fixture
def shop(tmp_path: Path) -> CommandLine:
    """The bookshop of the demo."""
    shutil.copytree(
        BOOKSHOP, tmp_path / "bookshop", ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    return CommandLine(tmp_path / "bookshop", tmp_path / "home")
