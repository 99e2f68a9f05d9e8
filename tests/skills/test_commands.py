"""Built-in commands run against the real tools that the development environment has."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from skills_lsp.domain.skill import Command, ToolKind
from skills_lsp.skills import builtin

SOURCE = '''\
"""A module with one of everything."""

import sys
import os


def double(value: int) -> str:
    """Return twice the value.

    >>> double(2)
    5
    """
    assert eval("1")
    return value * 2
'''
TESTS = """\
import unittest


def test_good() -> None:
    assert True


def test_bad() -> None:
    value = 2
    assert value == 3


class TestCase(unittest.TestCase):
    def test_method(self) -> None:
        self.assertEqual(1, 2)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "p"\nversion = "0"\n')
    (tmp_path / "source.py").write_text(SOURCE)
    (tmp_path / "test_it.py").write_text(TESTS)
    return tmp_path


def run(name: str, project: Path, file: str, **more: str) -> tuple[int, str, Command]:
    """Run a built-in skill's command as the runner would; return its exit code and its result."""
    command = builtin().by_name[name].action
    assert isinstance(command, Command)
    result = project / "result.out"
    values = {
        "file": str(project / file), "project": str(project), "workspace": str(project),
        "file_dir": str(project), "python": sys.executable, "result": str(result), **more,
    }  # fmt: skip

    def fill(text: str) -> str:
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", value)
        return text

    scripts = sysconfig.get_path("scripts")
    if command.kind is ToolKind.PYTHON_MODULE:
        start = [sys.executable, "-m", command.tool]
    else:
        start = [str(Path(scripts, command.tool))] if command.tool != "git" else ["git"]
    done = subprocess.run(
        [*start, *map(fill, command.args)],
        cwd=fill(command.cwd), capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode in (*command.ok_exit_codes, *command.found_exit_codes), done
    text = result.read_text() if result.exists() else done.stdout + done.stderr
    return done.returncode, text, command


@pytest.mark.parametrize(
    ("test_id", "code", "shown"),
    [
        ("test_good", 0, 'tests="1"'),
        ("test_bad", 1, "assert 2 == 3"),
        ("TestCase", 1, "test_method"),
        ("TestCase::test_method", 1, 'line="13"'),
    ],
)
def test_pytest_run_runs_exactly_one(project: Path, test_id: str, code: int, shown: str) -> None:
    exit_code, text, _ = run("pytest-run", project, "test_it.py", test_id=test_id)
    assert exit_code == code
    assert shown in text
    assert 'tests="1"' in text


@pytest.mark.parametrize(("name", "n_tests"), [("test_method", 1), ("TestCase", 1)])
def test_unittest_run_takes_a_method_and_a_case(project: Path, name: str, n_tests: int) -> None:
    exit_code, text, _ = run("unittest-run", project, "test_it.py", test_name=name)
    assert exit_code == 1
    assert f"Ran {n_tests} test" in text


@pytest.mark.parametrize(
    ("name", "file", "shown"),
    [
        ("pytest-file", "test_it.py", 'tests="3"'),
        ("pytest-coverage", "test_it.py", '"missing_lines"'),
        ("pytest-profile", "test_it.py", "test_bad"),
        ("doctest-run", "source.py", "Expected:"),
        ("ruff-check", "source.py", '"F401"'),
        ("import-sort", "source.py", "[]"),
        ("unused-imports", "source.py", "[]"),
        ("import-check", "source.py", '"I001"'),
        ("ruff-security", "source.py", '"S307"'),
        ("ruff-format", "source.py", ""),
        ("complexity-check", "source.py", "[]"),
        ("docstring-check", "test_it.py", '"D100"'),
        ("py-compile-check", "source.py", ""),
        ("mypy-check", "source.py", '"return-value"'),
    ],
)
def test_command_says_what_is_expected(project: Path, name: str, file: str, shown: str) -> None:
    before = (project / file).read_text()
    _, text, command = run(name, project, file)
    assert shown in text
    if not command.changes_files:
        assert (project / file).read_text() == before


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("git-status", "M source.py"),
        ("git-diff", "+tail"),
        ("git-blame-line", "A module"),
        ("git-log-line", "first"),
        ("git-log-file", "first"),
        ("git-conflicts", "source.py:16: leftover conflict marker"),
        ("git-grep-symbol", "source.py:7:"),
    ],
)
def test_git_commands(project: Path, name: str, shown: str) -> None:
    git = ["git", "-c", "user.name=n", "-c", "user.email=n@example.org"]
    for args in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *args], cwd=project, check=True, capture_output=True)
    with (project / "source.py").open("a") as file:
        file.write("tail = 1\n<<<<<<< HEAD\n")
    _, text, _ = run(name, project, "source.py", line="1", symbol="double")
    assert shown in text
