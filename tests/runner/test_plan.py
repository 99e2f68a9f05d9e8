"""Placeholders are filled as data, each into its one argument."""

import json
import sys
from pathlib import Path

import pytest

from skills_lsp.domain.context import Context
from skills_lsp.domain.finding import Finding, Symbol
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import (
    AgentPrompt,
    Category,
    Command,
    FileKind,
    Modality,
    Phase,
    Skill,
    ToolKind,
)
from skills_lsp.errors import RunError
from skills_lsp.runner.environment import environment_of
from skills_lsp.runner.invoke import run
from skills_lsp.runner.placeholders import _VALUES
from skills_lsp.runner.plan import plan
from skills_lsp.skills.vocabulary import PLACEHOLDERS
from skills_lsp.text import Point, Span

NASTY_NAMES = [
    "plain.py",
    "two words.py",
    "semi;touch pwned;.py",
    "$(touch pwned).py",
    "`touch pwned`.py",
    'it\'s "quoted".py',
    "line\nbreak.py",
    "-rf.py",
    "--junitxml=pwned.py",
    "@arguments.py",
    "{file}{symbol}.py",
    "%s%n{0}.py",
    "*.py",
    "~root.py",
    "grün🎉.py",
]


def skill_of(*args: str, tool: str = sys.executable, **fields) -> Skill:
    command = Command(ToolKind.PROGRAM, tool, args, **fields)
    return skill_with(command)


def skill_with(action) -> Skill:
    return Skill(
        "s", "Title", "A description", Category.TESTING, Modality.TESTING, Phase.EXECUTION, action
    )


def context_at(path: Path | None, workspace: Path, line: int = 0, **fields) -> Context:
    given = {
        "uri": "file:///x",
        "path": str(path) if path else "",
        "language": "python",
        "file_kind": FileKind.TEST,
        "workspace": str(workspace),
        "project": "p",
        "cursor": Point(line, 0),
    }
    return Context(**(given | fields))


def span(first: int, last: int) -> Span:
    return Span(Point(first, 0), Point(last, 0))


def finding(test_id: str, first: int, last: int, pattern: str = "test-function") -> Finding:
    name = test_id.rpartition("::")[2]
    return Finding(pattern, "tests", span(first, first), name, "", test_id, span(first, last))


def plan_of(context: Context, *args: str, **fields):
    environment = environment_of(context.path, context.workspace)
    return plan(skill_of(*args, **fields), context, environment, Settings())


def filled(context: Context, *args: str, **fields) -> tuple[str, ...]:
    return plan_of(context, *args, **fields).argv[1:]


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "pkg" / "mod.py"
    path.parent.mkdir()
    (path.parent / "__init__.py").write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    path.write_text("grün = 1\n")
    return path


def test_the_vocabulary_of_skill_files_names_exactly_the_placeholders():
    assert set(PLACEHOLDERS) == set(_VALUES)


def test_each_place_has_its_value(file, tmp_path):
    context = context_at(file, tmp_path, cursor=Point(0, 5), selected_text="a b")
    wanted = {
        "{file}": str(file),
        "{file_name}": "mod.py",
        "{file_dir}": str(file.parent),
        "{relative_file}": "pkg/mod.py",
        "{line}": "1",
        "{column}": "5",  # the ü before it is two bytes and one character
        "{module}": "pkg.mod",
        "{selection}": "a b",
        "{workspace}": str(tmp_path),
        "{project}": str(tmp_path),
        "--x={line}:{column}": "--x=1:5",
    }
    assert dict(zip(wanted, filled(context, *wanted), strict=True)) == wanted


def test_relative_paths_start_at_the_folder_the_command_runs_in(file, tmp_path):
    context = context_at(file, tmp_path)
    assert filled(context, "{relative_file}", cwd="{file_dir}") == ("mod.py",)


@pytest.mark.parametrize("name", NASTY_NAMES)
async def test_odd_file_names_reach_the_tool_as_data(tmp_path, name):
    path = tmp_path / name
    path.write_text("")
    recorder = tmp_path / "recorder"
    recorder.write_text("import json, sys; print(json.dumps(sys.argv[1:]))")
    skill = skill_of(str(recorder), "{file}", "{relative_file}", "--file={file_name}")
    context = context_at(path, tmp_path)
    environment = environment_of(context.path, context.workspace)
    outcome = await run(skill, context, environment, Settings())
    whole, relative, option = json.loads(outcome.output)
    assert whole == str(path)
    assert relative.removeprefix("./") == name
    assert not relative.startswith(("-", "@"))
    assert option == f"--file={name}"
    assert sorted(it.name for it in tmp_path.iterdir()) == sorted([name, "recorder"])


@pytest.mark.parametrize("template", ["{symbol}", "{selection}", "{test_id}", "{test_name}"])
def test_a_value_that_would_become_an_option_is_refused(file, tmp_path, template):
    symbol = Symbol("function", "--eval=evil", span(0, 1), span(0, 0))
    context = context_at(file, tmp_path, symbols=(symbol,), selected_text="--eval=evil")
    with pytest.raises(RunError) as caught:
        filled(context, template)
    assert caught.value.slug == "unsafe-argument"
    assert filled(context, f"x={template}") == ("x=--eval=evil",)


def test_values_are_never_filled_again(file, tmp_path):
    context = context_at(file, tmp_path, selected_text="{file} {symbol}")
    assert filled(context, "{selection}") == ("{file} {symbol}",)


def test_braces_that_are_not_ours_stay(file, tmp_path):
    context = context_at(file, tmp_path)
    wanted = ("@{upstream}", "stash@{0}", "{}", "{unknown_name}", "--format={{json .}}")
    assert filled(context, *wanted) == wanted


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_text_that_no_program_can_be_given_is_refused(file, tmp_path, text):
    with pytest.raises(RunError) as caught:
        filled(context_at(file, tmp_path, selected_text=text), "{selection}")
    assert caught.value.slug == "unsafe-argument"


def test_an_argument_beyond_the_systems_limit_is_refused(file, tmp_path):
    with pytest.raises(RunError) as caught:
        filled(context_at(file, tmp_path, selected_text="x" * 200_000), "{selection}")
    assert caught.value.slug == "argument-too-long"


@pytest.mark.parametrize(
    ("template", "slug"),
    [
        ("{file}", "no-file"),
        ("{symbol}", "no-symbol-here"),
        ("{test_id}", "no-test-here"),
        ("{selection}", "no-selection"),
        ("{module}", "no-file"),
    ],
)
def test_a_place_without_what_is_asked_for_says_so(tmp_path, template, slug):
    with pytest.raises(RunError) as caught:
        filled(context_at(None, tmp_path), template)
    assert caught.value.slug == slug


def test_a_file_that_was_never_saved_is_not_run(tmp_path):
    with pytest.raises(RunError) as caught:
        filled(context_at(tmp_path / "new.py", tmp_path), "{file}")
    assert (caught.value.slug, caught.value.hint) == ("no-file", "Save it first.")


def test_without_a_folder_there_is_no_workspace():
    with pytest.raises(RunError) as caught:
        plan_of(context_at(None, ""))
    assert caught.value.slug == "no-workspace"


@pytest.mark.parametrize(
    ("line", "test_id"),
    [(0, "TestA"), (1, "TestA"), (3, "TestA::test_x"), (7, "TestA::test_y"), (9, "TestA")],
)
def test_the_innermost_test_around_the_cursor_is_meant(file, tmp_path, line, test_id):
    findings = (
        finding("TestA", 0, 10, "test-class"),
        finding("TestA::test_x", 2, 5),
        finding("TestA::test_y", 6, 8),
    )
    context = context_at(file, tmp_path, line, findings=findings)
    assert filled(context, "{file}::{test_id}") == (f"{file}::{test_id}",)


def test_without_a_finding_the_definitions_of_a_test_file_are_meant(file, tmp_path):
    symbols = (
        Symbol("class", "TestA", span(0, 9), span(0, 0)),
        Symbol("method", "test_x", span(1, 2), span(1, 1)),
    )
    context = context_at(file, tmp_path, symbols=symbols)
    assert filled(context, "{test_id}", "{test_name}") == ("TestA::test_x", "test_x")


def test_in_a_source_file_a_function_is_no_test(file, tmp_path):
    symbols = (Symbol("function", "f", span(0, 9), span(0, 0)),)
    context = context_at(file, tmp_path, symbols=symbols, file_kind=FileKind.SOURCE)
    with pytest.raises(RunError) as caught:
        filled(context, "{test_id}")
    assert caught.value.slug == "no-test-here"


@pytest.mark.parametrize(
    ("pattern", "title", "regex"),
    [
        ("test-function", "sum adds (1 + 2)?", r"^sum adds \(1 \+ 2\)\?$"),
        ("test-function", "reads a/b [c] {d} ^ \\ |.", r"^reads a\/b \[c\] \{d\} \^ \\ \|\.$"),
        ("test-suite", "sum", "^sum "),
        (
            "parametrized-test",
            "adds %i + $name to ${x + 1}",
            r"^adds [\s\S]* \+ [\s\S]* to [\s\S]*$",
        ),
    ],
)
def test_a_title_becomes_a_regular_expression_for_itself(file, tmp_path, pattern, title, regex):
    findings = (finding(title, 0, 3, pattern),)
    context = context_at(file, tmp_path, 1, findings=findings, language="typescript")
    assert filled(context, "{test_name_regex}") == (regex,)


def test_a_title_alone_is_a_regular_expression_too(file, tmp_path):
    found = finding("sum adds (1 + 2)?", 0, 3, "test-function")
    context = context_at(file, tmp_path, 1, findings=(found,), language="typescript")
    assert filled(context, "{test_title_regex}") == (r"^sum adds \(1 \+ 2\)\?$",)


def test_a_file_that_cannot_be_imported_by_name_has_no_module(tmp_path):
    path = tmp_path / "my-script.py"
    path.write_text("")
    with pytest.raises(RunError) as caught:
        filled(context_at(path, tmp_path), "{module}")
    assert caught.value.slug == "no-module"


def test_the_module_of_a_src_layout_starts_below_src(tmp_path):
    path = tmp_path / "src" / "shop.py"
    path.parent.mkdir()
    path.write_text("")
    assert filled(context_at(path, tmp_path), "{module}") == ("shop",)


def test_a_missing_tool_is_named_with_what_to_type(file, tmp_path):
    skill = skill_of(tool="no-such-tool-anywhere", install="apt install no-such-tool")
    context = context_at(file, tmp_path)
    with pytest.raises(RunError) as caught:
        plan(skill, context, environment_of(str(file), str(tmp_path)), Settings())
    assert caught.value.slug == "missing-tool"
    assert str(caught.value) == (
        "no-such-tool-anywhere was not found on PATH. Install it: apt install no-such-tool"
    )


def test_the_users_python_variables_are_left_as_they_are(file, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/some/where")
    monkeypatch.setenv("FORCE_COLOR", "1")
    env = plan_of(context_at(file, tmp_path)).env
    assert env["PYTHONPATH"] == "/some/where"
    assert "FORCE_COLOR" not in env
    assert env["NO_COLOR"] == "1"


def test_the_users_time_limit_goes_before_the_skills_own(file, tmp_path):
    context = context_at(file, tmp_path)
    environment = environment_of(str(file), str(tmp_path))
    skill = skill_of(timeout_seconds=60.0)
    assert plan(skill, context, environment, Settings()).timeout_seconds == 60
    limited = plan(skill, context, environment, Settings(timeout_seconds=5.0))
    assert limited.timeout_seconds == 5


def test_an_agent_gets_its_prompt_as_one_argument(file, tmp_path):
    symbol = Symbol("function", "total", span(0, 1), span(0, 0))
    context = context_at(file, tmp_path, symbols=(symbol,), selected_text="x = `1`\n```\n")
    skill = skill_with(AgentPrompt("--help me $(now)", folder="/skills/s"))
    settings = Settings(agent_command=(sys.executable, "-p", "{prompt}"))
    environment = environment_of(str(file), str(tmp_path))
    made = plan(skill, context, environment, settings)
    assert made.argv[:2] == (sys.executable, "-p")
    text = made.argv[2]
    assert text.startswith("# Title\n\n--help me $(now)\n")
    assert f"- File: {file}:1\n- In: function total\n" in text
    assert "````python\nx = `1`\n```\n\n````" in text


def test_without_an_agent_command_an_agent_skill_cannot_run(file, tmp_path):
    context = context_at(file, tmp_path)
    environment = environment_of(str(file), str(tmp_path))
    with pytest.raises(RunError) as caught:
        plan(skill_with(AgentPrompt("do")), context, environment, Settings())
    assert caught.value.slug == "no-agent-command"
