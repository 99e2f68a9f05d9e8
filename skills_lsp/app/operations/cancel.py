"""Stop running skills: all, those of one name, or one run."""

from dataclasses import dataclass

from skills_lsp.app.app import App


@dataclass(frozen=True, slots=True)
class Params:
    """Which to stop; empty for all."""

    skill: str = ""
    """The name of a skill."""
    run: int = 0
    """The number of one run, as ``skills/started`` told it; 0 for any."""


@dataclass(frozen=True, slots=True)
class Result:
    """The names of the runs that were told to stop."""

    cancelled: tuple[str, ...]
    message: str


async def op(app: App, params: Params) -> Result:
    """Cancel the runs; each is recorded as cancelled once its process is gone."""
    chosen = [
        job
        for job in app.jobs.all
        if params.skill in ("", job.skill) and params.run in (0, job.number)
    ]
    for job in chosen:
        job.cancel()
    names = tuple(job.skill for job in chosen)
    message = f"Stopping {', '.join(names)}." if names else "Nothing is running."
    if not names:
        app.client.show(message)
    return Result(names, message)
