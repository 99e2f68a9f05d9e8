"""Compare how skills go with you and with everybody who is in the history.

Of skills with fewer users than the least group nothing is shown or kept. Users are known by hashes alone.
"""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.errors import UsageError
from skills_lsp.reports.baselines import (
    Community,
    baselines_charts,
    baselines_markdown,
    baselines_sentence,
)
from skills_lsp.store import Store, baselines, text, users
from skills_lsp.store.baselines import Baseline

_COMMAND = "skills.report.baselines"
LEAST_USERS = 5
"""Fewer could be recognised by what they use."""


@dataclass(frozen=True, slots=True)
class Params:
    """How much, and the least group."""

    limit: int = 30
    """How many skills to show, those with the most users first."""
    least_users: int = LEAST_USERS
    """How many users a skill needs, 5 or more."""


@dataclass(frozen=True, slots=True)
class Result:
    """The skills, those with the most users first; rates from 0 to 1, percentiles from 0 to 100."""

    message: str
    n_users: int
    skills: tuple[dict[str, Any], ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the baselines as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Compute the baselines anew, keep and return them."""
    if params.limit < 1:
        raise UsageError("bad-limit", f"{_COMMAND}: limit must be at least 1, not {params.limit}.")
    if params.least_users < LEAST_USERS:
        raise UsageError(
            "bad-group",
            f"{_COMMAND}: least_users must be at least {LEAST_USERS}, not {params.least_users}.",
            "Fewer people could be recognised by what they use.",
        )
    at = text.instant(app.now())
    nothing: tuple[tuple[Community, ...], int] = ((), 0)
    found, n_users = await app.stored(lambda store: _update(store, params.least_users, at), nothing)
    return Result(
        baselines_sentence(found, n_users, params.least_users),
        n_users,
        tuple({**asdict(it), "own": list(it.own), "own_rate": it.own_rate} for it in found),
        baselines_charts(found, params.limit),
        baselines_markdown(found, n_users, params.least_users, params.limit),
    )


def _update(store: Store, least: int, at: str) -> tuple[tuple[Community, ...], int]:
    none: tuple[dict[str, tuple[int, int]], int] = ({}, 0)
    me = users.own_id(store.path)
    found: list[Baseline] = store.change(lambda db: baselines.update(db, least, at))
    own, n_users = store.query(
        lambda db: (baselines.own_rates(db, me), baselines.n_users(db)), none
    )
    communities = [
        Community(
            it.skill,
            it.n_users,
            it.n_uses,
            it.completion_rate,
            it.mean_duration_seconds,
            it.phase,
            it.percentile,
            own.get(it.skill, (0, 0)),
        )
        for it in found
    ]
    return tuple(communities), n_users
