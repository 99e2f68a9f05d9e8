"""Run again what was run last, at the same place."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.app.operations.run import Result, start
from skills_lsp.app.running import Request
from skills_lsp.errors import UsageError


@dataclass(frozen=True, slots=True)
class Params:
    """Whether to answer at the start or at the end of the run."""

    wait: bool = False
    """Answer when the run has ended, with its outcome, and not at its start."""


async def op(app: App, params: Params) -> Result:
    """Start the last run again."""
    last = app.last_run
    if not isinstance(last, Request):
        raise UsageError(
            "nothing-to-rerun",
            "Nothing was run in this session yet.",
            "Run a skill from the code actions first.",
        )
    return await start(app, last, wait=params.wait)
