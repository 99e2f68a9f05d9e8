"""Show what users like you use and you do not, best first.

Nothing is shown about fewer than five others, nor a skill that fewer than five use. Who has used nothing
yet sees what is used most.
"""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations._others import asked, everybody_but, own_of
from skills_lsp.reports import users as report

__all__ = ["Params", "Result", "op"]


@dataclass(frozen=True, slots=True)
class Params:
    """For whom, and how many."""

    user: str = ""
    """The name of a user; empty for you."""
    limit: int = 10
    """How many skills at most."""
    min_common: int = 3
    """Users count as similar with so many skills in common at least."""
    min_group: int = 5
    """Nothing is shown about fewer others than this; 5 at least."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills that others use, best first."""

    skills: tuple[dict[str, Any], ...]
    n_others: int
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the report as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return what others use."""
    found = await asked(
        app,
        params.user,
        limit=params.limit,
        least_common=params.min_common,
        least_group=params.min_group,
    )
    if found.why_not and found.why_not != report.NO_OWN:
        document = report.refusal("Used by others", found.why_not)
        return Result((), found.n_others, found.why_not, (), document)
    own = await own_of(app, params.user)
    totals = (await everybody_but(app, own.user)).totals
    skills = report.recommended(found.votes, totals, found.own, params.min_group)[: params.limit]
    message = report.recommended_sentence(skills, found.n_others)
    charts = (report.recommended_chart(skills),) if skills else ()
    document = report.recommended_page(skills, message, found.n_others)
    return Result(tuple(map(asdict, skills)), found.n_others, message, charts, document)
