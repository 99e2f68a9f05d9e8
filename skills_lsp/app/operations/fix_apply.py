"""Run what was recommended against a problem, and then look again whether it is gone.

This is what the quick fix on a problem does. Both runs are recorded, and the second one tells the
memory of fixes whether the first one helped.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from skills_lsp.app import running
from skills_lsp.app.app import App
from skills_lsp.app.client import Level
from skills_lsp.app.operations._issues import marks_at
from skills_lsp.app.operations._places import place, skill_named
from skills_lsp.app.operations.run import Result
from skills_lsp.app.suggesting import suggest
from skills_lsp.domain.invocation import Status
from skills_lsp.errors import SkillsError, UsageError
from skills_lsp.ide.fixes import ranked

STRATEGY = "fixes"
_DONE = frozenset({Status.PASSED, Status.FAILED, Status.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class Params:
    """The problem, and what to run against it."""

    skill: str = ""
    """The name of a skill; empty for the one that is recommended."""
    uri: str = ""
    """The document; empty for the place where suggestions were last asked for."""
    line: int = 0
    """The line of the problem, from 0."""
    check: str = ""
    """The skill that reported the problem; empty for that of the problem on the line."""
    wait: bool = False
    """Answer when all has ended, with the outcome of the look, and not at the start."""


async def op(app: App, params: Params) -> Result:
    """Start the fix; see the module."""
    command = "skills.fix.apply"
    marks = await marks_at(app, command, params.uri, params.line)
    if params.check:
        marks = [it for it in marks if it.skill == params.check]
    strategy = params.skill or _recommended(app, marks)
    skill = skill_named(app, command, strategy)
    document, cursor, _ = await place(app, command, params.uri, params.line, 0)
    context = suggest(app, document, cursor).context
    fix = running.Request(skill, context, strategy=STRATEGY)
    check = app.fixes.reporter(params.check or (marks[0].skill if marks else ""))

    if note := await asyncio.to_thread(running.unsaved_note, document):
        app.client.show(f"{skill.name}: {note}.", Level.WARNING)

    async def work() -> running.Finished:
        finished = await running.perform(app, fix)
        if check is None or check.skill.name == skill.name or finished.outcome.status not in _DONE:
            return finished
        return await running.perform(app, check)

    async def quietly() -> Any:
        try:
            return await work()
        except SkillsError as error:
            app.client.show(str(error), Level.ERROR)
            app.client.notify("refused", {"skill": skill.name, "message": str(error)})

    if not params.wait:
        app.jobs.start(skill.name, skill.title, quietly())
        return Result("started", skill.name, f"{skill.name} runs; then it is looked at again.")
    job = app.jobs.start(skill.name, skill.title, work())
    ended: running.Finished = await job.task
    outcome = ended.outcome
    return Result(
        outcome.status.value,
        skill.name,
        outcome.summary,
        ended.invocation_id,
        running.outcome_json(outcome),
    )


def _recommended(app: App, marks: list[Any]) -> str:
    skills = app.knowledge.catalogue.by_name
    for mark in marks:
        advice = app.fixes.advice_for(mark)
        for vote in ranked(advice.recommendation) if advice else ():
            if vote.strategy in skills:
                return vote.strategy
    raise UsageError(
        "no-fix",
        "Nothing is recommended against a problem here.",
        "Name a skill to run; whether it helps is remembered.",
    )
