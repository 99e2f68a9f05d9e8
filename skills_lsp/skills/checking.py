"""``skills check``: every mistake in skill files, found before anybody misses a skill."""

from collections.abc import Collection, Sequence
from pathlib import Path

from skills_lsp.domain.skill import Catalogue, Origin, Problem, Skill
from skills_lsp.skills.agent_skills import find_skill_files, load_skill_md
from skills_lsp.skills.collection import AGENT_FOLDERS, PROJECT_FOLDER
from skills_lsp.skills.definition import load_toml
from skills_lsp.skills.merge import merge
from skills_lsp.skills.packaged import FOLDER, builtin
from skills_lsp.skills.reading import SKILL_FILE_LIMIT_BYTES, read_text, shown


def check(paths: Sequence[Path], patterns: Collection[str]) -> tuple[Problem, ...]:
    """Return every mistake in the given files and folders, in the order of files and lines.

    A folder is one of skill files, one of ``SKILL.md`` folders, or a project that has both.
    """
    skills: list[Skill] = []
    problems: list[Problem] = []
    for path in dict.fromkeys(file for given in paths for file in _files(given, problems)):
        skill, found = _load(path, patterns)
        skills += [skill] if skill else []
        problems += found
    problems += _clashes(skills)
    return tuple(sorted(set(problems), key=lambda item: (item.path, item.line, item.message)))


def _files(path: Path, problems: list[Problem]) -> list[Path]:
    if not path.exists():
        problems.append(Problem(shown(path), 0, "does not exist"))
        return []
    if not path.is_dir():
        return [path]
    files = _files_in(path, problems)
    for folder in (PROJECT_FOLDER, *AGENT_FOLDERS):
        files += _files_in(path / folder, problems)
    if not files:
        problems.append(Problem(shown(path), 0, "holds no skill", is_error=False))
    return files


def _files_in(folder: Path, problems: list[Problem]) -> list[Path]:
    if not folder.is_dir():
        return []
    if (folder / "SKILL.md").is_file():
        return [folder / "SKILL.md"]
    # A project's own root may hold pyproject.toml and other TOML that is no skill.
    is_of_skills = folder.name in (PROJECT_FOLDER, "skills") or folder == FOLDER
    tomls = sorted(folder.glob("*.toml")) if is_of_skills else []
    found, mistakes = find_skill_files(folder) if folder.name == "skills" else ([], [])
    problems += mistakes
    return [*tomls, *found]


def _load(path: Path, patterns: Collection[str]) -> tuple[Skill | None, tuple[Problem, ...]]:
    if path.name == "SKILL.md":
        return load_skill_md(path, Origin.PROJECT)
    if path.suffix != ".toml":
        message = "is neither a .toml file nor a SKILL.md"
        return None, (Problem(shown(path), 0, message),)
    text = read_text(path, SKILL_FILE_LIMIT_BYTES)
    if isinstance(text, Problem):
        return None, (text,)
    return load_toml(str(path), text, Origin.PROJECT, patterns)


def _clashes(skills: Sequence[Skill]) -> tuple[Problem, ...]:
    """Return names and shortcuts that two of the skills, or a built-in one, lay claim to."""
    own = {skill.path for skill in skills}
    packaged = tuple(skill for skill in builtin().skills if skill.path not in own)
    return merge([Catalogue(tuple(skills)), Catalogue(packaged)]).problems
