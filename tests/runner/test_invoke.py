"""From a skill to its outcome, with the real tools that the test environment has."""

import asyncio
import shutil
import sys
import tempfile
import venv
from pathlib import Path

import pytest

from skills_lsp import skills
from skills_lsp.domain.context import Context
from skills_lsp.domain.finding import Finding, Symbol
from skills_lsp.domain.invocation import Status
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import Command, FileKind
from skills_lsp.runner import plan as planning
from skills_lsp.runner.environment import Tool, environment_of
from skills_lsp.runner.invoke import run
from skills_lsp.text import Point, Span

CODE = """\
import pytest

def test_total():
    prices = [1, 2]
    assert sum(prices) == 4

class TestGroup:
    @pytest.mark.parametrize("n", [1, 2])
    def test_each(self, n):
        assert n < 3

def test_hangs():
    import os, time
    with open("pid", "w") as file:
        print(os.getpid(), file=file)
    time.sleep(1000)
"""


@pytest.fixture(autouse=True)
def temporary_folders(tmp_path_factory, monkeypatch):
    """Hold for every test here: a run leaves nothing in the folder for temporary files."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert [it.name for it in folder.iterdir() if it.name.startswith("skills-lsp")] == []


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "test_shop.py"
    path.write_text(CODE)
    (tmp_path / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\naddopts = '-p no:cacheprovider'\n"
    )
    return path


def context_at(path: Path, test_id: str = "", **fields) -> Context:
    span = Span(Point(0, 0), Point(99, 0))
    finding = Finding("test-function", "tests", span, test_id.rpartition("::")[2], "", test_id)
    given = {
        "uri": path.as_uri(),
        "path": str(path),
        "language": "python",
        "file_kind": FileKind.TEST,
        "workspace": str(path.parent),
        "project": "shop",
        "cursor": Point(1, 0),
        "findings": (finding,) if test_id else (),
    }
    return Context(**(given | fields))


async def outcome_of(name: str, context: Context, **options):
    environment = environment_of(context.path, context.workspace, configured_python=sys.executable)
    skill = skills.builtin().by_name[name]
    return await run(skill, context, environment, Settings(), **options)


async def test_a_failing_test_is_shown_at_its_line(file):
    outcome = await outcome_of("pytest-run", context_at(file, "test_total"))
    assert (outcome.status, outcome.exit_code) == (Status.FAILED, 1)
    assert outcome.error_type == "AssertionError"
    assert outcome.summary.startswith("1 failed: assert 3 == 4 (")
    (problem,) = outcome.problems
    assert (problem.path, problem.line) == (str(file), 4)


async def test_exactly_the_test_that_is_meant_is_run(file):
    outcome = await outcome_of("pytest-run", context_at(file, "TestGroup::test_each"))
    assert outcome.status is Status.PASSED
    assert outcome.summary.startswith("2 passed (")
    assert outcome.problems == ()


async def test_a_test_that_is_gone_is_an_error_that_names_it(file):
    outcome = await outcome_of("pytest-run", context_at(file, "test_gone"))
    assert outcome.status is Status.ERROR
    assert "not found" in outcome.summary
    assert "test_gone" in outcome.summary


async def test_a_file_that_does_not_parse_is_shown_at_its_line(file):
    file.write_text("def test_x(:\n    pass\n")
    outcome = await outcome_of("pytest-file", context_at(file))
    assert outcome.error_type == "SyntaxError"
    assert [(it.path, it.line) for it in outcome.problems] == [(str(file), 0)]


async def test_the_users_cancel_is_an_outcome(file, tmp_path):
    stop = asyncio.Event()
    running = asyncio.create_task(
        outcome_of("pytest-run", context_at(file, "test_hangs"), stop=stop)
    )
    for _ in range(500):
        if (tmp_path / "pid").exists():
            break
        await asyncio.sleep(0.02)
    stop.set()
    outcome = await running
    assert (outcome.status, outcome.error_type) == (Status.CANCELLED, "cancelled")


async def test_a_missing_tool_is_an_outcome_with_what_to_type(file, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    environment = environment_of(str(file), str(tmp_path))
    assert environment.venv == str(tmp_path / "venv")
    skill = skills.builtin().by_name["pytest-run"]
    outcome = await run(skill, context_at(file, "test_total"), environment, Settings())
    assert (outcome.status, outcome.error_type) == (Status.MISSING_TOOL, "missing-tool")
    assert outcome.summary == "pytest was not found in the project's Python environment."
    assert outcome.hint == "Install it: venv/bin/python -m pip install pytest"


async def test_ruff_and_mypy_find_what_is_there_to_find(file):
    file.write_text("import os\nx: int = 'a'\n")
    ruff = await outcome_of("ruff-check", context_at(file))
    assert ruff.status is Status.FAILED
    assert "F401" in {problem.code for problem in ruff.problems}
    mypy = await outcome_of("mypy-check", context_at(file))
    assert (mypy.status, mypy.problems[0].code) == (Status.FAILED, "assignment")
    file.write_text("x: int = 1\n")
    for name in ("ruff-check", "mypy-check"):
        outcome = await outcome_of(name, context_at(file))
        assert (outcome.status, outcome.summary) == (Status.PASSED, "no problems")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
async def test_nodes_own_runner_shows_a_failure_at_its_line(tmp_path):
    path = tmp_path / "sum.test.mjs"
    path.write_text(
        'import assert from "node:assert";\nimport { describe, it } from "node:test";\n'
        'describe("sum", () => {\n  it("adds", () => {\n    assert.strictEqual(1 + 2, 4);\n  });\n});\n'
    )
    outcome = await outcome_of("node-test-file", context_at(path, language="javascript"))
    assert (outcome.status, outcome.error_type) == (Status.FAILED, "AssertionError")
    (problem,) = outcome.problems
    assert (problem.path, problem.line, problem.column) == (str(path), 4, 11)


BUILTIN_COMMANDS = [
    pytest.param(skill, id=skill.name)
    for skill in skills.builtin().skills
    if isinstance(skill.action, Command)
]


@pytest.mark.parametrize("skill", BUILTIN_COMMANDS)
def test_every_built_in_command_can_be_planned(skill, file, monkeypatch):
    monkeypatch.setattr(planning, "find_tool", lambda command, *_: Tool((command.tool,)))
    span = Span(Point(0, 0), Point(99, 0))
    symbol = Symbol("function", "test_total", span, span)
    context = context_at(file, "test_total", symbols=(symbol,), selected_text="x")
    environment = environment_of(str(file), str(file.parent), configured_python=sys.executable)
    made = planning.plan(skill, context, environment, Settings(), result_folder="/r")
    assert not any("{" in argument and "}" in argument for argument in made.argv)
    machine = made.result not in (
        "text",
        "gcc-text",
        "tsc-text",
        "doctest-text",
        "python-traceback",
    )
    prints_it = [
        "--output-format=json",
        "--outputjson",
        "--json",
        "--reporter=json",
        "--format=sarif",
    ]
    if machine and not made.result_path:
        assert any(
            argument in prints_it or argument.startswith(("--reporter=", "--output", "-O"))
            for argument in made.argv
        ), made.argv
