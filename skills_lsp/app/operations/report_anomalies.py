"""Say what was unusual in the last day: success, duration, number of uses.

What is found is kept: an anomaly goes on while it is seen, and is over when it is not. Anomalies at the
same time are one incident. The server also looks by itself, once in an hour in which skills were run.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from skills_lsp.app.anomalies import THRESHOLD, scan
from skills_lsp.app.app import App
from skills_lsp.errors import UsageError
from skills_lsp.reports.anomalies import (
    Deviation,
    Scan,
    anomalies_charts,
    anomalies_markdown,
    anomalies_sentence,
)
from skills_lsp.store import anomalies, text
from skills_lsp.store.anomalies import Anomaly, Found

_COMMAND = "skills.report.anomalies"
_OVER = timedelta(days=7)
_MAX_SHOWN = 100
_LEAST, _MOST = 1.0, 10.0


@dataclass(frozen=True, slots=True)
class Params:
    """How sensitive."""

    threshold: float = THRESHOLD
    """From how many standard errors on something is unusual, 1 to 10; what another than 2 finds is not kept."""
    skill: str = ""
    """Only what is unusual about one skill; empty for all."""
    project: str = ""
    """Only the uses in one project; empty for all together. What is found is not kept."""


@dataclass(frozen=True, slots=True)
class Result:
    """The open anomalies, worst first, and those that were over in the last week.

    ``n_tests`` is null when the arithmetic failed.
    """

    message: str
    threshold: float
    n_tests: int | None
    anomalies: tuple[dict[str, Any], ...]
    over: tuple[dict[str, Any], ...]
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the anomalies as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Look, and return what is going on."""
    if not _LEAST <= params.threshold <= _MOST:
        raise UsageError(
            "bad-threshold",
            f"{_COMMAND}: threshold must be {_LEAST:g} to {_MOST:g}, not {params.threshold:g}.",
        )
    looked = await scan(app, params.threshold, params.project)
    since = text.instant(app.now() - _OVER)
    none: list[Anomaly] = []
    found = await app.stored(
        lambda store: store.query(
            lambda db: anomalies.latest(db, since, _MAX_SHOWN, params.skill), none
        ),
        none,
    )
    is_kept = params.threshold == THRESHOLD and not params.project
    if not is_kept and (looked.n_tests is not None or params.project):
        at = text.instant(app.now())
        found = [_not_kept(one, at) for one in looked.found if params.skill in ("", one.skill)]
        found.sort(key=lambda one: -abs(one.z or 0.0))
    it = Scan(
        app.now(),
        params.threshold,
        looked.n_tests,
        looked.n_skills,
        looked.has_history,
        tuple(_deviation(one) for one in found if not one.resolved_at),
        tuple(_deviation(one) for one in found if one.resolved_at),
        params.skill,
        params.project,
        is_tested=params.skill in looked.tested,
    )
    return Result(
        anomalies_sentence(it),
        params.threshold,
        looked.n_tests,
        tuple(asdict(one) for one in found if not one.resolved_at),
        tuple(asdict(one) for one in found if one.resolved_at),
        anomalies_charts(it),
        anomalies_markdown(it),
    )


def _not_kept(it: Found, at: str) -> Anomaly:
    values = (it.usual, it.seen, it.z, it.p, it.n_observed)
    return Anomaly(0, it.skill, it.metric, it.way, at, at, "", *values, incident_id=None)


def _deviation(it: Anomaly) -> Deviation:
    return Deviation(
        it.skill,
        it.metric,
        it.way,
        it.usual,
        it.seen,
        it.z,
        it.n_observed,
        it.detected_at,
        it.resolved_at,
        it.incident_id,
    )
