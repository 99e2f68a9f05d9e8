"""Say how the stages of pipelines go, where they break, and what to do about it.

A stage that passes less often than four times in five is a bottleneck. Stages are recorded by
`skills-lsp ci run` and `skills-lsp record ci`.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.pipeline import PipelineHistory
from skills_lsp.errors import UsageError
from skills_lsp.reports import pipeline as report
from skills_lsp.store import pipelines
from skills_lsp.store.text import instant

_DAYS = {"daily": 1, "weekly": 7, "monthly": 30, "quarterly": 90, "yearly": 365}
_NO_DAY = "9999-12-31T00:00:00.000000Z"  # all of it is added up by hours


@dataclass(frozen=True, slots=True)
class Params:
    """Which pipeline, and how far back."""

    pipeline: str = ""
    """The name of a pipeline; empty for all."""
    project: str = ""
    """The name of a project; empty for all."""
    window: str = "weekly"
    """How far back: daily (24 hours), weekly (7 days), monthly (30), quarterly (90), yearly (365)."""
    skill: str = ""
    """Only the stages that a skill did; empty for all."""


@dataclass(frozen=True, slots=True)
class Result:
    """The figures, rates from 0 to 1, and the report."""

    window: str
    since: str
    until: str
    n_builds: int
    n_stages: int
    success_rate: float | None
    stages: tuple[dict[str, Any], ...]
    bottlenecks: tuple[str, ...]
    recommendations: tuple[dict[str, Any], ...]
    failures: tuple[dict[str, Any], ...]
    pipelines: tuple[str, ...]
    message: str
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return the report as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the report."""
    if params.window not in _DAYS:
        raise UsageError("bad-window", f"A window is {', '.join(_DAYS)}, not {params.window!r}.")
    window = window_of(params, app.now())
    nothing = PipelineHistory()
    history = await app.stored(
        lambda store: store.query(lambda db: pipelines.history(db, window), nothing), nothing
    )
    stages = report.stage_figures(history.totals)
    advices = report.recommendations(stages, is_whole=not params.skill)
    if stages:
        message = report.sentence(history, stages, params.window, params.skill)
    else:
        message = report.empty_sentence(
            params.window, params.pipeline, history.others, params.skill
        )
    n_stages = sum(it.n_stages for it in stages)
    return Result(
        window=params.window,
        since=window.since,
        until=window.now,
        n_builds=history.n_builds,
        n_stages=n_stages,
        success_rate=sum(it.n_succeeded for it in stages) / n_stages if n_stages else None,
        stages=tuple(asdict(it) for it in stages),
        bottlenecks=tuple(dict.fromkeys(it.stage for it in stages if it.is_bottleneck)),
        recommendations=tuple(asdict(it) for it in advices),
        failures=tuple(asdict(it) for it in history.failures),
        pipelines=history.others,
        message=message,
        charts=report.chart(history, stages) if stages else (),
        document=report.document(message, history, stages, advices),
    )


def window_of(params: Params, now: datetime) -> pipelines.Window:
    """Return the window in whole hours: the one that runs, and those of so many days before it."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    since = hour - timedelta(days=_DAYS[params.window])
    is_hourly = params.window == "daily"
    midnight = since.replace(hour=0) + timedelta(days=1) if since.hour else since
    return pipelines.Window(
        since=instant(since),
        next_day=_NO_DAY if is_hourly else instant(midnight),
        today=_NO_DAY if is_hourly else instant(hour.replace(hour=0)),
        now=instant(now),
        pipeline=params.pipeline,
        project=params.project,
        skill=params.skill,
        is_hourly=is_hourly,
    )
