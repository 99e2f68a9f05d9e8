"""Say how the phases of a quality gate go: what fails, what takes the time, and what to try.

Phases are recorded by `skills-lsp record crackerjack`, or from Python by `skills_lsp.app.gates`.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.gate import CRACKERJACK, GateHistory
from skills_lsp.errors import UsageError
from skills_lsp.reports import crackerjack as report
from skills_lsp.store import gates
from skills_lsp.store.text import instant

_MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Params:
    """How far back, or which run."""

    session: str = ""
    """The session of one run of the gate, such as crackerjack_42; empty for all."""
    n_days: int = 30
    """How many days back, 1 to 3650."""


@dataclass(frozen=True, slots=True)
class Result:
    """The figures, rates from 0 to 1, and the report."""

    n_runs: int
    phases: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...]
    failures: tuple[dict[str, Any], ...]
    recommendations: tuple[dict[str, Any], ...]
    latest_session: str
    latest: tuple[dict[str, Any], ...]
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the report as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the report."""
    if not 0 < params.n_days <= _MAX_DAYS:
        raise UsageError("bad-days", f"The days back are 1 to {_MAX_DAYS}, not {params.n_days}.")
    now = app.now()
    window = gates.GateWindow(
        CRACKERJACK, instant(now - timedelta(days=params.n_days)), instant(now), params.session
    )
    nothing = GateHistory()
    history = await app.stored(
        lambda store: store.query(lambda db: gates.history(db, window), nothing), nothing
    )
    if not history.totals:
        return _empty(params, history)
    phases, tools = report.phase_figures(history.totals), report.tool_figures(history.totals)
    advices = report.advice(tools, dict(history.helpers))
    message = report.sentence(phases, tools, history.n_runs)
    return Result(
        n_runs=history.n_runs,
        phases=tuple(asdict(it) for it in phases),
        tools=tuple(asdict(it) for it in tools),
        failures=tuple(asdict(it) for it in history.failures),
        recommendations=tuple(asdict(it) for it in advices),
        latest_session=history.last_session,
        latest=tuple(asdict(it) for it in history.last_turns),
        message=message,
        charts=report.chart(phases),
        document=report.page(history),
    )


def _empty(params: Params, history: GateHistory) -> Result:
    message = report.empty_sentence(params.session, params.n_days, history.last_session)
    document = report.page(history, params.session, params.n_days)
    return Result(0, (), (), (), (), history.last_session, (), message, (), document)
