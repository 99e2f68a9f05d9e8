"""All places that skills come from, in their order of strength."""

from collections.abc import Sequence
from os.path import realpath
from pathlib import Path

from skills_lsp.domain.skill import Catalogue, Origin, Problem, Skill
from skills_lsp.skills.agent_skills import load_agent_skills
from skills_lsp.skills.definition import load_toml
from skills_lsp.skills.merge import merge
from skills_lsp.skills.packaged import builtin
from skills_lsp.skills.reading import SKILL_FILE_LIMIT_BYTES, read_text, shown
from skills_lsp.skills.tasks import WATCHED, load_tasks

PROJECT_FOLDER = ".skills"
USER_FOLDER = "skills"
AGENT_FOLDERS = (".agents/skills", ".claude/skills")
MAX_SKILL_FILES = 1_000


def load_all(workspaces: Sequence[Path], *, home: Path, config_dir: Path) -> Catalogue:
    """Return every skill there is; see :func:`skills_lsp.skills.load`."""
    folders = list(dict.fromkeys(workspaces))
    written = [
        *(layer for folder in folders for layer in _place(folder, folder / PROJECT_FOLDER)),
        *_place(home, config_dir / USER_FOLDER, Origin.USER),
    ]
    tasks = [load_tasks(folder) for folder in folders]
    return merge([*_without_repeats(written), builtin(), *tasks])


def load_folder(folder: Path, origin: Origin) -> Catalogue:
    """Return the skills of the TOML files directly in a folder; an absent folder has none."""
    skills: list[Skill] = []
    problems: list[Problem] = []
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return Catalogue()
    except OSError as error:
        return Catalogue((), (Problem(shown(folder), 0, f"cannot be read: {error.strerror}"),))
    if len(files) > MAX_SKILL_FILES:
        message = f"holds more than {MAX_SKILL_FILES} skill files; the rest is left out"
        problems.append(Problem(shown(folder), 0, message))
    for path in files[:MAX_SKILL_FILES]:
        text = read_text(path, SKILL_FILE_LIMIT_BYTES)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        skill, found = load_toml(str(path), text, origin)
        skills += [skill] if skill else []
        problems += found
    return Catalogue(tuple(skills), tuple(problems))


def watched_globs() -> tuple[str, ...]:
    """Return the globs whose changes change the catalogue."""
    agents = tuple(f"**/{folder}/**/SKILL.md" for folder in AGENT_FOLDERS)
    tasks = tuple(f"**/{name}" for name in dict.fromkeys(WATCHED))
    return (f"**/{PROJECT_FOLDER}/*.toml", *agents, *tasks)


def _place(root: Path, tomls: Path, origin: Origin = Origin.PROJECT) -> list[Catalogue]:
    agents = [load_agent_skills(root / folder, origin) for folder in AGENT_FOLDERS]
    return [load_folder(tomls, origin), *agents]


def _without_repeats(layers: Sequence[Catalogue]) -> list[Catalogue]:
    """Leave out skills, and problems, of files that a stronger layer reached by another path."""
    seen: set[str] = set()
    kept: list[Catalogue] = []
    for layer in layers:
        paths = {*(skill.path for skill in layer.skills), *(item.path for item in layer.problems)}
        real = {path: realpath(path) for path in paths}
        skills = tuple(skill for skill in layer.skills if real[skill.path] not in seen)
        problems = tuple(item for item in layer.problems if real[item.path] not in seen)
        kept.append(Catalogue(skills, problems))
        seen.update(real.values())
    return kept
