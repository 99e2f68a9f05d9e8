"""Everything merged: who wins, what is told, and what bad files cost (only themselves)."""

import os
from pathlib import Path

import pytest

from skills_lsp.domain.skill import Catalogue, Command, Origin
from skills_lsp.skills import builtin, load, watched_globs
from skills_lsp.skills.packaged import FOLDER

RUFF = (FOLDER / "ruff-check.toml").read_text().replace('shortcut = "ctrl+alt+l"\n', "")


class Places:
    """A home, a configuration folder and a workspace, each in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home, self.config, self.workspace = root / "home", root / "config", root / "project"
        for folder in (self.home, self.config, self.workspace):
            folder.mkdir()

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def load(self, *more: Path) -> Catalogue:
        return load([self.workspace, *more], home=self.home, config_dir=self.config)

    def told(self) -> list[str]:
        return [
            f"{os.path.relpath(p.path, self.root)}:{p.line} {p.message}".replace(
                f"{self.root}/", ""
            )
            for p in self.load().problems
        ]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def skill_md(name: str, description: str = "Does it.") -> str:
    return f"---\nname: {name}\ndescription: {description}\n---\nGo.\n"


def test_empty_places_give_the_builtin_skills(places: Places) -> None:
    assert places.load() == builtin()


def test_each_place_is_read_with_its_origin(places: Places) -> None:
    places.write("project/.skills/a.toml", RUFF)
    places.write("project/.agents/skills/b/SKILL.md", skill_md("b"))
    places.write("project/.claude/skills/c/SKILL.md", skill_md("c"))
    places.write("config/skills/d.toml", RUFF)
    places.write("home/.agents/skills/e/SKILL.md", skill_md("e"))
    places.write("home/.claude/skills/f/SKILL.md", skill_md("f"))
    places.write("project/Makefile", "g:\n")
    catalogue = places.load()
    assert catalogue.problems == ()
    origins = {name: catalogue.by_name[name].origin for name in [*"abcdef", "make-g"]}
    assert origins == {
        "a": Origin.PROJECT, "b": Origin.PROJECT, "c": Origin.PROJECT,
        "d": Origin.USER, "e": Origin.USER, "f": Origin.USER, "make-g": Origin.TASK,
    }  # fmt: skip
    assert len(catalogue.skills) == len(builtin().skills) + 7


def test_project_before_user_before_builtin(places: Places) -> None:
    places.write("project/.skills/ruff-check.toml", RUFF)
    places.write("config/skills/ruff-check.toml", RUFF)
    places.write("home/.agents/skills/ruff-check/SKILL.md", skill_md("ruff-check"))
    assert places.load().by_name["ruff-check"].origin is Origin.PROJECT
    hidden = "is hidden by the project one of the same name in project/.skills/ruff-check.toml"
    assert places.told()[:2] == [
        f"config/skills/ruff-check.toml:0 ruff-check: this user skill {hidden}",
        f"home/.agents/skills/ruff-check/SKILL.md:0 ruff-check: this user skill {hidden}",
    ]
    assert places.told()[2].endswith(f"ruff-check.toml:0 ruff-check: this built-in skill {hidden}")
    assert not any(problem.is_error for problem in places.load().problems)


def test_within_a_place_toml_before_agents_before_claude(places: Places) -> None:
    places.write("project/.claude/skills/x/SKILL.md", skill_md("x", "third"))
    assert places.load().by_name["x"].description == "third"
    places.write("project/.agents/skills/x/SKILL.md", skill_md("x", "second"))
    assert places.load().by_name["x"].description == "second"
    places.write("project/.skills/x.toml", RUFF)
    assert not places.load().by_name["x"].is_agent_skill


def test_first_workspace_folder_wins(places: Places) -> None:
    other = places.root / "other"
    places.write("project/.agents/skills/x/SKILL.md", skill_md("x", "first"))
    places.write("other/.agents/skills/x/SKILL.md", skill_md("x", "second"))
    assert places.load(other).by_name["x"].description == "first"


def test_linked_folder_counts_once_and_silently(places: Places) -> None:
    places.write("project/.agents/skills/x/SKILL.md", skill_md("x"))
    places.write("project/.agents/skills/bad/SKILL.md", "no front matter")
    (places.workspace / ".claude").mkdir()
    (places.workspace / ".claude" / "skills").symlink_to(places.workspace / ".agents" / "skills")
    assert places.told() == [
        "project/.agents/skills/bad/SKILL.md:1 has no front matter; the first line must be ---"
    ]


def test_workspace_that_is_the_home_folder(places: Places) -> None:
    places.write("home/.agents/skills/x/SKILL.md", skill_md("x"))
    catalogue = load([places.home], home=places.home, config_dir=places.config)
    assert catalogue.problems == ()
    assert catalogue.by_name["x"].origin is Origin.PROJECT  # the more careful of the two


def test_task_takes_another_name_and_hides_nothing(places: Places) -> None:
    places.write("project/package.json", '{"scripts": {"audit": "x"}}')
    catalogue = places.load()
    assert catalogue.problems == ()
    assert catalogue.by_name["npm-audit"].origin is Origin.BUILTIN
    assert catalogue.by_name["npm-audit-task"].origin is Origin.TASK


def test_same_task_in_two_workspace_folders_runs_in_its_own(places: Places) -> None:
    places.write("project/Makefile", "x:\n")
    places.write("other/Makefile", "x:\n")
    catalogue = places.load(places.root / "other")
    folders = []
    for name in ("make-x", "make-x-task"):
        action = catalogue.by_name[name].action
        assert isinstance(action, Command)
        folders.append(Path(action.cwd).name)
    assert folders == ["project", "other"]


def test_shortcut_has_one_holder(places: Places) -> None:
    places.write(
        "project/.skills/mine.toml", RUFF.replace("scope", 'shortcut = "ctrl+shift+t"\nscope', 1)
    )
    catalogue = places.load()
    assert catalogue.by_name["mine"].shortcut == "ctrl+shift+t"
    assert catalogue.by_name["pytest-run"].shortcut == ""
    (problem,) = catalogue.problems
    assert problem.message == (
        "pytest-run: the shortcut ctrl+shift+t already belongs to mine in "
        f"{places.workspace}/.skills/mine.toml"
    )


def test_bad_files_cost_only_themselves(places: Places) -> None:
    places.write("project/.skills/good.toml", RUFF)
    places.write("project/.skills/broken.toml", "title = [")
    places.write("project/.skills/wrong.toml", RUFF.replace("scope =", "scoop ="))
    places.write("project/.skills/note.txt", "not a skill")
    folder = places.workspace / ".skills"
    (folder / "folder.toml").mkdir()
    (folder / "gone.toml").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.toml")
    (folder / "big.toml").write_bytes(b"#" * 10_000_000)
    (folder / "latin.toml").write_bytes(b'# ok\ntitle = "\xe4"\n')
    (folder / "nul.toml").write_bytes(b'title = "\x00"\n')
    told = [line.replace("project/.skills/", "") for line in places.told()]
    assert told == [
        "big.toml:0 is larger than 256 kB, the limit here",
        "broken.toml:1 is not valid TOML: Invalid value",
        "folder.toml:0 is a folder, where a file is expected",
        "gone.toml:0 cannot be read: No such file or directory",
        "latin.toml:2 is not UTF-8 text",
        next(line for line in told if line.startswith("nul.toml:1 is not valid TOML: ")),
        "pipe.toml:0 is not a regular file",
        f"wrong.toml:{_line(RUFF, 'scope =')} 'scoop' is not known here; did you mean 'scope'?",
    ]
    assert set(places.load().by_name) - set(builtin().by_name) == {"good"}


def test_unreadable_file_is_a_problem(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by its mode: who runs tests as root reads everything.
    places.write("project/.skills/x.toml", RUFF)

    opened = Path.open

    def refuse(self: Path, *args: str, **kwargs: str) -> object:
        if self.name == "x.toml":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert places.told() == ["project/.skills/x.toml:0 cannot be read: Permission denied"]


def test_file_names_that_are_no_text(places: Places) -> None:
    folder = os.fsencode(places.workspace / ".skills")
    (places.workspace / ".skills").mkdir()
    Path(os.fsdecode(folder + b"/\xff.toml")).write_text(RUFF)
    (problem,) = places.load().problems
    assert problem.message.endswith("is no skill name; call the file like 'pytest-run.toml'")
    (problem.path + problem.message).encode()  # a client can be told


def test_many_skill_files_are_bounded(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skills_lsp.skills.collection.MAX_SKILL_FILES", 3)
    for number in range(5):
        places.write(f"project/.skills/s{number}.toml", RUFF)
    assert places.told() == [
        "project/.skills:0 holds more than 3 skill files; the rest is left out"
    ]
    assert "s2" in places.load().by_name
    assert "s3" not in places.load().by_name


def test_watched_globs_name_every_source() -> None:
    globs = watched_globs()
    assert len(set(globs)) == len(globs)
    assert {"**/.skills/*.toml", "**/.agents/skills/**/SKILL.md", "**/package.json"} <= set(globs)
    assert {"**/noxfile.py", "**/tox.ini", "**/.pre-commit-config.yaml"} <= set(globs)


def test_start_path_imports_no_heavy_module() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from skills_lsp.skills import builtin; builtin();"
        "print([m for m in ('tomllib', 'yaml', 'ast', 'difflib', 'skills_lsp.skills.tasks',"
        " 'skills_lsp.skills.agent_skills', 'skills_lsp.skills.fields') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.replace("'ast', ", "").replace("'ast'", "")  # dataclasses imports inspect
    assert loaded == "[]\n"


def _line(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(start))
