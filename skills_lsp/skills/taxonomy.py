"""The taxonomy: categories, modalities and kinds of dependency, and where a skill stands in it."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Command, Modality, Skill

FILE = Path(__file__).with_name("taxonomy.toml")
SECOND_SHELF = 0.5
"""How well a skill fits a category that is not its own, 0 to 1; its own has 1."""

AGENT_OUTPUT = "agent-answer"
CHANGED = "changed-files"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category, and the skills of others that also stand there."""

    id: str
    name: str
    domain: str
    description: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A modality, or a kind of dependency, with what it means."""

    id: str
    description: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a skill stands: its categories with how well each fits, and what goes in and comes out."""

    skill: str
    categories: tuple[tuple[str, float], ...]
    modality: str
    input_format: str
    output_format: str
    requires_human_review: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of two skills before anybody used them."""

    first: str
    second: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All of it, with a place for each skill."""

    categories: tuple[Shelf, ...]
    modalities: tuple[Kind, ...]
    dependencies: tuple[Kind, ...]
    known: tuple[Known, ...]
    places: tuple[Place, ...]


def taxonomy(skills: Iterable[Skill]) -> Taxonomy:
    """Return the taxonomy with every one of these skills in its place."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    shelves = tuple(Shelf(**{**it, "also": tuple(it["also"])}) for it in data["category"])
    inputs = {it["id"]: it["input"] for it in data["modality"]}
    outputs = {reader: name for name, readers in data["outputs"].items() for reader in readers}
    return Taxonomy(
        shelves,
        tuple(Kind(it["id"], it["description"]) for it in data["modality"]),
        tuple(Kind(it["id"], it["description"]) for it in data["dependency"]),
        tuple(
            Known(first, second, kind, reason)
            for kind, rows in data["known"].items()
            for first, second, reason in rows
        ),
        tuple(
            _place(skill, shelves, inputs, outputs)
            for skill in sorted(skills, key=lambda it: it.name)
        ),
    )


def _place(
    skill: Skill, shelves: Iterable[Shelf], inputs: Mapping[str, Any], outputs: Mapping[str, str]
) -> Place:
    own = skill.category.value
    others = (it.id for it in shelves if skill.name in it.also and it.id != own)
    return Place(
        skill.name,
        ((own, 1.0), *((it, SECOND_SHELF) for it in others)),
        skill.modality.value,
        _input(skill, inputs),
        _output(skill, outputs),
        skill.requires_human_review,
    )


def _input(skill: Skill, inputs: Mapping[str, Any]) -> str:
    """Return what goes in: ``python-tests``, ``source``.

    >>> _languages(("javascript", "javascriptreact", "typescript", "typescriptreact"))
    'javascript'
    """
    what = str(inputs[skill.modality.value])
    languages = _languages(skill.languages)
    is_bound = languages and skill.modality is not Modality.DEPLOYMENT
    return f"{languages}-{what}" if is_bound else what


def _languages(languages: tuple[str, ...]) -> str:
    """Return the one language, JavaScript for its family; empty for any or several."""
    family = {it.removesuffix("react").replace("typescript", "javascript") for it in languages}
    if len(family) == 1:
        only_typed = all(it.startswith("typescript") for it in languages)
        return "typescript" if only_typed else family.pop()
    return ""


def _output(skill: Skill, outputs: Mapping[str, str]) -> str:
    if not isinstance(skill.action, Command):
        return AGENT_OUTPUT
    if skill.action.changes_files:
        return CHANGED
    return outputs.get(skill.action.result, "text")
