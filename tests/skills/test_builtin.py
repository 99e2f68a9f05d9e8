"""The skills in the package: complete, well-formed, and read through a fresh index."""

import json
import shutil
from pathlib import Path

import pytest

from skills_lsp.domain.skill import AgentPrompt, Command, Scope, ToolKind
from skills_lsp.skills import builtin, packaged
from skills_lsp.skills.indexing import index_text
from skills_lsp.skills.merge import merge
from skills_lsp.skills.vocabulary import KNOWN_PATTERNS

SKILLS = builtin().by_name
COMMANDS = {name: s.action for name, s in SKILLS.items() if isinstance(s.action, Command)}

# The pattern ids that the requirements fix; each has to lead somewhere.
FIXED_PATTERNS = {
    "test-function", "async-test", "test-class", "test-suite", "test-fixture", "test-hook",
    "parametrized-test", "skipped-test", "async-function", "blocking-call-in-async",
    "missing-await", "dangling-task", "nested-event-loop", "floating-promise", "await-in-loop",
    "code-exec", "shell-injection", "deserialization", "unsafe-yaml", "hardcoded-secret",
    "tls-verify-off", "weak-hash", "tempfile", "sql-string", "debug-server", "bind-all",
    "request-timeout", "dom-injection", "insecure-random", "unused-import", "unsorted-imports",
    "star-import", "duplicate-import", "missing-docstring", "untyped-function", "sql-query",
    "complex-function",
}  # fmt: skip


def test_files_load_without_a_problem() -> None:
    catalogue = packaged.from_files()
    assert catalogue.problems == ()
    assert len(catalogue.skills) >= 45


def test_index_is_fresh() -> None:
    assert packaged.INDEX.read_text(encoding="utf-8") == index_text(), (
        "rewrite it: python -m skills_lsp.skills.indexing"
    )


def test_index_and_files_give_the_same_skills() -> None:
    assert builtin() == packaged.from_files()


def test_names_and_shortcuts_do_not_clash() -> None:
    assert merge([builtin()]).problems == ()


def test_index_that_misses_a_file_is_left_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(packaged.FOLDER, tmp_path / "builtin")
    added = tmp_path / "builtin" / "added-by-hand.toml"
    added.write_text((packaged.FOLDER / "ruff-check.toml").read_text().replace("ctrl+alt+l", ""))
    monkeypatch.setattr(packaged, "FOLDER", tmp_path / "builtin")
    monkeypatch.setattr(packaged, "INDEX", tmp_path / "builtin" / "index.json")
    assert "added-by-hand" in builtin().by_name


@pytest.mark.parametrize("text", ["", "[", "{}", "[1]", '[{"name": "x"}]', "\xff"])
def test_broken_index_is_left_aside(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index.json"
    index.write_bytes(text.encode("latin-1"))
    monkeypatch.setattr(packaged, "INDEX", index)
    assert set(builtin().by_name) == set(SKILLS)


@pytest.mark.parametrize(
    ("name", "shortcut"),
    [
        ("pytest-run", "ctrl+shift+t"),
        ("pytest-coverage", "ctrl+shift+u"),
        ("ruff-format", "ctrl+alt+f"),
        ("mypy-check", "ctrl+alt+m"),
        ("refactoring-agent", "ctrl+shift+r"),
        ("doc-generate", "ctrl+shift+d"),
        ("ruff-check", "ctrl+alt+l"),
    ],
)
def test_predefined_shortcuts(name: str, shortcut: str) -> None:
    assert SKILLS[name].shortcut == shortcut


def test_every_pattern_leads_to_a_skill() -> None:
    triggers = {trigger.pattern for skill in SKILLS.values() for trigger in skill.triggers}
    assert FIXED_PATTERNS <= KNOWN_PATTERNS
    assert FIXED_PATTERNS - triggers == set()


@pytest.mark.parametrize(
    ("pattern", "language", "first"),
    [
        ("test-function", "python", "pytest-run"),
        ("async-test", "python", "pytest-run"),
        ("async-function", "python", "asyncio-check"),
        ("code-exec", "python", "bandit-security"),
        ("unsorted-imports", "python", "import-sort"),
        ("unused-import", "python", "unused-imports"),
        ("missing-docstring", "python", "doc-generate"),
        ("complex-function", "python", "refactoring-agent"),
        ("code-exec", "javascript", "biome-security"),
        ("floating-promise", "typescript", "async-agent"),
    ],
)
def test_strongest_skill_of_a_pattern(pattern: str, language: str, first: str) -> None:
    strengths = {
        skill.name: trigger.strength
        for skill in SKILLS.values()
        for trigger in skill.triggers
        if trigger.pattern == pattern and (not skill.languages or language in skill.languages)
    }
    assert max(strengths, key=strengths.__getitem__) == first


def test_agent_skills_are_there_with_real_instructions() -> None:
    agents = {n: s.action for n, s in SKILLS.items() if isinstance(s.action, AgentPrompt)}
    assert {
        "refactoring-agent", "doc-generate", "test-creation-agent", "security-agent",
        "performance-agent", "explain-code",
    } <= set(agents)  # fmt: skip
    assert SKILLS["refactoring-agent"].kind == "refactor.rewrite"
    for action in agents.values():
        assert len(action.instructions.split()) > 100


@pytest.mark.parametrize("name", COMMANDS)
def test_command_reads_a_result_from_where_it_is_written(name: str) -> None:
    command = COMMANDS[name]
    texts = [*command.args, *(value for _, value in command.environment)]
    if any("{result}" in text for text in texts):
        assert command.result != "text"
    if SKILLS[name].scope is Scope.FILE and "{file}" not in texts:
        assert any("{file}" in text for text in texts)
    assert command.tool not in ("sh", "bash", "cmd", "powershell", "env", "xargs")


@pytest.mark.parametrize("name", COMMANDS)
def test_missing_tool_has_a_hint(name: str) -> None:
    command = COMMANDS[name]
    is_python_itself = command.tool in (
        "unittest", "doctest", "cProfile", "py_compile", "python", "pip",
    )  # fmt: skip
    assert command.install or (is_python_itself and not command.needs)


def test_javascript_runners_are_offered_only_where_they_are_used() -> None:
    runners = ("vitest", "jest", "mocha", "node-test", "playwright", "eslint", "prettier", "biome")
    for name, skill in SKILLS.items():
        if name.startswith(runners):
            assert skill.requires_packages or skill.requires_imports, name


def test_node_tools_come_from_the_project() -> None:
    for name, command in COMMANDS.items():
        if command.tool in ("vitest", "jest", "mocha", "eslint", "prettier", "biome", "tsc"):
            assert command.kind is ToolKind.NODE_TOOL, name


def test_index_holds_one_line_a_skill() -> None:
    lines = packaged.INDEX.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(SKILLS) + 2
    assert [json.loads(line.rstrip(","))["name"] for line in lines[1:-1]] == sorted(SKILLS)
