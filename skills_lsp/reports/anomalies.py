"""What went otherwise in the last day than before, and what has been going on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import (
    ago,
    duration,
    listed,
    nothing_sentence,
    percent,
    plain,
    plural,
)
from skills_lsp.text.markdown import table

NO_ANALYST = (
    "The process that does the arithmetic gave no answer, so nothing new was looked for; "
    "`skills-lsp doctor` may know why."
)

_WORDS = {
    ("completion_rate", "drop"): "completes less",
    ("completion_rate", "spike"): "completes more",
    ("duration", "drop"): "is quicker",
    ("duration", "spike"): "is slower",
    ("uses", "drop"): "is used less",
    ("uses", "spike"): "is used more",
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One anomaly as it is shown."""

    skill: str
    metric: str
    way: str
    usual: float | None
    seen: float | None
    z: float | None
    n_observed: int
    detected_at: str
    resolved_at: str  # empty while it lasts
    incident_id: int | None

    @property
    def words(self) -> str:
        """What it does otherwise."""
        return _WORDS.get((self.metric, self.way), "is unlike before")


@dataclass(frozen=True, slots=True)
class Scan:
    """What is going on, worst first, and what was over of late; ``n_tests`` is None without a scan."""

    now: datetime
    threshold: float
    n_tests: int | None
    n_skills: int
    has_history: bool
    open: tuple[Deviation, ...]
    over: tuple[Deviation, ...]
    skill: str = ""  # the one that was asked for
    project: str = ""  # where it was looked
    is_tested: bool = False  # whether there was enough of the skill to tell

    @property
    def incidents(self) -> tuple[tuple[Deviation, ...], ...]:
        """The open ones by incident, the worst first."""
        groups: dict[int | None, list[Deviation]] = {}
        for it in self.open:
            groups.setdefault(it.incident_id, []).append(it)
        return tuple(tuple(its) for its in groups.values())


def anomalies_sentence(it: Scan) -> str:
    """Say what the figures mean."""
    if not it.has_history:
        return nothing_sentence()
    if it.n_tests is None and not it.open:
        return NO_ANALYST
    where = f" in {plain(it.project)}" if it.project else ""
    if not it.open:
        if not it.n_tests or (it.skill and not it.is_tested):
            who = plain(it.skill) if it.skill else "a skill"
            return (
                f"There is too little to tell: {who} needs 10 runs{where} over a week before the last "
                "day, and 3 in it."
            )
        if it.skill:
            return (
                f"Nothing is unusual: in the last 24 hours {plain(it.skill)} went as before{where}."
            )
        return (
            f"Nothing is unusual: in the last 24 hours {plural(it.n_skills, 'skill')} went as before"
            f"{where}, by {plural(it.n_tests, 'test')}."
        )
    worst = [f"{plain(one.skill)} {one.words} ({_values(one)})" for one in it.open[:3]]
    more = f" and {len(it.open) - 3} more" if len(it.open) > 3 else ""  # noqa: PLR2004 - as shown
    return f"Unusual in the last 24 hours{where}: {listed(worst)}{more}."


def anomalies_markdown(it: Scan) -> str:
    """Lay out the anomalies."""
    parts = ["# Anomalies", anomalies_sentence(it)]
    if it.n_tests is None and it.open:
        parts.append(NO_ANALYST)
    parts += [_incident(i, found, it.now) for i, found in enumerate(it.incidents, 1)]
    if it.over:
        parts.append("## Over\n\n" + _table(it.over, it.now))
    if it.n_tests:
        parts.append(_method(it))
    return "\n\n".join(parts) + "\n"


def anomalies_charts(it: Scan) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    if not it.open:
        return ()
    labels = [f"{one.skill} {one.words}" for one in it.open]
    return (charts.bars("Unusual now", labels, {"z": [one.z for one in it.open]}, "z"),)


def _incident(number: int, found: Sequence[Deviation], now: datetime) -> str:
    since = min(one.detected_at for one in found)
    return f"## Incident {number}, noticed {ago(since, now)}\n\n" + _table(found, now)


def _table(found: Sequence[Deviation], now: datetime) -> str:
    cells = [
        (
            plain(one.skill, limit=60),
            one.words,
            _value(one, one.usual),
            _value(one, one.seen),
            "" if one.z is None else f"{one.z:+.1f}".replace("-", "−"),
            f"{one.n_observed:,}",
            f"over {ago(one.resolved_at, now)}"
            if one.resolved_at
            else f"since {ago(one.detected_at, now)}",
        )
        for one in found
    ]
    head = ("Skill", "What", "Usual", "Seen", "z", "Runs", "When")
    return table(head, cells, numbers=(2, 3, 4, 5))


def _values(one: Deviation) -> str:
    return f"{_value(one, one.seen)}, usually {_value(one, one.usual)}"


def _value(one: Deviation, value: float | None) -> str:
    if value is None:
        return "–"
    if one.metric == "completion_rate":
        return percent(value)
    if one.metric == "duration":
        return duration(value)
    return f"{value:.0f} runs" if value >= 10 else f"{value:.1f} runs"  # noqa: PLR2004 - digits


def _method(it: Scan) -> str:
    return (
        f"The last 24 hours are compared with the 28 days before, in {plural(it.n_tests or 0, 'test')}: "
        "completion as a binomial, time by the median and MAD of its logarithm, runs as a Poisson "
        f"count. An anomaly is beyond z = {it.threshold:g} after the adjustment for many tests "
        f"(Benjamini, Hochberg): where nothing changed, at most one scan in {_one_in(it.threshold)} "
        "finds anything."
    )


def _one_in(threshold: float) -> int:
    """Return how rare a deviation of so many standard errors is.

    >>> _one_in(2.0)
    22
    """
    from math import erfc, sqrt  # noqa: PLC0415 - nowhere else

    return round(1 / max(erfc(threshold / sqrt(2)), 1e-9))


KINDS: Mapping[str, tuple[str, str]] = {
    "success-drop": ("completion_rate", "drop"),
    "success-rise": ("completion_rate", "spike"),
    "duration-fall": ("duration", "drop"),
    "duration-spike": ("duration", "spike"),
    "use-drop": ("uses", "drop"),
    "use-spike": ("uses", "spike"),
}
"""The names of a scan's findings, as metric and way."""
