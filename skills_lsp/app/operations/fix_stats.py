"""Say what the memory of fixes holds, and how each strategy has gone."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.fix import Totals
from skills_lsp.errors import UsageError
from skills_lsp.reports.fixes import stats_charts, stats_page, stats_sentence
from skills_lsp.store.fix_questions import totals

_MAX_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Params:
    """How much of it."""

    limit: int = 20
    """How many strategies and types of issues at most, 1 to 1,000."""


@dataclass(frozen=True, slots=True)
class Result:
    """The counts, and the same as a document."""

    n_issues: int
    n_open: int
    n_attempts: int
    n_successes: int
    strategies: tuple[dict[str, Any], ...]
    types: tuple[dict[str, Any], ...]
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the effectiveness as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the figures."""
    if not 0 < params.limit <= _MAX_LIMIT:
        raise UsageError("bad-limit", f"The limit must be 1 to {_MAX_LIMIT}, not {params.limit}.")
    nothing = Totals()
    found = await app.stored(
        lambda store: store.query(lambda db: totals(db, params.limit), nothing), nothing
    )
    return Result(
        found.n_issues,
        found.n_open,
        found.n_attempts,
        found.n_successes,
        tuple(asdict(it) for it in found.strategies),
        tuple(
            {"tool": tool, "type": kind, "n_issues": n_issues, "n_runs": n_runs}
            for tool, kind, n_issues, n_runs in found.types
        ),
        stats_sentence(found),
        stats_charts(found),
        stats_page(found, app.now()),
    )
