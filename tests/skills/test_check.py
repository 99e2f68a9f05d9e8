"""``skills check`` and ``skills new``."""

from pathlib import Path

import pytest

from skills_lsp.domain.skill import AgentPrompt, Command, Origin
from skills_lsp.errors import UsageError
from skills_lsp.skills import check, load_toml, template
from skills_lsp.skills.packaged import FOLDER

RUFF = (FOLDER / "ruff-check.toml").read_text()


def told(root: Path, *paths: Path) -> list[str]:
    return [
        f"{p.path.removeprefix(f'{root}/')}:{p.line}{'' if p.is_error else '?'} {p.message}"
        for p in check(paths or (root,))
    ]


def write(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_builtin_folder_is_clean() -> None:
    assert check([FOLDER]) == ()


def test_project_is_checked_in_all_its_places(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "not = [a skill")
    write(tmp_path, ".skills/bad.toml", "tilte = 1\n")
    write(tmp_path, ".agents/skills/x/SKILL.md", "---\nname: y\ndescription: d\n---\n")
    write(tmp_path, ".claude/skills/z/SKILL.md", "---\nname: z\n---\n")
    found = told(tmp_path)
    assert ".agents/skills/x/SKILL.md:2? name 'y' is not the folder's, 'x'" in found
    assert (
        ".claude/skills/z/SKILL.md:1 description is missing or empty, so the skill is left out"
        in found
    )
    assert ".skills/bad.toml:1 'tilte' is not known here; did you mean 'title'?" in found
    assert not any(line.startswith("pyproject") for line in found)


def test_clashes_with_each_other_and_with_the_package(tmp_path: Path) -> None:
    write(tmp_path, ".skills/a.toml", RUFF)
    write(tmp_path, ".skills/pytest-run.toml", RUFF.replace('shortcut = "ctrl+alt+l"\n', ""))
    found = told(tmp_path)
    assert any("ruff-check: the shortcut ctrl+alt+l already belongs to a" in row for row in found)
    assert any("this built-in skill is hidden by the project one" in row for row in found)


def test_single_files(tmp_path: Path) -> None:
    good = write(tmp_path, "my-skill.toml", template("my-skill", "command"))
    bad = write(tmp_path, "bad.toml", "x = 1")
    readme = write(tmp_path, "README.md", "x")
    assert told(tmp_path, good) == []
    assert any(row == "bad.toml:1 'x' is not known here" for row in told(tmp_path, bad, good))
    assert told(tmp_path, readme) == ["README.md:0 is neither a .toml file nor a SKILL.md"]
    assert told(tmp_path, tmp_path / "none.toml") == ["none.toml:0 does not exist"]
    assert told(tmp_path, tmp_path) == [":0? holds no skill"] or told(tmp_path, tmp_path)


def test_patterns_are_those_that_are_given(tmp_path: Path) -> None:
    path = write(tmp_path, "x.toml", template("x", "command"))
    (problem,) = check([path], ["test-function"])
    assert problem.message == "triggers: no pattern is called 'unused-import'"
    assert not problem.is_error


def test_same_file_given_twice_is_checked_once(tmp_path: Path) -> None:
    path = write(tmp_path, ".skills/x.toml", "y = 1")
    assert check([path, tmp_path, path]) == check([path])


@pytest.mark.parametrize(("kind", "action"), [("command", Command), ("agent", AgentPrompt)])
def test_new_skill_passes_its_own_check(tmp_path: Path, kind: str, action: type) -> None:
    text = template("my-skill", kind)
    skill, problems = load_toml("my-skill.toml", text, Origin.PROJECT)
    assert problems == ()
    assert skill is not None
    assert isinstance(skill.action, action)
    assert check([write(tmp_path, ".skills/my-skill.toml", text)]) == ()
    assert max(len(line) for line in text.splitlines()) <= 100


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("My Skill", "command", "'My Skill' is no skill name."),
        ("", "agent", "'' is no skill name."),
        ("../x", "agent", "'../x' is no skill name."),
        ("x", "shell", "'shell' is no kind of skill."),
    ],
)
def test_new_refuses_what_cannot_be(name: str, kind: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        template(name, kind)
    assert caught.value.message == message
    assert caught.value.hint
