"""The tasks that a project already has, as skills. Their files are read, never run."""

from pathlib import Path

from skills_lsp.domain.skill import Catalogue, Problem, Skill
from skills_lsp.skills.tasks import just, make, node, nox, poe, precommit, tox
from skills_lsp.skills.tasks.task import Task, to_skill

_SOURCES = (node, make, just, tox, nox, poe, precommit)
MAX_TASKS = 500

WATCHED = tuple(name for source in _SOURCES for name in source.FILES)
"""The names of all files that tasks are read from."""


def load_tasks(workspace: Path) -> Catalogue:
    """Return the tasks of one workspace folder: scripts, targets, recipes, sessions, hooks."""
    skills: dict[str, Skill] = {}
    problems: list[Problem] = []
    for source in _SOURCES:
        tasks, found = source.read(workspace)
        problems += found
        for task in tasks:
            skill = to_skill(task, workspace)
            if isinstance(skill, Problem):
                problems.append(skill)
            else:
                skills.setdefault(skill.name, skill)
    kept = tuple(skills.values())
    if len(kept) > MAX_TASKS:
        message = f"has more than {MAX_TASKS} tasks; the rest is left out"
        problems.append(Problem(str(workspace), 0, message, is_error=False))
    return Catalogue(kept[:MAX_TASKS], tuple(problems))


__all__ = ["MAX_TASKS", "WATCHED", "Task", "load_tasks"]
