"""Run a skill at a place, from its plan to its outcome."""

import asyncio
import time
from collections.abc import Callable

from skills_lsp.domain.context import Context
from skills_lsp.domain.invocation import Outcome
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import Skill
from skills_lsp.errors import RunError
from skills_lsp.runner.environment import Environment
from skills_lsp.runner.outcome import failed_to_start, outcome_of
from skills_lsp.runner.plan import plan
from skills_lsp.runner.process import execute


async def run(
    skill: Skill,
    context: Context,
    environment: Environment,
    settings: Settings,
    *,
    on_output: Callable[[str], None] | None = None,
    stop: asyncio.Event | None = None,
) -> Outcome:
    """Run a skill to its end and return its outcome, also where it could not be started.

    The user's cancel is ``stop``: set it, and within about six seconds this returns an outcome
    CANCELLED. A cancellation of the *task* (the server shuts down) ends the processes likewise
    and then raises ``CancelledError``; who wants an outcome of it makes one.

    Parameters
    ----------
    on_output
        Called on the event loop with what the tool prints, piece by piece.
    """
    # Both are 5 ms that a server pays at its first run and not at its start.
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    started = time.monotonic()
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="skills-lsp-")
    try:
        # In threads, as both read files, and the plan may ask an interpreter for its paths.
        the_plan = await asyncio.to_thread(
            plan, skill, context, environment, settings, result_folder=folder
        )
        ran = await execute(the_plan, on_output=on_output, stop=stop)
        return await asyncio.to_thread(outcome_of, the_plan, ran)
    except RunError as error:
        return failed_to_start(error, time.monotonic() - started)
    finally:
        # Not in a thread: a cancelled task would not wait for it. It holds one small file.
        shutil.rmtree(folder, ignore_errors=True)
