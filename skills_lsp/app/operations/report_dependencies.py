"""Show which skills are used together, and which follow which.

Compared are sessions: lift says how many times as often as by chance two skills share one. What the
taxonomy knows beforehand is shown until use says it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.upkeep import count_sessions, load_taxonomy
from skills_lsp.errors import UsageError
from skills_lsp.reports import dependencies as report
from skills_lsp.reports.layout import nothing_sentence
from skills_lsp.store import Store
from skills_lsp.store import dependencies as counts

__all__ = ["ARGUMENT", "Params", "Result", "op"]

ARGUMENT = "skill"
_MAX_LIMIT = 1_000
_COUNT_SECONDS = 2.0
"""Sessions that no server has counted yet (an import) are counted for so long, before reading."""


@dataclass(frozen=True, slots=True)
class Params:
    """Which skill, and how many pairs."""

    skill: str = ""
    """Only the pairs with this skill; empty for all."""
    limit: int = 30
    """How many pairs at most, 1 to 1,000."""
    project: str = ""
    """Only the newest 2,000 sessions of one project; empty for all sessions."""


@dataclass(frozen=True, slots=True)
class Result:
    """The pairs that surely depend on each other, the surest first."""

    dependencies: tuple[dict[str, Any], ...]
    known: tuple[dict[str, Any], ...]
    n_sessions: int
    n_pairs: int
    n_pending: int
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the report as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return what goes with what."""
    if not 0 < params.limit <= _MAX_LIMIT:
        raise UsageError("bad-limit", f"limit must be 1 to {_MAX_LIMIT:,}, not {params.limit}.")
    await load_taxonomy(app)
    await count_sessions(app, _COUNT_SECONDS)
    read = await app.stored(lambda store: _read(store, params), _Read())
    network, sure = read.network, read.shown
    nothing: tuple[tuple[str, str, str, str], ...] = ()
    known = await app.stored(lambda store: store.query(counts.known, nothing), nothing)
    said = {frozenset((it.first, it.second)) for it in sure}
    still = [
        report.Known(*it)
        for it in known
        if frozenset(it[:2]) not in said and params.skill in ("", *it[:2])
    ]
    if network.n_sessions or params.project:
        counted = report.Counted(
            network.n_sessions, network.n_pairs, read.n_sure, network.n_pending
        )
        message = report.sentence(sure, counted, params.skill, params.project)
        document = report.page(sure, still, network.n_sessions, message)
    else:
        document = report.empty_page(still)
        message = nothing_sentence()
    return Result(
        tuple(asdict(it) for it in sure),
        tuple(asdict(it) for it in still),
        network.n_sessions,
        network.n_pairs,
        network.n_pending,
        message,
        (report.chart(sure),) if sure else (),
        document,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """The counts, how many pairs surely depend on each other, and what those to be shown say."""

    network: counts.Network = field(default_factory=counts.Network)
    n_sure: int = 0
    shown: tuple[report.Dependency, ...] = ()


def _read(store: Store, params: Params) -> _Read:
    """Return what the counts say; on the store's thread, as thousands of pairs take a while.

    In which order two skills are used moves no pair in the list, and so is read for those shown alone.
    """
    if params.project:
        network = store.query(
            lambda db: counts.project_network(db, params.project, params.skill), counts.Network()
        )
    else:
        network = store.query(lambda db: counts.network(db, params.skill), counts.Network())

    def said(pairs: Sequence[report.Pair]) -> list[report.Dependency]:
        found = report.dependencies(pairs, network.n_sessions, network.n_pairs)
        return [it for it in found if it.kind is not None]

    sure = said(network.pairs)
    if params.project:
        return _Read(network, len(sure), tuple(sure[: params.limit]))
    names = {frozenset((it.first, it.second)) for it in sure[: params.limit]}
    chosen = [it for it in network.pairs if frozenset((it.first, it.second)) in names]
    nothing: list[report.Pair] = []
    with_order = store.query(lambda db: counts.directed(db, chosen), nothing)
    return _Read(network, len(sure), tuple(said(with_order)))
