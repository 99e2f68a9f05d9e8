"""Run a skill at a place.

Answers as soon as the run has started, or with ``wait`` when it has ended. Progress, messages
and diagnostics go to the editor either way.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from skills_lsp.app import running
from skills_lsp.app.app import App
from skills_lsp.app.client import Level
from skills_lsp.app.document import Document
from skills_lsp.app.operations._places import place, skill_named
from skills_lsp.app.suggesting import suggest
from skills_lsp.errors import SkillsError, UsageError
from skills_lsp.text import Point, Span


@dataclass(frozen=True, slots=True)
class Params:
    """What to run, where, and from which list it was picked."""

    skill: str = ""
    """The name of the skill."""
    uri: str = ""
    """The document; empty for the place where suggestions were last asked for."""
    line: int = 0
    """The line, from 0."""
    character: int = 0
    """The character in the line, from 0, in the position encoding of the session."""
    end_line: int | None = None
    """The line where a selection ends, from 0; null without a selection."""
    end_character: int | None = None
    """The character where a selection ends."""
    offer: str = ""
    """The id of the list it was picked from, as a code action carries it."""
    rank: int | None = None
    """Its place in a list that has no id, 1 the top."""
    wait: bool = False
    """Answer when the run has ended, with its outcome, and not at its start."""


@dataclass(frozen=True, slots=True)
class Result:
    """What happened: ``status`` is "started", or how the run ended."""

    status: str
    skill: str
    message: str
    invocation: int | None = None
    outcome: dict[str, Any] | None = None


async def op(app: App, params: Params) -> Result:
    """Start a run; see the module."""
    if not params.skill:
        raise UsageError(
            "no-skill",
            "skills.run needs the name of a skill, and a uri and line to run it at.",
            "Pick one from the code actions, or see skills.listSkills.",
        )
    skill = skill_named(app, "skills.run", params.skill)
    end = None
    if params.end_line is not None:
        end = (params.end_line, params.end_character or 0)
    document, cursor, selection = await place(
        app, "skills.run", params.uri, params.line, params.character, end
    )
    request = request_at(app, skill, document, cursor, selection, params)
    if note := await asyncio.to_thread(running.unsaved_note, document):
        app.client.show(f"{skill.name}: {note}.", Level.WARNING)
    return await start(app, request, wait=params.wait)


def request_at(
    app: App,
    skill: Any,
    document: Document,
    cursor: Point,
    selection: Span | None,
    params: Params,
) -> running.Request:
    """Return the run with what else was on offer when it was picked."""
    suggested = suggest(app, document, cursor, selection)
    offer = app.offers.get(params.offer)
    if offer is not None and skill.name in offer.skills:
        names, strategy = offer.skills, offer.strategy
        rank: int | None = names.index(skill.name) + 1
    else:
        # Run by its name or a lens: no list was shown, so there is nothing that it was picked from.
        names, rank, strategy = (), params.rank, suggested.strategy
    others = tuple(name for name in names if name != skill.name)
    return running.Request(skill, suggested.context, rank, others, strategy, params.offer)


async def start(app: App, request: running.Request, *, wait: bool) -> Result:
    """Run a request in the background, or wait for its end."""
    skill = request.skill
    if wait:
        # A job as well, so that it can be stopped, and is when the server ends.
        job = app.jobs.start(skill.name, skill.title, running.perform(app, request))
        finished: running.Finished = await job.task
        outcome = finished.outcome
        return Result(
            outcome.status.value,
            skill.name,
            outcome.summary,
            finished.invocation_id,
            running.outcome_json(outcome),
        )

    async def work() -> Any:
        try:
            return await running.perform(app, request)
        except SkillsError as error:
            app.client.show(str(error), Level.ERROR)
            app.client.notify("refused", {"skill": skill.name, "message": str(error)})

    app.jobs.start(skill.name, skill.title, work())
    return Result("started", skill.name, f"{skill.name} runs; its result will be shown.")
