"""Sum up a session: what was run, how it ended, how long it took.

Without an id it is the present session, or the latest when nothing was run in this one.
"""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.reports.session import (
    RecentSession,
    SessionSummary,
    session_charts,
    session_markdown,
    session_sentence,
)
from skills_lsp.store import Store, usage
from skills_lsp.store.database import Row

_N_RECENT = 5


@dataclass(frozen=True, slots=True)
class Params:
    """Which session."""

    session: str = ""
    """The id of a session, as the runs of the history carry it; empty for the present or latest one."""


@dataclass(frozen=True, slots=True)
class Result:
    """The summary as plain data, and as a document."""

    session: str
    summary: dict[str, Any] | None
    message: str
    others: tuple[dict[str, Any], ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the summary as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the summary."""
    asked = params.session
    summary = await app.stored(lambda store: _summary(store, asked, app.session_id), None)
    none: list[Row] = []
    recent = await app.stored(
        lambda store: store.query(lambda db: usage.recent_sessions(db, _N_RECENT + 1), none), none
    )
    if summary is None:
        message = "There is no history to sum up: the database is not open."
        return Result(asked, None, message, (), (), message + "\n")
    others = tuple(RecentSession(*row) for row in recent if row[0] != summary.session_id)
    is_present = summary.session_id == app.session_id
    return Result(
        summary.session_id,
        asdict(summary),
        session_sentence(summary, is_present=is_present),
        tuple(map(asdict, others[:_N_RECENT])),
        session_charts(summary),
        session_markdown(summary, others[:_N_RECENT], is_present=is_present),
    )


def _summary(store: Store, asked: str, present: str) -> SessionSummary:
    summary = store.session_summary(asked or present)
    if asked or summary.n_runs:
        return summary
    latest = store.query(usage.latest_session, "")
    return store.session_summary(latest) if latest else summary
