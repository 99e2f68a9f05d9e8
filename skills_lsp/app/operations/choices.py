"""List what can be picked at a place: what is suggested there, then every skill that fits its language.

One answer for a client's list to pick from: phase, confidence, last result and keys of each skill.
"""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.offers import Showing
from skills_lsp.app.operations._places import place
from skills_lsp.app.operations.list_shortcuts import predefined
from skills_lsp.app.suggesting import suggest
from skills_lsp.domain.context import Memory, Record
from skills_lsp.domain.skill import Skill

IS_DATA = True


@dataclass(frozen=True, slots=True)
class Params:
    """The place; without a document all skills are listed and none is suggested."""

    uri: str = ""
    """The document."""
    line: int = 0
    """The line, from 0."""
    character: int = 0
    """The character in the line, from 0, in the position encoding of the session."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills: the suggested ones first, by rank, then the rest by name; ``offer`` goes into skills.run."""

    skills: tuple[dict[str, Any], ...]
    offer: str
    engine: str
    message: str


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys by skill: those that skills suggest, and those that the user gave."""

    predefined: dict[str, str]
    registered: dict[str, str]


async def op(app: App, params: Params) -> Result:
    """Return what can be picked."""
    catalogue = app.knowledge.catalogue
    nothing: dict[str, str] = {}
    registered = await app.stored(lambda store: store.shortcuts(), nothing)
    keys = _Keys(predefined(app), registered)
    if not params.uri:
        memory = app.knowledge.memory("", "")
        rest = sorted(catalogue.skills, key=lambda it: it.name)
        listed = tuple(_choice(it, keys, memory) for it in rest)
        return Result(listed, "", _engine(app), f"{len(listed)} skills.")
    document, cursor, selection = await place(
        app, "skills.choices", params.uri, params.line, params.character
    )
    found = suggest(app, document, cursor, selection, showing=Showing.OPENED)
    offered = tuple(
        {
            **_choice(it.skill, keys, found.memory),
            "rank": it.rank,
            "confidence": round(it.confidence, 4),
            "blocked": found.blocked.get(it.skill.name),
            "is_next": it.skill.name == found.step,  # stands first, whatever its confidence
        }
        for it in found.suggestions
    )
    availability = app.knowledge.availability(document.path)
    left_out = (
        {it["name"] for it in offered} | availability.unfit | set(app.settings.disabled_skills)
    )
    rest = sorted(
        (
            it
            for it in catalogue.skills
            if it.name not in left_out
            and (not it.languages or found.context.language in it.languages)
        ),
        key=lambda it: it.name,
    )
    others = tuple(
        {**_choice(it, keys, found.memory), "blocked": availability.blocked.get(it.name)}
        for it in rest
    )
    message = f"{len(offered)} suggested, {len(others)} more."
    return Result((*offered, *others), found.offer, _engine(app), message)


def _engine(app: App) -> str:
    meaning = app.knowledge.meaning
    return meaning.engine if meaning is not None else "words"


def _choice(skill: Skill, keys: _Keys, memory: Memory) -> dict[str, Any]:
    record = memory.here.get(skill.name, Record())
    last = None
    if record.last_status:
        last = {
            "status": record.last_status,
            "summary": record.last_summary,
            "ended_at": record.last_at,
        }
    return {
        "name": skill.name,
        "title": skill.title,
        "description": skill.description,
        "phase": skill.phase.value,
        "origin": skill.origin.value,
        "is_agent_skill": skill.is_agent_skill,
        "shortcut": keys.registered.get(skill.name) or keys.predefined.get(skill.name),
        "is_own_shortcut": skill.name in keys.registered,
        "rank": None,
        "confidence": None,
        "blocked": None,
        "last": last,
    }
