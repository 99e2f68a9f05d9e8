"""Say how the server is: what ranks texts, what is known, what runs, and what is wrong."""

from dataclasses import dataclass
from typing import Any

from skills_lsp import __version__
from skills_lsp.app.app import App
from skills_lsp.reports.layout import plural

IS_DATA = True


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class Result:
    """The version, ``engine`` (a model's id, or ``words``), the number of skills, and the runs."""

    version: str
    session: str
    engine: str
    n_skills: int
    n_problems: int
    running: tuple[dict[str, Any], ...]
    has_history: bool
    message: str


async def op(app: App, _params: Params) -> Result:
    """Return the state."""
    meaning = app.knowledge.meaning
    engine = meaning.engine if meaning is not None else "words"
    catalogue = app.knowledge.catalogue
    running = tuple({"run": it.number, "skill": it.skill, "title": it.title} for it in app.jobs.all)
    has_history = app.store is not None
    message = f"skills-lsp {__version__}: {plural(len(catalogue.skills), 'skill')}"
    message += f", {plural(len(running), 'run')} going on." if running else ", nothing runs."
    if not has_history:
        message += " No history is kept: the database is not open."
    return Result(
        __version__,
        app.session_id,
        engine,
        len(catalogue.skills),
        len(catalogue.problems),
        running,
        has_history,
        message,
    )
