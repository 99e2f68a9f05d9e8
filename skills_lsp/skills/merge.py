"""Catalogues of different origin made one: who wins when two skills have one name or one key."""

from collections.abc import Iterable
from dataclasses import replace

from skills_lsp.domain.skill import Catalogue, Origin, Problem, Skill


def merge(layers: Iterable[Catalogue]) -> Catalogue:
    """Return all skills, the first of each name, with a warning for each that it hides.

    ``layers`` come strongest first. Tasks give way by taking another name.
    """
    by_name: dict[str, Skill] = {}
    problems: list[Problem] = []
    for layer in layers:
        problems += layer.problems
        for skill in layer.skills:
            holder = by_name.get(skill.name)
            if holder is None:
                by_name[skill.name] = skill
            elif skill.origin is Origin.TASK:
                renamed = _with_a_free_name(skill, by_name)
                by_name[renamed.name] = renamed
            else:
                problems.append(_hidden(skill, holder))
    skills, clashes = _with_one_holder_a_shortcut(by_name.values())
    return Catalogue(skills, (*problems, *clashes))


def _hidden(skill: Skill, holder: Skill) -> Problem:
    message = (
        f"{skill.name}: this {_whose(skill)} skill is hidden by the {_whose(holder)} one"
        f" of the same name in {holder.path}"
    )
    return Problem(skill.path, 0, message, is_error=False)


def _whose(skill: Skill) -> str:
    return "built-in" if skill.origin is Origin.BUILTIN else str(skill.origin)


def _with_a_free_name(skill: Skill, taken: dict[str, Skill]) -> Skill:
    name = f"{skill.name}-task"
    number = 2
    while name in taken:
        name = f"{skill.name}-task-{number}"
        number += 1
    return replace(skill, name=name)


def _with_one_holder_a_shortcut(skills: Iterable[Skill]) -> tuple[tuple[Skill, ...], list[Problem]]:
    holders: dict[str, Skill] = {}
    kept: list[Skill] = []
    problems: list[Problem] = []
    for skill in skills:
        holder = holders.setdefault(skill.shortcut, skill) if skill.shortcut else skill
        if holder is not skill:
            problems.append(_shortcut_taken(skill, holder))
            skill = replace(skill, shortcut="")  # noqa: PLW2901 - the same skill, without its key
        kept.append(skill)
    return tuple(kept), problems


def _shortcut_taken(skill: Skill, holder: Skill) -> Problem:
    message = (
        f"{skill.name}: the shortcut {skill.shortcut} already belongs to {holder.name}"
        f" in {holder.path}"
    )
    return Problem(skill.path, 0, message, is_error=False)
