"""What is used most, how it goes, what it saved, what rises and falls."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import (
    bar,
    change,
    duration,
    listed,
    nothing_sentence,
    percent,
    plain,
    plural,
    sparkline,
)
from skills_lsp.reports.rates import moved, rate
from skills_lsp.text.markdown import table

SECONDS_TO_TYPE = 12.0
"""To recall and type a command of 35 characters and come back: one mental act (1.35 s), 35 keys of an
average typist (0.28 s each), two moves of the hand (0.4 s each). Card, Moran, Newell (1980), The
keystroke-level model, CACM 23(7), 396-410."""
SECONDS_TO_PICK = 2.5
"""To pick a suggestion: one mental act and four keys."""

_NOTEWORTHY = 3.7
"""Standard errors beyond which a count rises or falls; of 400 steady skills one seems to."""
_MAX_MOVING = 5


@dataclass(frozen=True, slots=True)
class SkillUse:
    """One skill's uses of late, and as many days before."""

    skill: str
    n_uses: int
    n_ended: int
    n_completed: int
    mean_duration_seconds: float | None
    days: tuple[int, ...]  # uses of each day, today the last
    days_before: tuple[int, ...]  # of each day before those

    @property
    def completion_rate(self) -> float | None:
        """Completed among ended, 0 to 1."""
        return rate(self.n_completed, self.n_ended)

    @property
    def now_and_before(self) -> tuple[int, int]:
        """Uses in the days that are over, today is not, and in as many before."""
        return sum(self.days[:-1]), sum(self.days_before[:-1])

    @property
    def moved_by(self) -> float:
        """By how many standard errors it is used more than before; negative for less.

        Each day is compared with the one so many days before, so that weeks do not matter.
        """
        return moved([*zip(self.days_before, self.days, strict=True)][:-1])


@dataclass(frozen=True, slots=True)
class Now:
    """One of the busiest skills at this moment; ``anomaly`` is the score of an open one."""

    skill: str
    n_last_hour: int
    n_last_day: int
    completion_rate: float | None
    anomaly: float | None


@dataclass(frozen=True, slots=True)
class Ever:
    """One of the most used skills of all time, and the workflow that it is mostly part of."""

    skill: str
    n_uses: int
    completion_rate: float | None
    mean_duration_seconds: float | None
    workflow: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The skills of the last ``n_days`` days, most used first, and the estimate of time saved."""

    n_days: int
    n_days_before: int  # days of history before these, at most as many
    skills: tuple[SkillUse, ...]
    now: tuple[Now, ...] = ()
    ever: tuple[Ever, ...] = ()

    @property
    def n_uses(self) -> int:
        """All uses."""
        return sum(it.n_uses for it in self.skills)

    @property
    def n_completed(self) -> int:
        """Uses whose tool did its work, whatever it found."""
        return sum(it.n_completed for it in self.skills)

    @property
    def n_ended(self) -> int:
        """Uses that have ended."""
        return sum(it.n_ended for it in self.skills)

    @property
    def saved_seconds(self) -> float:
        """Time not spent typing, less the time to pick what then did not complete."""
        lost = (self.n_ended - self.n_completed) * SECONDS_TO_PICK
        return self.n_completed * (SECONDS_TO_TYPE - SECONDS_TO_PICK) - lost

    @property
    def rising(self) -> tuple[SkillUse, ...]:
        """Skills used more than before, beyond chance; none without as long a time to compare with."""
        return self._moving(1)

    @property
    def falling(self) -> tuple[SkillUse, ...]:
        """Skills used less than before, beyond chance."""
        return self._moving(-1)

    def _moving(self, sign: int) -> tuple[SkillUse, ...]:
        if self.n_days_before < self.n_days:
            return ()
        found = [it for it in self.skills if it.moved_by * sign > _NOTEWORTHY]
        return tuple(sorted(found, key=lambda it: (-it.moved_by * sign, it.skill))[:_MAX_MOVING])


def overview_sentence(it: Overview) -> str:
    """Say what the figures mean."""
    if not it.n_uses:
        return nothing_sentence(f"Nothing was run in the last {plural(it.n_days, 'day')}")
    top = max(it.skills, key=lambda skill: skill.n_uses)
    said = (
        f"{plural(it.n_uses, 'run')} in {plural(it.n_days, 'day')}, "
        f"{percent(rate(it.n_completed, it.n_ended))} of them did their work; "
        f"{plain(top.skill)} was used most"
    )
    moves = [
        f"{verb} {listed([plain(skill.skill) for skill in skills[:3]])}"
        for verb, skills in (("more used than before:", it.rising), ("less:", it.falling))
        if skills
    ]
    return "; ".join((said, *moves)) + "."


def overview_markdown(it: Overview, limit: int) -> str:
    """Lay out the overview."""
    parts = ["# Overview", overview_sentence(it)]
    if it.n_uses:
        parts += [_top(it, limit), _moving(it), _now(it), _ever(it), _saved(it)]
    return "\n\n".join(part for part in parts if part) + "\n"


def overview_charts(it: Overview, limit: int) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    top = [skill for skill in it.skills if skill.n_uses][:limit]
    if not top:
        return ()
    names = [skill.skill for skill in top]
    days = [str(n - it.n_days + 1) for n in range(it.n_days)]
    total = [sum(skill.days[n] for skill in it.skills) for n in range(it.n_days)]
    return (
        charts.bars("Runs", names, {"runs": [skill.n_uses for skill in top]}, "runs"),
        charts.bars(
            "Completed", names, {"completed": [skill.completion_rate for skill in top]}, "share"
        ),
        charts.lines("Runs by day, 0 is the last", days, {"runs": total}, "runs"),
    )


def _top(it: Overview, limit: int) -> str:
    used = [skill for skill in it.skills if skill.n_uses]
    shown = used[:limit]
    most = shown[0].n_uses
    cells = [
        (
            plain(skill.skill, limit=60),
            f"{bar(skill.n_uses / most)} {skill.n_uses:,}",
            percent(skill.completion_rate),
            duration(skill.mean_duration_seconds),
            change(*skill.now_and_before[::-1]) if it.n_days_before >= it.n_days else "",
            sparkline(skill.days),
        )
        for skill in shown
    ]
    head = ("Skill", "Runs", "Completed", "Mean time", "Change", "By day")
    page = "## Most used\n\n" + table(head, cells, numbers=(2, 3, 4))
    n_more = len(used) - len(shown)
    more = f"\n\n{plural(n_more, 'more skill')} with fewer runs." if n_more else ""
    about = "Completed: the tool did its work, whatever it found."
    if it.n_days_before >= it.n_days:
        about += f" Change: against the {plural(it.n_days, 'day')} before, without today."
    return f"{page}{more}\n\n{about}"


def _moving(it: Overview) -> str:
    if it.n_days_before < it.n_days:
        return (
            "## Rising and falling\n\nThis needs a history twice as long as the time looked at: "
            "try fewer days."
        )
    cells = [
        (way, plain(skill.skill, limit=60), *map("{:,}".format, skill.now_and_before[::-1]))
        for way, skills in (("↗ rising", it.rising), ("↘ falling", it.falling))
        for skill in skills
    ]
    if not cells:
        return "## Rising and falling\n\nNo skill is used more or less than before, beyond chance."
    head = ("Which way", "Skill", "Before", "Now")
    return "## Rising and falling\n\n" + table(head, cells, numbers=(2, 3))


def _saved(it: Overview) -> str:
    much = f"about {duration(it.saved_seconds)}" if it.saved_seconds >= 1 else "nothing"
    return (
        f"## Time saved: {much}\n\n"
        f"An estimate, not a measurement: a completed run counts {SECONDS_TO_TYPE:g} s for a command "
        f"of 35 characters that was not typed, less {SECONDS_TO_PICK:g} s to pick it; one that did "
        f"not complete cost {SECONDS_TO_PICK:g} s. What the tools found is not counted."
    )


def _now(it: Overview) -> str:
    if not it.now:
        return ""
    cells = [
        (
            plain(one.skill, limit=60),
            f"{one.n_last_hour:,}",
            f"{one.n_last_day:,}",
            percent(one.completion_rate),
            "" if one.anomaly is None else f"! unusual, z {one.anomaly:.1f}",
        )
        for one in it.now
    ]
    head = ("Skill", "Last hour", "24 hours", "Completed", "")
    return "## Right now\n\n" + table(head, cells, numbers=(1, 2, 3))


def _ever(it: Overview) -> str:
    if not it.ever:
        return ""
    has_workflow = any(one.workflow for one in it.ever)
    cells = [
        (
            plain(one.skill, limit=60),
            f"{one.n_uses:,}",
            percent(one.completion_rate),
            duration(one.mean_duration_seconds),
            *([plain(one.workflow or "")] if has_workflow else []),
        )
        for one in it.ever
    ]
    last = ("Mostly in",) if has_workflow else ()
    head = ("Skill", "Runs", "Completed", "Mean time", *last)
    return "## Of all time\n\n" + table(head, cells, numbers=(1, 2, 3))
