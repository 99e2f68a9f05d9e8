"""Say how each phase of the work goes, what follows what, and where work gets stuck.

A bottleneck is a skill with at least five ended runs in a phase of which surely (by the lower end of
the 95 % Wilson interval) more than 20 % did not do their work.
"""

from dataclasses import asdict, dataclass
from typing import Any

import skills_lsp.app.operations._windows as windows
from skills_lsp.app.app import App
from skills_lsp.reports.workflow import (
    Leader,
    PhaseUse,
    Transition,
    Workflow,
    workflow_charts,
    workflow_markdown,
    workflow_sentence,
)
from skills_lsp.store import usage
from skills_lsp.store.database import Row

_N_LEADERS = 3


@dataclass(frozen=True, slots=True)
class Params:
    """How long."""

    n_days: int = 30
    """How many days to look at, today the last."""


@dataclass(frozen=True, slots=True)
class Result:
    """The phases in the order of the work, the transitions within sessions, the bottlenecks."""

    message: str
    n_days: int
    phases: tuple[dict[str, Any], ...]
    transitions: tuple[dict[str, Any], ...]
    bottlenecks: tuple[dict[str, Any], ...]
    leaders: tuple[dict[str, Any], ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the workflow as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the workflow."""
    time = windows.window(app.now(), params.n_days, "skills.report.workflow")
    none: tuple[list[Row], list[Row], dict[str, int], list[Row]] = ([], [], {}, [])
    uses, steps, ever, leaders = await app.stored(
        lambda store: store.query(
            lambda db: (
                usage.phases(db, time.since, time.until),
                usage.transitions(db, time.since_instant, time.until_instant),
                usage.phase_patterns(db),
                usage.phase_leaders(db, _N_LEADERS),
            ),
            none,
        ),
        none,
    )
    it = Workflow(
        params.n_days,
        tuple(PhaseUse(*row) for row in uses),
        tuple(Transition(*row) for row in steps),
        ever,
        tuple(Leader(*row) for row in leaders),
    )
    return Result(
        message=workflow_sentence(it),
        n_days=it.n_days,
        phases=tuple(map(_data, it.phases)),
        transitions=tuple(asdict(one) for one in it.transitions),
        bottlenecks=tuple({**_data(use), "severity": use.severity} for use in it.bottlenecks),
        leaders=tuple(map(asdict, it.leaders)),
        charts=workflow_charts(it),
        document=workflow_markdown(it),
    )


def _data(use: PhaseUse) -> dict[str, Any]:
    sure = use.surely
    return {
        **asdict(use),
        "abandonment": use.abandonment,
        "abandonment_low": sure.low,
        "abandonment_high": sure.high,
    }
