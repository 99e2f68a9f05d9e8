"""An A/B test as a page: what differs, how sure that is, and what to do."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from skills_lsp.domain.experiment import (
    COMPLETION,
    CONTROL,
    DURATION,
    TREATMENT,
    Experiment,
    State,
    Unit,
)
from skills_lsp.reports import charts
from skills_lsp.reports.layout import (
    bar,
    duration,
    listed,
    moment,
    percent,
    plain,
    plural,
    signed,
)
from skills_lsp.text.markdown import table

Analysis = Mapping[str, Any]
"""The answer of the question ``ab`` for one metric."""

NO_TEST = (
    "There is no A/B test yet. Start one with `skills-lsp ab create NAME`: it compares the ranking "
    "strategies semantic and workflow-aware, and each pick from a list of suggestions counts."
)
NO_ANALYST = "The process that does the arithmetic gave no answer, so there are counts alone."

_TITLES = {COMPLETION: "Work done", DURATION: "Duration", "rating": "Rating"}
_HIGHER_IS_WORSE = (DURATION,)


def better(metric: str, verdict: str) -> str:
    """Return which group is better, empty when that is open.

    >>> better("completion", "higher"), better("duration", "higher"), better("rating", "open")
    ('treatment', 'control', '')
    """
    if verdict not in ("higher", "lower"):
        return ""
    is_higher_better = metric not in _HIGHER_IS_WORSE
    return TREATMENT if (verdict == "higher") is is_higher_better else CONTROL


def sentence(test: Experiment, analyses: Mapping[str, Analysis]) -> str:
    """Return what came out, by the metric that decides, and what to do."""
    metric = test.metrics[0]
    analysis = analyses.get(metric)
    name = f"{test.name} ({test.control} against {test.treatment})"
    if analysis is None:
        return f"{name}: {NO_ANALYST}"
    best = better(metric, analysis["verdict"])
    if best:
        strategy = test.strategy(best)
        by = _difference(metric, analysis["comparison"]["difference"])
        other = test.strategy(CONTROL if best == TREATMENT else TREATMENT)
        return (
            f"{name}: use {strategy}. {_TITLES[metric]}, treatment against control: {by}; "
            f"{strategy} is better than {other}, and that holds however often it is looked at."
        )
    if analysis["verdict"] == "too-few":
        return f"{name}: too early to say. {_too_few(test, analysis)}"
    if test.state is State.RUNNING:
        return f"{name}: no difference so far. {_outlook(test, metric, analysis)}"
    return f"{name}: it ended without a difference; keep {test.control}."


def page(
    test: Experiment,
    summary: Mapping[str, int],
    analyses: Mapping[str, Analysis],
    message: str,
    tests: Sequence[str] = (),
) -> str:
    """Lay out a test; of the other ``tests`` only the names are told."""
    parts = [f"# A/B test {plain(test.name)}", plain(message, limit=600)]
    if test.description:
        parts.append(plain(test.description, limit=500))
    parts.append(_groups(test, summary))
    if analyses:
        parts += ["## What differs", _differences(analyses), _notes(test, analyses)]
    parts += ["## Settings", _settings(test), _others(test, tests)]
    return "\n\n".join(it for it in parts if it) + "\n"


def chart(analyses: Mapping[str, Analysis]) -> dict[str, Any]:
    """Return the groups' means by metric, in the metric's own terms."""
    labels = [_TITLES[it] for it in analyses]
    series = {
        group: [_natural(metric, it[group]["mean"]) for metric, it in analyses.items()]
        for group in (CONTROL, TREATMENT)
    }
    return charts.bars("Control and treatment", labels, series)


def list_table(rows: Sequence[tuple[Experiment, Mapping[str, int]]]) -> str:
    """Return a list of tests."""
    cells = [
        (
            plain(test.name, limit=60),
            test.state.value,
            plain(test.control, limit=40),
            plain(test.treatment, limit=40),
            f"{summary.get('control_users', 0)} + {summary.get('treatment_users', 0)}",
            str(summary.get("control_outcomes", 0) + summary.get("treatment_outcomes", 0)),
            moment(test.start_at.isoformat()),
        )
        for test, summary in rows
    ]
    head = ("Test", "State", "Control", "Treatment", "Users", "Outcomes", "Since")
    return table(head, cells, numbers=(4, 5))


def _groups(test: Experiment, summary: Mapping[str, int]) -> str:
    noun = "Users" if test.unit is Unit.USER else "Sessions"
    most = max(summary.get("control_users", 0), summary.get("treatment_users", 0), 1)
    cells = [
        (
            group,
            plain(test.strategy(group), limit=60),
            f"{bar(summary.get(f'{group}_users', 0) / most)} {summary.get(f'{group}_users', 0)}",
            f"{summary.get(f'{group}_outcomes', 0):,}",
        )
        for group in (CONTROL, TREATMENT)
    ]
    return table(("Group", "Strategy", noun, "Outcomes"), cells, numbers=(3,))


def _differences(analyses: Mapping[str, Analysis]) -> str:
    cells = []
    for metric, it in analyses.items():
        found = it["comparison"]
        means = [_mean(metric, it[group]["mean"]) for group in (CONTROL, TREATMENT)]
        if found is None:
            cells.append((_TITLES[metric], *means, "", "", "", "", "too few"))
            continue
        verdict = better(metric, it["verdict"])
        cells.append(
            (
                _TITLES[metric],
                *means,
                _difference(metric, found["difference"]),
                f"{_difference(metric, found['low'])} to {_difference(metric, found['high'])}",
                _p(found["p_any_time"]),
                signed(found["effect_size"]["value"], digits=2),
                f"{verdict} better"
                if verdict
                else "too few"
                if it["verdict"] == "too-few"
                else "open",
            )
        )
    head = ("Metric", CONTROL, TREATMENT, "Difference", "From, to", "p", "Effect", "Verdict")
    return table(head, cells, numbers=(1, 2, 3, 5, 6))


def _notes(test: Experiment, analyses: Mapping[str, Analysis]) -> str:
    decides = _TITLES[test.metrics[0]]
    unit = "user" if test.unit is Unit.USER else "session"
    found = next((it["comparison"] for it in analyses.values() if it["comparison"]), None)
    lines = [
        f"{decides} decides. One {unit} is one observation, however many outcomes it has. "
        "p and bounds hold however often you look (a mixture sequential test; Johari and others, "
        "2022), so stopping as soon as there is a verdict is fine."
    ]
    if found is not None:
        size = found["effect_size"]["name"]
        once = _p(found["p_one_look"], name="p")
        lines.append(
            f"The usual test ({found['test']}) would have {once}, which counts only when it is "
            f"looked at once, at a size chosen beforehand. The effect size is {size}."
        )
        lines.append(_power(test, test.metrics[0], analyses[test.metrics[0]]))
    return "\n\n".join(it for it in lines if it)


def _power(test: Experiment, metric: str, analysis: Analysis) -> str:
    found = analysis["comparison"]
    if found is None:
        return ""
    aim = _size(metric, found["aim"])
    unit = "users" if test.unit is Unit.USER else "sessions"
    counts = f"{analysis[CONTROL]['n_users']} and {analysis[TREATMENT]['n_users']} {unit}"
    return (
        f"With {counts} a difference of {aim} is found with a power of {percent(found['power'])}; "
        f"with 80 %, one of {_size(metric, found['detectable'])}. To find {aim} with 80 % takes "
        f"{found['n_users_needed']:,} {unit} in each group."
    )


def _outlook(test: Experiment, metric: str, analysis: Analysis) -> str:
    return "Go on, or stop and keep what you have. " + _power(test, metric, analysis)


def _too_few(test: Experiment, analysis: Analysis) -> str:
    unit = "user" if test.unit is Unit.USER else "session"
    n = min(analysis[CONTROL]["n_users"], analysis[TREATMENT]["n_users"])
    return (
        f"The smaller group has {plural(n, unit)} with an outcome, and nothing is decided before each "
        f"has {test.min_sample_size}."
    )


def _settings(test: Experiment) -> str:
    end = moment(test.end_at.isoformat()) if test.end_at else "when it is stopped"
    cells = [
        ("State", test.state.value),
        ("From", moment(test.start_at.isoformat())),
        ("Until", end),
        ("Control gets", percent(test.control_share)),
        ("Assigned by", test.unit.value),
        ("At least", f"{test.min_sample_size} in each group"),
        ("Compared", ", ".join(test.metrics)),
    ]
    return table(("Setting", "Value"), cells)


def _others(test: Experiment, tests: Sequence[str]) -> str:
    names = [it for it in tests if it != test.name]
    if not names:
        return ""
    told = listed([plain(it, limit=60) for it in names[:_MAX_OTHERS]], last="and")
    more = f" and {len(names) - _MAX_OTHERS} more" if len(names) > _MAX_OTHERS else ""
    return f"There are other tests: {told}{more}. `skills-lsp report ab NAME` analyses one."


_MAX_OTHERS = 10


def _natural(metric: str, value: float | None) -> float | None:
    """Return a mean in the metric's own terms: durations are compared by their logarithm."""
    if value is None or metric != DURATION:
        return value
    return math.exp(min(value, 700.0))


def _mean(metric: str, value: float | None) -> str:
    value = _natural(metric, value)
    if value is None:
        return "–"
    if metric == COMPLETION:
        return percent(value)
    return duration(value) if metric == DURATION else f"{value:.2f}"


def _difference(metric: str, value: float) -> str:
    if metric == COMPLETION:
        return signed(value * 100, "points", digits=1)
    if metric == DURATION:
        return signed((math.exp(min(value, 700.0)) - 1) * 100, "%", digits=1)
    return signed(value, digits=2)


def _size(metric: str, value: float) -> str:
    return _difference(metric, value).lstrip("+")


def _p(value: float, *, name: str = "") -> str:
    """Return a p-value as papers write it.

    >>> _p(0.0002), _p(0.0421, name="p"), _p(0.0002, name="p")
    ('< 0.001', 'p = 0.042', 'p < 0.001')
    """
    if value < 0.001:  # noqa: PLR2004 - finer is noise
        return f"{name} < 0.001".lstrip()
    return f"{name} = {value:.3f}" if name else f"{value:.3f}"
