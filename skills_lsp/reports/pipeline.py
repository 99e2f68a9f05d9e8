"""How pipelines go: each stage's success and time, where they break, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.domain.pipeline import PipelineHistory, StageFailure, StageTotal, stage_kind
from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, duration, listed, moment, percent, plain, plural
from skills_lsp.text.markdown import table

TITLE = "Pipelines"
BOTTLENECK_RATE = 0.8  # a stage that passes less often holds the pipeline up
SEVERE_RATE = 0.5
UNRELIABLE_RATE = 0.7
SLOW_SECONDS = 300.0
FEW_STAGES = 5  # from fewer than this a share says little, and the report says how many they were
PERIODS = {
    "daily": "24 hours",
    "weekly": "7 days",
    "monthly": "30 days",
    "quarterly": "90 days",
    "yearly": "365 days",
}

_PYTHON = frozenset({"python"})
_SCRIPT = frozenset({"javascript"})
# Of each group one skill is enough; a pipeline is asked only for those of its own languages.
_EXPECTED: tuple[tuple[str, str, frozenset[str], tuple[str, ...]], ...] = (
    ("test", "runs no tests", _PYTHON,
     ("pytest-run", "pytest-all", "pytest-file", "pytest-parallel", "pytest-coverage", "unittest-run")),
    ("test", "runs no tests", _SCRIPT,
     ("jest-run", "vitest-run", "mocha-test", "node-test", "playwright-test", "jest-coverage", "vitest-coverage")),
    ("test", "measures no coverage", _PYTHON, ("pytest-coverage", "coverage-report")),
    ("test", "measures no coverage", _SCRIPT, ("jest-coverage", "vitest-coverage", "coverage-report")),
    ("lint", "runs no linter", _PYTHON, ("ruff-check", "ruff-project", "pylint-check", "flake8-check", "pre-commit-all")),
    ("lint", "runs no linter", _SCRIPT, ("eslint-check", "biome-check", "pre-commit-all")),
    ("lint", "checks no types", _PYTHON, ("mypy-check", "pyright-check")),
    ("lint", "checks no types", _SCRIPT, ("tsc-check",)),
    ("security", "looks for no risky code", _PYTHON, ("bandit-security", "ruff-security")),
    ("security", "looks for no risky code", _SCRIPT, ("eslint-check", "biome-security")),
    ("security", "audits no dependencies", _PYTHON, ("pip-audit", "safety-check")),
    ("security", "audits no dependencies", _SCRIPT, ("npm-audit",)),
)  # fmt: skip
_LANGUAGES = {
    **dict.fromkeys(("pytest", "ruff", "mypy", "pyright", "bandit", "pip", "uv", "pypi", "unittest",
                     "coverage", "safety", "pylint", "flake8", "black", "package"), "python"),
    **dict.fromkeys(("jest", "vitest", "mocha", "node", "npm", "eslint", "biome", "tsc", "playwright",
                     "prettier"), "javascript"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How one stage of a pipeline went; rates from 0 to 1, the mean over all that were timed."""

    project: str
    pipeline: str
    stage: str
    skills: tuple[str, ...]
    n_stages: int
    n_succeeded: int
    success_rate: float
    mean_duration_seconds: float | None
    is_bottleneck: bool
    severity: str  # high, medium; empty when it is none


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do: high is a stage that often fails, medium one that is slow, low a missing skill."""

    priority: str
    pipeline: str
    stage: str
    text: str
    skills: tuple[str, ...] = ()


def stage_figures(totals: Sequence[StageTotal]) -> tuple[StageFigures, ...]:
    """Return how each stage went, the worst first."""
    by_stage: dict[tuple[str, str, str], list[StageTotal]] = {}
    for it in totals:
        by_stage.setdefault((it.project, it.pipeline, it.stage), []).append(it)
    figures = [_figures(key, own) for key, own in by_stage.items()]
    return tuple(
        sorted(figures, key=lambda it: (it.success_rate, it.project, it.pipeline, it.stage))
    )


def recommendations(
    stages: Sequence[StageFigures], *, is_whole: bool = True
) -> tuple[Recommendation, ...]:
    """Return what to do, what is urgent first; the order follows from the figures alone.

    What a pipeline lacks is told only of whole ones.
    """
    return (
        *(_unreliable(it) for it in stages if it.success_rate < UNRELIABLE_RATE),
        *(
            _slow(it)
            for it in sorted(stages, key=lambda it: -(it.mean_duration_seconds or 0))
            if (it.mean_duration_seconds or 0) > SLOW_SECONDS
        ),
        *(_missing(stages) if is_whole else ()),
    )


def sentence(
    history: PipelineHistory, stages: Sequence[StageFigures], window: str, skill: str = ""
) -> str:
    """Return what the figures mean."""
    n_stages = sum(it.n_stages for it in stages)
    share = sum(it.n_succeeded for it in stages) / n_stages
    by = f" by {plain(skill)}" if skill else ""
    counts = f"{plural(n_stages, 'stage')}{by} of {plural(history.n_builds, 'build')}"
    said = f"{counts} in {PERIODS[window]}, {percent(share)} passed"
    narrow = [it for it in stages if it.is_bottleneck]
    if not narrow:
        return f"{said}; no stage passes less often than {percent(BOTTLENECK_RATE)}."
    names = listed(list(dict.fromkeys(plain(it.stage) for it in narrow))[:3])
    more = len(narrow) - 3
    verb = "holds" if len({it.stage for it in narrow}) == 1 else "hold"
    also = f" (and {plural(more, 'more stage')})" if more > 0 else ""
    return (
        f"{said}; {names}{also} {verb} it up, passing less often than {percent(BOTTLENECK_RATE)}."
    )


def empty_sentence(window: str, pipeline: str, others: Sequence[str], skill: str = "") -> str:
    """Return that nothing was recorded, and what to do about it."""
    if not others:
        return (
            "No stage of a pipeline has been recorded yet: put `skills-lsp ci run --stage test "
            "--skill pytest-run --` before the command of a stage, or tell of one with "
            "`skills-lsp record ci`."
        )
    if pipeline and pipeline not in others:
        known = listed([f"`{plain(name, code=True)}`" for name in others], last="and")
        return f"No pipeline is called {plain(pipeline)}: there are {known}."
    longer = "monthly" if window in ("daily", "weekly") else "yearly"
    wider = "" if window == "yearly" else f" Ask for a longer window: `--window {longer}`."
    which = f" of {plain(pipeline)}" if pipeline else ""
    which += f" by {plain(skill)}" if skill else ""
    return f"No stage{which} was recorded in the last {PERIODS[window]}.{wider}"


def document(
    message: str,
    history: PipelineHistory,
    stages: Sequence[StageFigures],
    advices: Sequence[Recommendation],
) -> str:
    """Lay out the report."""
    parts = [f"# {TITLE}", message]
    if stages:
        parts += ["## Stages", _stages(stages)]
    narrow = [it for it in stages if it.is_bottleneck]
    if narrow:
        parts += ["## Bottlenecks", "\n".join(_bottleneck(it) for it in narrow)]
    if advices:
        cells = [(it.priority, _of(it, stages), it.text) for it in advices]
        parts += ["## Recommendations", table(("Priority", "Stage", "What to do"), cells)]
    if history.failures:
        parts += ["## What failed last", _failures(history.failures)]
    return "\n\n".join(parts) + "\n"


def chart(history: PipelineHistory, stages: Sequence[StageFigures]) -> tuple[dict[str, Any], ...]:
    """Return the charts of the report."""
    labels = [f"{_pipeline(it.project, it.pipeline)}: {it.stage}" for it in stages]
    times = [label for label, _, _ in history.series]
    return (
        charts.bars("Success of stages", labels, {"share": [it.success_rate for it in stages]}, "share"),
        charts.bars("Mean time of stages", labels, {"mean": [it.mean_duration_seconds for it in stages]}, "s"),
        charts.lines("Success over time", times, {"share": [ok / n for _, n, ok in history.series]}, "share"),
        charts.lines("Stages over time", times, {"stages": [n for _, n, _ in history.series]}, "stages"),
    )  # fmt: skip


def _figures(key: tuple[str, str, str], own: Sequence[StageTotal]) -> StageFigures:
    n_stages, n_succeeded = sum(it.n_stages for it in own), sum(it.n_succeeded for it in own)
    n_timed = sum(it.n_timed for it in own)
    rate = n_succeeded / n_stages
    narrow = rate < BOTTLENECK_RATE
    return StageFigures(
        *key,
        skills=tuple(sorted({it.skill for it in own})),
        n_stages=n_stages,
        n_succeeded=n_succeeded,
        success_rate=rate,
        mean_duration_seconds=sum(it.total_duration_seconds for it in own) / n_timed
        if n_timed
        else None,
        is_bottleneck=narrow,
        severity="" if not narrow else "high" if rate < SEVERE_RATE else "medium",
    )


def _unreliable(it: StageFigures) -> Recommendation:
    n_failed = it.n_stages - it.n_succeeded
    text = f"{n_failed} of {it.n_stages} failed: mend first what failed last."
    return Recommendation("high", it.pipeline, it.stage, text, it.skills)


def _slow(it: StageFigures) -> Recommendation:
    text = (
        f"It takes {duration(it.mean_duration_seconds)}, more than {duration(SLOW_SECONDS)}: "
        "split it, run its parts side by side, or cache what it fetches."
    )
    return Recommendation("medium", it.pipeline, it.stage, text, it.skills)


def _missing(stages: Sequence[StageFigures]) -> list[Recommendation]:
    """Return the skills that a pipeline's languages have and its stages never used."""
    found = []
    for project, pipeline in sorted({(it.project, it.pipeline) for it in stages}):
        own = [it for it in stages if (it.project, it.pipeline) == (project, pipeline)]
        used = {skill for it in own for skill in it.skills}
        languages = {_LANGUAGES.get(skill.partition("-")[0], "") for skill in used}
        kinds = {stage_kind(it.stage): it.stage for it in own}
        for kind, lack, of, skills in _EXPECTED:
            if (
                of & languages
                and not used.intersection(skills)
                and (kind in kinds or kind == "security")
            ):
                names = listed([f"`{name}`" for name in skills[:2]], last="or")
                text = f"The pipeline {lack}: add {names}."
                found.append(
                    Recommendation("low", pipeline, kinds.get(kind, kind), text, skills[:2])
                )
    return found


def _stages(stages: Sequence[StageFigures]) -> str:
    several = len({(it.project, it.pipeline) for it in stages}) > 1
    head = ("Stage", "Passed", "Stages", "Mean time", "Skills")
    cells = [
        (
            plain(it.stage),
            f"{bar(it.success_rate)} {percent(it.success_rate)}".strip(),
            str(it.n_stages),
            duration(it.mean_duration_seconds) or "–",
            plain(", ".join(it.skills)),
        )
        for it in stages
    ]
    if not several:
        return table(head, cells, numbers=(2, 3))
    named = [
        (plain(_pipeline(it.project, it.pipeline)), *row)
        for it, row in zip(stages, cells, strict=True)
    ]
    return table(("Pipeline", *head), named, numbers=(3, 4))


def _pipeline(project: str, pipeline: str) -> str:
    return f"{project} / {pipeline}" if project and project != pipeline else pipeline


def _bottleneck(it: StageFigures) -> str:
    few = f", though of {plural(it.n_stages, 'run')} only" if it.n_stages < FEW_STAGES else ""
    where = f"{plain(it.stage)} of {plain(_pipeline(it.project, it.pipeline))}"
    return f"- {where}: {percent(it.success_rate)} passed ({it.severity}{few})."


def _of(it: Recommendation, stages: Sequence[StageFigures]) -> str:
    several = len({other.pipeline for other in stages}) > 1
    return plain(f"{it.pipeline}: {it.stage}" if several else it.stage)


def _failures(failures: Sequence[StageFailure]) -> str:
    cells = [
        (
            moment(it.started_at),
            plain(f"{it.pipeline} {it.build_number}"),
            plain(it.stage),
            plain(it.branch),
            plain(it.error or "no message", limit=80),
        )
        for it in failures
    ]
    return table(("When (UTC)", "Build", "Stage", "Branch", "Error"), cells)
