"""One TOML text: the skill it gives, or every mistake in it, by line."""

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skills_lsp.domain.skill import AgentPrompt, Command, Origin, Skill, Trigger
from skills_lsp.skills import load_toml
from skills_lsp.skills.fields import AGENT_FIELDS, COMMAND_FIELDS, SKILL_FIELDS
from skills_lsp.skills.packaged import files
from skills_lsp.skills.vocabulary import PLACEHOLDERS, RESULT_READERS

SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "skill.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

HEAD = """\
title = "Do it"
description = "Does it."
category = "testing"
modality = "code"
phase = "setup"
"""
RUN = '[run]\nkind = "program"\ntool = "make"\n'
GOOD = HEAD + RUN
LEAST: dict[str, Any] = {
    "title": "t", "description": "d", "category": "testing", "modality": "code", "phase": "setup",
}  # fmt: skip


def problems(text: str, name: str = "x.toml") -> str:
    """Return a text's problems as lines of ``line: message``, warnings marked."""
    _, found = load_toml(name, text, Origin.PROJECT)
    return "\n".join(f"{p.line}{'' if p.is_error else '?'}: {p.message}" for p in found)


def test_least_command_takes_every_default() -> None:
    skill, found = load_toml("a/do-it.toml", GOOD, Origin.USER)
    assert found == ()
    assert skill is not None
    assert skill.action == Command(kind=skill.action.kind, tool="make")  # type: ignore[union-attr]
    assert (skill.name, skill.origin, skill.path) == ("do-it", Origin.USER, "a/do-it.toml")
    defaults = Skill(*(getattr(skill, f) for f in (
        "name", "title", "description", "category", "modality", "phase", "action",
    )), origin=Origin.USER, path="a/do-it.toml")  # fmt: skip
    assert skill == defaults


def test_every_field_arrives() -> None:
    text = HEAD + (
        'languages = ["python"]\nscope = "symbol"\nfile_kind = "test"\n'
        'requires_files = ["*.x"]\nrequires_packages = ["p"]\nrequires_imports = ["m"]\n'
        'kind = "refactor.rewrite"\nshortcut = "shift+ctrl+y"\nkeywords = ["k"]\n'
        'estimated_duration_seconds = 3\nrequires_human_review = true\nsource = "https://x.org"\n'
        '[triggers]\ntest-class = 0.5\n[agent]\ninstructions = """\nGo.\n"""\n'
        'allowed_tools = ["Read"]\n'
    )
    skill, found = load_toml("x.toml", text, Origin.PROJECT)
    assert found == ()
    assert skill is not None
    assert skill.action == AgentPrompt("Go.", "", ("Read",))
    assert skill.triggers == (Trigger("test-class", 0.5),)
    assert skill.shortcut == "ctrl+shift+y"
    assert (skill.requires_files, skill.requires_packages, skill.requires_imports) == (
        ("*.x",), ("p",), ("m",),
    )  # fmt: skip
    assert skill.requires_human_review


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace("title", "titel"),
         "1: title is missing\n1: 'titel' is not known here; did you mean 'title'?"),
        (GOOD.replace('"testing"', '"testng"'),
         "3: category: 'testng' is not one of code-quality, testing, documentation,"
         " build-and-deploy, version-control, linting-and-formatting; did you mean 'testing'?"),
        (GOOD.replace('"Do it"', "7"), "1: title: must be text, not a number"),
        (GOOD.replace('"Do it"', '" "'), "1: title: is empty"),
        (GOOD.replace('"Do it"', '"a\\nb"'), "1: title: must be one line without control characters"),
        (GOOD.replace('"Do it"', f'"{"x" * 61}"'), "1: title: is longer than 60 characters"),
        (GOOD + 'args = ["{fiel}"]\n',
         "9: [run] args: {fiel} is no placeholder; did you mean 'file'?"),
        (GOOD + 'args = [\n  "a",\n  "{lien}",\n]\n',
         "11: [run] args: {lien} is no placeholder; did you mean 'line'?"),
        (GOOD + "args = [1]\n", "9: [run] args: has an entry that must be text, not a number"),
        (GOOD + 'result = "juint"\n',
         f"9: [run] result: 'juint' is not one of {', '.join(RESULT_READERS)};"
         " did you mean 'junit'?"),
        (GOOD + "timeout_seconds = 0\n",
         "9: [run] timeout_seconds: must be above 0 and at most 86400"),
        (GOOD + "timeout_seconds = nan\n",
         "9: [run] timeout_seconds: must be above 0 and at most 86400"),
        (GOOD + "ok_exit_codes = [true]\n",
         "9: [run] ok_exit_codes: has an entry that must be a whole number, not true or false"),
        (GOOD.replace('"make"', '"-x"'),
         "8: [run] tool: '-x' is no program name; it starts with no dash and holds no placeholder"),
        (HEAD + 'shortcut = "t"\n' + RUN,
         "6: shortcut: 't' is no shortcut; write it like 'ctrl+shift+t' or 'ctrl+k ctrl+g t'"),
        (HEAD + 'kind = "source.fixAll"\n' + RUN,
         "6: kind: 'source.fixAll' is no kind; write skill, quickfix, refactor or refactor.…"),
        (HEAD + 'requires_files = ["../x"]\n' + RUN,
         "6: requires_files: '../x' must be relative to the project, with '/' and without '..'"),
        (HEAD + "[triggers]\ntest-function = 2\n" + RUN,
         "7: triggers: 'test-function' must be above 0 and at most 1"),
        (HEAD + "[triggers]\ntest-funktion = 0.5\n" + RUN,
         "7?: triggers: no pattern is called 'test-funktion'; did you mean 'test-function'?"),
        (HEAD + 'languages = ["py"]\n' + RUN,
         "6?: languages: no editor says 'py'; did you mean 'python'?"),
        (HEAD, "1: has neither [run] nor [agent]; a skill has one of them"),
        (GOOD + '[agent]\ninstructions = "x"\n',
         "9: has both [run] and [agent]; a skill has one of them"),
        (HEAD + "run = 1\n", "6: run: must be a table"),
        ('name = "x"\n' + GOOD, "1: 'name' is not known here; the file's name is the skill's"),
        ("a = " + "[" * 100_000, "0: is nested too deeply"),
        ("a = " + "9" * 5_000, "0: is not valid TOML: a number is too long"),
        ("a." * 60_000 + "b = 1", "1: has more dots in a line than any key needs"),
        ("date = 2020-01-01\n" + GOOD, "1: 'date' is not known here"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_line(text: str, expected: str) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = '\x00'", 1), ("a = 1\nb = [\n", 3), ("a = 1\na = 2", 2), ("a = 1\n\n= 3", 3)],
)
def test_broken_toml_is_told_with_its_line(text: str, line: int) -> None:
    assert problems(text).startswith(f"{line}: is not valid TOML: ")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "x = [\n[" + " " * 200_000 + "\n1]]\n",
        HEAD + "x" * 200_000 + " = 1\n",
        HEAD + "\n".join("a." * 90 + f"k{n} = 1" for n in range(1_300)),
        HEAD + "keywords = [" + '"x",' * 60_000 + "]\n",
    ],
    ids=["blanks", "long key", "dotted keys", "long list"],
)
def test_hostile_toml_takes_no_time(text: str) -> None:
    start = time.process_time()
    assert problems(text)
    assert time.process_time() - start < 2.0


def test_file_name_is_the_name() -> None:
    assert problems(GOOD, "My Skill.toml") == (
        "1: 'My Skill' is no skill name; call the file like 'pytest-run.toml'"
    )


def test_warning_leaves_the_skill_usable() -> None:
    skill, found = load_toml("x.toml", HEAD + "[triggers]\nnew-one = 1\n" + RUN, Origin.PROJECT)
    assert skill is not None
    assert [problem.is_error for problem in found] == [False]
    again, none = load_toml(
        "x.toml", HEAD + "[triggers]\nnew-one = 1\n" + RUN, Origin.PROJECT, {"new-one"}
    )
    assert again == skill
    assert none == ()


# The schema says the same


def toml_data(path: Path) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_schema_accepts_every_builtin(path: Path) -> None:
    VALIDATOR.validate(toml_data(path))


def test_schema_has_every_field_with_a_description() -> None:
    top = SCHEMA["properties"]
    assert set(top) == {*SKILL_FIELDS, "run", "agent"}
    assert set(top["run"]["properties"]) == set(COMMAND_FIELDS)
    assert set(top["agent"]["properties"]) == set(AGENT_FIELDS)
    for table in (top, top["run"]["properties"], top["agent"]["properties"]):
        assert all(len(field["description"]) > 10 for field in table.values())
    args = top["run"]["properties"]["args"]["description"]
    assert all(f"{{{name}}}" in args for name in PLACEHOLDERS)


def test_fields_are_those_of_the_dataclasses() -> None:
    ours = {"name", "action", "origin", "path"}  # not the author's to say
    assert set(Skill.__dataclass_fields__) - ours == set(SKILL_FIELDS)
    assert set(Command.__dataclass_fields__) == set(COMMAND_FIELDS)
    assert set(AgentPrompt.__dataclass_fields__) - {"folder"} == set(AGENT_FIELDS)


@pytest.mark.parametrize(
    "change",
    [
        {"title": 1}, {"title": ""}, {"title": "a\nb"}, {"title": "x" * 61}, {"description": "x" * 1025},
        {"category": "x"}, {"modality": ""}, {"phase": None}, {"languages": "python"},
        {"languages": ["Python"]}, {"languages": ["x"] * 101}, {"triggers": []},
        {"triggers": {"A": 1}}, {"triggers": {"a": 0}}, {"triggers": {"a": 1.1}},
        {"triggers": {"a": "1"}}, {"triggers": {"a": True}}, {"scope": "module"},
        {"file_kind": "tests"}, {"requires_files": ["/etc"]}, {"requires_files": ["~/x"]},
        {"requires_files": ["a/../b"]}, {"requires_files": ["a\\b"]}, {"requires_packages": [""]},
        {"requires_imports": [1]}, {"kind": "source.x"}, {"kind": "skills"}, {"shortcut": "t"},
        {"shortcut": "shift+t"}, {"shortcut": "Ctrl+T"}, {"shortcut": "ctrl+"},
        {"shortcut": "ctrl+a b c d e"}, {"estimated_duration_seconds": -1},
        {"estimated_duration_seconds": True}, {"keywords": [""]}, {"requires_human_review": 1},
        {"source": "ftp://x"}, {"source": "javascript:x"}, {"surprise": 1}, {"run": None}, {"run": []},
        {"run": {}}, {"run": {"kind": "shell", "tool": "x"}}, {"run": {"kind": "program"}},
        {"run": {"kind": "program", "tool": "{file}"}}, {"run": {"kind": "program", "tool": "-c"}},
        {"args": "x"}, {"args": ["{nope}"]}, {"args": ["a{file}b{nope}"]}, {"args": ["a\x00"]},
        {"cwd": "{cwd}"}, {"result": "xml"}, {"ok_exit_codes": [256]}, {"ok_exit_codes": ["0"]},
        {"found_exit_codes": [-1]}, {"timeout_seconds": 0}, {"timeout_seconds": 1e9},
        {"changes_files": "yes"}, {"needs": ["a-b"]}, {"install": 1}, {"environment": {"A-B": "x"}},
        {"environment": {"A": 1}}, {"environment": {"A": "{x}"}}, {"agent": {"instructions": "x"}},
    ],
    ids=str,
)  # fmt: skip
def test_schema_and_loader_refuse_the_same(change: dict[str, Any]) -> None:
    run: dict[str, Any] = {"kind": "program", "tool": "make"}
    data: dict[str, Any] = {**LEAST, "run": run}
    for key, value in change.items():
        (run if key in COMMAND_FIELDS and key != "kind" else data)[key] = value
    from skills_lsp.skills.definition import _mistakes

    assert not VALIDATOR.is_valid(data)
    assert [m for m in _mistakes("x", data, ()) if m[3]] != []


@pytest.mark.parametrize(
    "change",
    [
        {"shortcut": ""}, {"shortcut": "f5"}, {"shortcut": "ctrl+k ctrl+g t"}, {"source": ""},
        {"shortcut": "alt+ctrl+-"}, {"kind": "quickfix"}, {"kind": "refactor.extract"},
        {"languages": []}, {"args": ["{a b}", "{'x': 1}", "{}", "@{u}"[:1], "", "${file}"]},
        {"environment": {"A": "{result}"}}, {"requires_files": ["**/*.x", "a..b"]},
        {"triggers": {"a-b": 1}}, {"timeout_seconds": 0.5}, {"title": "Überprüfe das …"},
    ],
    ids=str,
)  # fmt: skip
def test_schema_and_loader_accept_the_same(change: dict[str, Any]) -> None:
    run: dict[str, Any] = {"kind": "program", "tool": "make"}
    data: dict[str, Any] = {**LEAST, "run": run}
    for key, value in change.items():
        (run if key in COMMAND_FIELDS and key != "kind" else data)[key] = value
    from skills_lsp.skills.definition import _mistakes

    VALIDATOR.validate(data)
    assert [m for m in _mistakes("x", data, ()) if m[3]] == []


# Whatever the text, an answer


@given(st.text(max_size=300))
@example("\ud800")
@example('[run]\r\ntool = "\t"')
@example("[[run]]\n[[agent]]")
@example('"" = 1\n[""]\n"".b=1')
def test_any_text_gives_a_skill_or_a_problem(text: str) -> None:
    skill, found = load_toml("x.toml", text, Origin.PROJECT)
    assert skill is None
    assert found
    assert all(0 <= problem.line <= text.count("\n") + 2 for problem in found)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from([*SKILL_FIELDS, "run", "agent", "new"]), values)
def test_any_value_of_a_field_is_judged(field: str, value: Any) -> None:
    from skills_lsp.skills.definition import _mistakes

    data = {**LEAST, "run": {"kind": "program", "tool": "make"}, field: value}
    for _, _, message, _ in _mistakes("x", data, ()):
        assert isinstance(message, str)
        assert "\n" not in message
