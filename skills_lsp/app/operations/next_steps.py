"""Suggest what to run after a skill, at the place where it ran."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations._places import place
from skills_lsp.app.suggesting import suggest
from skills_lsp.errors import UsageError
from skills_lsp.ide.explain import suggestion_json

IS_DATA = True


@dataclass(frozen=True, slots=True)
class Params:
    """What ran, and where."""

    skill: str = ""
    """The name of the skill that ran; it is no next step of itself."""
    uri: str = ""
    """The document; empty for the place where suggestions were last asked for."""
    line: int = 0
    """The line, from 0."""
    character: int = 0
    """The character in the line, from 0, in the position encoding of the session."""
    limit: int = 3
    """How many at most."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills that are most worth running next, best first; ``offer`` goes into skills.run."""

    suggestions: tuple[dict[str, Any], ...]
    offer: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Return the next steps. What cannot run here is left out."""
    if params.limit < 1:
        raise UsageError("bad-limit", "skills.nextSteps: limit must be at least 1.")
    document, cursor, selection = await place(
        app, "skills.nextSteps", params.uri, params.line, params.character
    )
    last_place = app.last_place
    found = suggest(
        app, document, cursor, selection, is_wanted=lambda it: it.skill.name != params.skill
    )
    # The user may have gone on: what is explained or run bare is where they are.
    app.last_place = last_place
    steps = [it for it in found.suggestions if it.skill.name not in found.blocked]
    shown = tuple(suggestion_json(it) for it in steps[: params.limit])
    message = f"Next: {shown[0]['title']}." if shown else "Nothing fits as the next step."
    return Result(shown, found.offer, message)
