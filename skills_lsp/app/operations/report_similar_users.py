"""Show how alike other users are, by the skills that they use; never who they are.

Nothing is shown about fewer than five others. What they used is read once an hour.
"""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations._others import asked
from skills_lsp.reports import users as report

__all__ = ["Params", "Result", "op"]


@dataclass(frozen=True, slots=True)
class Params:
    """Whom to compare, and how."""

    user: str = ""
    """The name of a user; empty for you."""
    limit: int = 10
    """How many at most."""
    min_common: int = 3
    """So many skills in common at least."""
    min_group: int = 5
    """Nothing is shown about fewer others than this; 5 at least."""


@dataclass(frozen=True, slots=True)
class Result:
    """The most similar users, without names or ids."""

    users: tuple[dict[str, Any], ...]
    n_others: int
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the report as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return how alike others are."""
    found = await asked(
        app,
        params.user,
        limit=params.limit,
        least_common=params.min_common,
        least_group=params.min_group,
    )
    if found.why_not:
        document = report.refusal("Users like you", found.why_not)
        return Result((), found.n_others, found.why_not, (), document)
    message = report.similar_sentence(found.users, found.n_others)
    charts = (report.similar_chart(found.users),) if found.users else ()
    document = report.similar_page(found.users, message)
    return Result(tuple(found.users), found.n_others, message, charts, document)
