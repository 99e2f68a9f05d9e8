"""A made-up history of a team in which things are planted, so that reports can be checked.

It is random and yet the same for the same plan. People work in sessions, mostly on weekdays, each in
a project and language of their own. What is planted stands in :data:`PLANTED` and in the truth that
comes with it; whatever is not planted keeps its rate, duration and share for the whole time.
"""

import bisect
import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.domain.skill import Phase

MIN_ROWS_FOR_ANOMALIES = 2_000
"""Below this the last day has too few uses for anything to stand out in it."""

_HOUR_WEIGHTS = (
    *(1, 0, 0, 0, 0, 1, 2, 5, 20, 40, 45, 40),
    *(20, 30, 45, 45, 40, 30, 15, 8, 6, 6, 4, 2),
)
_WEEKEND = 0.15
_MEAN_SESSION = 9.0
_LAST_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make up. ``until`` has a zone and is where the history ends."""

    n_rows: int
    seed: int
    until: datetime
    n_days: int = 60
    n_users: int = 30
    is_planted: bool = True  # False: the same team, and nothing to be found


@dataclass(frozen=True, slots=True)
class Use:
    """An invocation and who it was."""

    invocation: Invocation
    user: str


@dataclass(frozen=True, slots=True)
class _Skill:
    """How a skill behaves: its share, how often it completes and finds something, how long it takes."""

    name: str
    phase: Phase
    weight: float
    completes: float
    finds: float
    seconds: float
    languages: tuple[str, ...] = ("python", "typescript")


_PY, _TS = ("python",), ("typescript",)
_S, _E, _V, _D = Phase.SETUP, Phase.EXECUTION, Phase.VERIFICATION, Phase.DEPLOYMENT
_SKILLS = (
    _Skill("pytest-run", _E, 16, 0.97, 0.25, 4.0, _PY),
    _Skill("pytest-file", _E, 7, 0.97, 0.2, 9.0, _PY),
    _Skill("pytest-last-failed", _E, 4, 0.97, 0.4, 3.0, _PY),
    _Skill("pytest-coverage", _V, 5, 0.95, 0.1, 14.0, _PY),
    _Skill("coverage-report", _V, 2, 0.97, 0.0, 0.8, _PY),
    _Skill("mypy-check", _V, 12, 0.96, 0.4, 6.0, _PY),
    _Skill("ruff-check", _V, 9, 0.99, 0.3, 0.3, _PY),
    _Skill("ruff-format", _S, 9, 0.99, 0.0, 0.2, _PY),
    _Skill("import-sort", _S, 4, 0.99, 0.0, 0.2, _PY),
    _Skill("bandit-security", _V, 3, 0.97, 0.2, 1.5, _PY),
    _Skill("complexity-check", _V, 2, 0.98, 0.3, 0.5, _PY),
    _Skill("pip-audit", _V, 2, 0.93, 0.2, 7.0, _PY),
    _Skill("package-build", _S, 3, 0.95, 0.0, 11.0, _PY),
    _Skill("package-check", _D, 2, 0.96, 0.1, 1.2, _PY),
    _Skill("sphinx-build", _E, 7, 0.95, 0.1, 20.0, _PY),
    _Skill("vitest-run", _E, 14, 0.97, 0.25, 5.0, _TS),
    _Skill("jest-run", _E, 10, 0.97, 0.2, 7.0, _TS),
    _Skill("tsc-check", _V, 11, 0.98, 0.3, 8.0, _TS),
    _Skill("eslint-check", _V, 10, 0.98, 0.35, 2.5, _TS),
    _Skill("prettier-format", _S, 9, 0.99, 0.0, 0.5, _TS),
    _Skill("npm-audit", _V, 3, 0.92, 0.2, 3.0, _TS),
    _Skill("pre-commit-all", _V, 9, 0.96, 0.2, 25.0),
    _Skill("commit-message", _D, 4, 0.98, 0.0, 1.0),
    _Skill("git-diff", _V, 5, 1.0, 0.0, 0.1),
    _Skill("git-status", _E, 4, 1.0, 0.0, 0.1),
    _Skill("codespell-check", _V, 3, 0.99, 0.2, 0.4),
    _Skill("refactoring-agent", _E, 5, 0.94, 0.0, 1.0),
    _Skill("explain-code", _E, 3, 0.97, 0.0, 1.0),
    _Skill("doc-generate", _E, 2, 0.96, 0.0, 1.0),
    _Skill("security-agent", _V, 1, 0.95, 0.0, 1.0),
)
_BY_NAME = {it.name: it for it in _SKILLS}
_AGENTS = frozenset({"refactoring-agent", "explain-code", "doc-generate", "security-agent"})


@dataclass(frozen=True, slots=True)
class Planted:
    """What can be found: each from what it is at the beginning to what it is at the end."""

    completion: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    slowness: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # times as long
    share: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # times as often
    drops: Mapping[str, float] = field(default_factory=dict)  # rate of the last day
    slow_days: Mapping[str, float] = field(default_factory=dict)  # times as long, on the last day
    spikes: Mapping[str, float] = field(default_factory=dict)  # times as often, on the last day
    bottlenecks: Mapping[str, float] = field(default_factory=dict)  # rate of completion, always
    followers: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    tastes: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # of which skills four times


PLANTED = Planted(
    completion={"pre-commit-all": (0.98, 0.78), "sphinx-build": (0.64, 0.98)},
    slowness={"tsc-check": (1.0, 1.9)},
    share={"refactoring-agent": (0.4, 1.8), "jest-run": (1.9, 0.2)},
    drops={"mypy-check": 0.35},
    slow_days={"vitest-run": 3.0},
    spikes={"npm-audit": 6.0},
    bottlenecks={"package-check": 0.55},
    followers={"ruff-format": ("ruff-check", 0.7), "package-build": ("package-check", 0.8)},
    tastes={
        "tester": ("pytest-coverage", "coverage-report", "pytest-last-failed"),
        "keeper": ("bandit-security", "pip-audit", "complexity-check"),
        "writer": ("doc-generate", "explain-code", "codespell-check"),
    },
)
_NOTHING = Planted()
_TASTE = 4.0


def made_up(plan: Plan) -> tuple[list[Use], dict[str, Any]]:
    """Return the uses in the order of their times, and the truth about them as plain data."""
    planted = PLANTED if plan.is_planted else _NOTHING
    if plan.n_rows < MIN_ROWS_FOR_ANOMALIES:
        planted = Planted(
            planted.completion,
            planted.slowness,
            planted.share,
            bottlenecks=planted.bottlenecks,
            followers=planted.followers,
            tastes=planted.tastes,
        )
    team = _Team(plan, planted)
    uses = list(itertools.islice(team.uses(), plan.n_rows))
    uses.sort(key=lambda it: (it.invocation.invoked_at, it.invocation.session_id))
    return uses, team.truth(uses)


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    project: str
    language: str
    taste: str


class _Team:
    """Makes up sessions, one after the other, anywhere in the time."""

    def __init__(self, plan: Plan, planted: Planted) -> None:
        self.plan, self.planted = plan, planted
        self._random = random.Random(plan.seed)  # noqa: S311 - a made-up history, no secret
        self._until = plan.until.astimezone(UTC)
        self._start = self._until - timedelta(days=plan.n_days)
        self._hours = [self._start + timedelta(hours=n) for n in range(plan.n_days * 24)]
        self._weights = [*itertools.accumulate(map(self._busyness, self._hours))]
        tastes = [*planted.tastes, ""]
        projects = ("shop", "billing", "website", "search", "mobile-api")
        self.people = [
            _Person(
                f"user-{n + 1:02}",
                projects[n % len(projects)],
                "typescript" if n % 3 == 1 else "python",
                tastes[n % len(tastes)],
            )
            for n in range(plan.n_users)
        ]

    def uses(self) -> Iterator[Use]:
        """Yield uses, session by session; the last day's extra ones first."""
        yield from self._spikes()
        while True:
            yield from self._session(self._random.choice(self.people), self._moment())

    def truth(self, uses: Sequence[Use]) -> dict[str, Any]:
        """Return what was planted, as plain data."""
        it = self.planted
        return {
            "rows": len(uses),
            "seed": self.plan.seed,
            "from": _iso(self._start),
            "until": _iso(self._until),
            "trends": [
                *(
                    _trend(name, "completion_rate", *change)
                    for name, change in it.completion.items()
                ),
                *(_trend(name, "duration", *change) for name, change in it.slowness.items()),
                *(_trend(name, "uses", *change) for name, change in it.share.items()),
            ],
            "anomalies": [
                *(_anomaly(name, "success-drop", rate) for name, rate in it.drops.items()),
                *(_anomaly(name, "duration-spike", times) for name, times in it.slow_days.items()),
                *(_anomaly(name, "use-spike", times) for name, times in it.spikes.items()),
            ],
            "bottlenecks": [
                {
                    "skill": name,
                    "phase": _BY_NAME[name].phase.value,
                    "abandonment": round(1 - rate, 2),
                }
                for name, rate in it.bottlenecks.items()
            ],
            "dependencies": [
                {"first": name, "then": then, "share": share}
                for name, (then, share) in it.followers.items()
            ],
            "preferences": [
                {
                    "users": [person.name for person in self.people if person.taste == taste],
                    "skills": list(skills),
                }
                for taste, skills in it.tastes.items()
            ],
        }

    def _busyness(self, hour: datetime) -> float:
        is_free = hour.weekday() >= 5 and hour < self._until - _LAST_DAY  # noqa: PLR2004 - Saturday
        return _HOUR_WEIGHTS[hour.hour] * (_WEEKEND if is_free else 1.0)

    def _moment(self) -> datetime:
        place = self._random.random() * self._weights[-1]
        hour = self._hours[bisect.bisect(self._weights, place)]
        return hour + timedelta(seconds=self._random.uniform(0, 3600))

    def _spikes(self) -> Iterator[Use]:
        per_day = self.plan.n_rows / self.plan.n_days
        total = sum(it.weight for it in _SKILLS)
        for name, times in self.planted.spikes.items():
            usual = per_day * _BY_NAME[name].weight / total
            for _ in range(max(20, round(usual * times))):
                person = self._random.choice(self.people)
                at = self._until - _LAST_DAY * self._random.random()
                yield self._use(_BY_NAME[name], person, at, _session_id(person, at))

    def _session(self, person: _Person, start: datetime) -> Iterator[Use]:
        session, at, before = _session_id(person, start), start, ""
        n_uses = 1 + int(self._random.expovariate(1 / (_MEAN_SESSION - 0.5)))
        for _ in range(n_uses):
            skill = self._next(person, before, at)
            if at >= self._until:
                return
            use = self._use(skill, person, at, session)
            yield use
            before = skill.name
            pause = self._random.lognormvariate(math.log(90), 1.0)
            at += timedelta(seconds=(use.invocation.duration_seconds or 0.0) + pause)

    def _next(self, person: _Person, before: str, at: datetime) -> _Skill:
        follower = self.planted.followers.get(before)
        if follower is not None and self._random.random() < follower[1]:
            return _BY_NAME[follower[0]]
        at_share = self._share(at)
        able = [it for it in _SKILLS if person.language in it.languages]
        taste = self.planted.tastes.get(person.taste, ())
        weights = []
        for it in able:
            weight = it.weight * (_TASTE if it.name in taste else 1.0)
            if it.name in self.planted.share:
                weight *= _between(self.planted.share[it.name], at_share)
            weights.append(weight)
        return self._random.choices(able, weights)[0]

    def _share(self, at: datetime) -> float:
        """Return how far into the history an instant is, 0 to 1."""
        return (at - self._start) / (self._until - self._start)

    def _use(self, skill: _Skill, person: _Person, at: datetime, session: str) -> Use:
        chance = self._random.random
        status, seconds = self._outcome(skill, at)
        is_ranked = chance() < 0.85  # noqa: PLR2004 - the rest is called by name
        rank = min(1 + int(self._random.expovariate(1.1)), 8) if is_ranked else None
        others = self._random.sample(_SKILLS, 4)
        invocation = Invocation(
            skill_name=skill.name,
            invoked_at=_iso(at),
            session_id=session,
            workflow_phase=skill.phase.value,
            alternatives_considered=tuple(it.name for it in others if it is not skill),
            selection_rank=rank,
            project=person.project,
            language=person.language,
            file_kind="test" if skill.name.startswith(("pytest", "jest", "vitest")) else "source",
            status=status,
            completed=status.is_completed,
            duration_seconds=round(seconds, 3),
            error_type=_ERRORS.get(status, ""),
            summary=_SUMMARIES[status],
        )
        return Use(invocation, person.name)

    def _outcome(self, skill: _Skill, at: datetime) -> tuple[Status, float]:
        planted, share = self.planted, self._share(at)
        is_last_day = at >= self._until - _LAST_DAY
        completes = planted.bottlenecks.get(skill.name, skill.completes)
        if skill.name in planted.completion:
            completes = _between(planted.completion[skill.name], share)
        if is_last_day:
            completes = planted.drops.get(skill.name, completes)
        seconds = self._random.lognormvariate(math.log(skill.seconds), 0.4)
        if skill.name in planted.slowness:
            seconds *= _between(planted.slowness[skill.name], share)
        if is_last_day:
            seconds *= planted.slow_days.get(skill.name, 1.0)
        if self._random.random() >= completes:
            return self._random.choices(_FAILURES, (6, 2, 1, 1))[0], seconds
        if skill.name in _AGENTS:
            return Status.HANDED_OVER, seconds
        found = self._random.random() < skill.finds
        return (Status.FAILED if found else Status.PASSED), seconds


_FAILURES = (Status.ERROR, Status.CANCELLED, Status.TIMED_OUT, Status.MISSING_TOOL)
_ERRORS = {
    Status.ERROR: "exit-2",
    Status.TIMED_OUT: "timeout",
    Status.MISSING_TOOL: "missing-tool",
    Status.FAILED: "findings",
}
_SUMMARIES = {
    Status.PASSED: "nothing found",
    Status.FAILED: "found something",
    Status.HANDED_OVER: "prompt opened",
    Status.ERROR: "the tool could not do its work",
    Status.CANCELLED: "cancelled",
    Status.TIMED_OUT: "stopped after its time limit",
    Status.MISSING_TOOL: "the tool is not installed",
}


def _session_id(person: _Person, at: datetime) -> str:
    return f"{person.project}_{at:%Y%m%dT%H%M%S%fZ}"


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _trend(skill: str, metric: str, first: float, last: float) -> dict[str, Any]:
    is_better = last < first if metric == "duration" else last > first
    verdict = "improving" if is_better else "declining"
    return {"skill": skill, "metric": metric, "from": first, "to": last, "verdict": verdict}


def _anomaly(skill: str, kind: str, size: float) -> dict[str, Any]:
    return {"skill": skill, "kind": kind, "size": size}
