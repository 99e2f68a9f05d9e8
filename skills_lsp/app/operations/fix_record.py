"""Tell what was tried against an issue, and whether it helped.

Runs of skills need not be told: the server sees by itself what went away.
"""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.app.operations._issues import issue_named
from skills_lsp.errors import UsageError
from skills_lsp.reports.fixes import named


@dataclass(frozen=True, slots=True)
class Params:
    """The issue, what was tried against it, and how that went."""

    strategy: str = ""
    """What was tried: the name of a skill, or any other words."""
    success: bool | None = None
    """Whether the issue went away."""
    message: str = ""
    """What was reported."""
    type: str = ""
    """Its code or exception, such as F401 or AssertionError."""
    tool: str = ""
    """The tool that reported it, such as ruff."""
    uri: str = ""
    """The document with a problem on show, instead of a message."""
    line: int = 0
    """The line of that problem, from 0."""
    key: str = ""
    """A name for the attempt: a second one of the same name is not counted."""


@dataclass(frozen=True, slots=True)
class Result:
    """Whether it was recorded; a key that is known already is not."""

    recorded: bool
    message: str


async def op(app: App, params: Params) -> Result:
    """Record an attempt."""
    if not params.strategy.strip():
        raise UsageError(
            "no-strategy", "skills.fix.record needs what was tried: a strategy, such as ruff-fix."
        )
    if params.success is None:
        raise UsageError(
            "no-success",
            "skills.fix.record needs to know whether it helped: success, true or false.",
        )
    told = (params.message, params.type, params.tool)
    issue = await issue_named(app, "skills.fix.record", told, params.uri, params.line)
    done = await app.fixes.tell(
        issue, params.strategy.strip(), success=params.success, key=params.key
    )
    if done is None:
        return Result(recorded=False, message="The attempt could not be written to the database.")
    helped = "helped" if params.success else "did not help"
    said = f"Recorded that it {helped} against {named(issue)}."
    if not done:
        said = f"An attempt with the key {params.key!r} was recorded before; nothing was changed."
    return Result(done, said)
