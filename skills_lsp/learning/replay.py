"""The proof: a history played back in time order through the very models, beside baselines.

Nothing is seen before its time: all uses of one instant are foretold before any of them is told, and
outcomes are told when they became known.
"""

import heapq
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from skills_lsp.learning.baselines import Markov, MostFrequent, MostRecent, Ranking, SmoothedRate
from skills_lsp.learning.events import Ending, Event, Setting, ended_at, usable_duration
from skills_lsp.learning.history import Example
from skills_lsp.learning.learner import Learner
from skills_lsp.learning.measures import (
    area_under_curve,
    brier,
    calibration,
    calibration_error,
    log_loss,
)
from skills_lsp.learning.success import SuccessModel

TEST_SHARE = 0.2
_LEAST_SHARE, _MOST_SHARE = 0.05, 0.5
N_RANKED = 5
_N_LAST = 2
_MODEL = "skills-lsp"
_RATE = "smoothed rate"

Fit = Callable[[Sequence[Example]], SuccessModel]


@dataclass(frozen=True, slots=True)
class Use:
    """One line of a history; ``success`` is None where nobody knows."""

    user: str
    session: str
    at: float
    skill: str
    success: bool | None
    duration_seconds: float | None = None
    project: str = ""
    language: str = ""
    file_kind: str = ""
    phase: str = ""
    is_clean: bool | None = None
    complexity: float = 0.0
    has_pattern: bool = False


@dataclass(slots=True)
class _Ranks:
    """The ranks of what came, as one ranking had them; None where it was not among five."""

    ranks: list[int | None] = field(default_factory=list)
    is_new: list[bool] = field(default_factory=list)  # not among the last two distinct skills

    def measures(self, *, new_alone: bool) -> dict[str, float | None]:
        chosen = [
            rank
            for rank, is_new in zip(self.ranks, self.is_new, strict=True)
            if is_new or not new_alone
        ]
        n = len(chosen)
        if not n:
            return {"mrr@5": None, "recall@1": None, "recall@5": None}
        return {
            "mrr@5": sum(1 / rank for rank in chosen if rank) / n,
            "recall@1": sum(rank == 1 for rank in chosen) / n,
            "recall@5": sum(rank is not None for rank in chosen) / n,
        }


def learned(
    uses: Iterable[Use], now: float, on_example: Callable[[Example], None] | None = None
) -> Learner:
    """Return a learner that has seen a history up to an instant; what runs on is not in it."""
    learner = Learner(on_example)
    for number, use in enumerate(sorted(uses, key=lambda it: it.at)):
        if use.at >= now:
            break
        event = event_of(use, str(number))
        learner.begin(event)
        if use.success is not None:
            known_at = ended_at(use.at, use.duration_seconds)
            learner.end(Ending(event.id, known_at, use.success, use.duration_seconds, use.is_clean))
    learner.advance(now)
    return learner


class Replay:
    """Plays a history back.

    Parameters
    ----------
    fit
        Fits a model to examples; called when a fit is due, as a server would.
    delay_seconds
        How much later than its end an outcome becomes known.
    """

    def __init__(self, fit: Fit, delay_seconds: float = 0.0) -> None:
        self._fit = fit
        self._delay = delay_seconds
        self._examples: list[Example] = []
        self._learner = Learner(self._examples.append)
        self._rankings: dict[str, Ranking] = {
            "most frequent": MostFrequent(),
            "most recent": MostRecent(),
            "order-1 Markov": Markov(),
            "own order-1 Markov": Markov(is_own=True),
        }
        self._recent = MostRecent()
        self._rate = SmoothedRate()
        self._known: list[tuple[float, int, Use]] = []
        self._numbers = itertools.count()
        self._ranks = {it: _Ranks() for it in (_MODEL, *self._rankings)}
        self._rates: dict[str, list[float]] = {_MODEL: [], _RATE: []}
        self._outcomes: list[bool] = []
        self._reports: list[dict[str, Any]] = []

    def run(self, uses: Iterable[Use]) -> dict[str, Any]:
        """Play a history, in any order, and return the measures of the last fifth of its time."""
        ordered = sorted(uses, key=lambda it: it.at)
        if not ordered:
            return {"n_uses": 0}
        test_from = _test_from(ordered)
        for at, group in itertools.groupby(ordered, key=lambda it: it.at):
            self._step(at, list(group), is_test=at >= test_from)
        return self._report(ordered, test_from)

    def _step(self, at: float, uses: list[Use], *, is_test: bool) -> None:
        while self._known and self._known[0][0] < at:
            use = heapq.heappop(self._known)[2]
            self._rate.learn(use.user, use.skill, bool(use.success))
        events = [event_of(it, str(next(self._numbers))) for it in uses]
        if is_test:
            self._learner.advance(at)
            if self._learner.is_fit_due(at):
                self._refit(at)
            for use, event in zip(uses, events, strict=True):
                self._rank(use, event.setting)
        rows = [self._learner.begin(it) for it in events]
        if is_test:
            for use, row in zip(uses, rows, strict=True):
                if row is not None and use.success is not None:
                    self._rates[_MODEL].append(self._learner.model.rate(row))
                    self._rates[_RATE].append(self._rate.rate(use.user, use.skill))
                    self._outcomes.append(use.success)
        for use, event in zip(uses, events, strict=True):
            self._tell(use, event.id)

    def _tell(self, use: Use, number: str) -> None:
        for it in (*self._rankings.values(), self._recent):
            it.learn(use.user, use.skill)
        if use.success is None:
            return
        lasted = usable_duration(use.duration_seconds)
        known_at = ended_at(use.at, lasted, self._delay)
        heapq.heappush(self._known, (known_at, int(number), use))
        self._learner.end(Ending(number, known_at, use.success, lasted, use.is_clean))

    def _rank(self, use: Use, setting: Setting) -> None:
        found = {_MODEL: [it.skill for it in self._learner.next_skills(setting, N_RANKED)]}
        found |= {name: it.ranked(use.user, N_RANKED) for name, it in self._rankings.items()}
        is_new = use.skill not in self._recent.ranked(use.user, _N_LAST)
        for name, ranked in found.items():
            rank = ranked.index(use.skill) + 1 if use.skill in ranked else None
            self._ranks[name].ranks.append(rank)
            self._ranks[name].is_new.append(is_new)

    def _refit(self, at: float) -> None:
        model = self._fit(self._examples)
        self._learner.use_model(model, at)
        self._reports.append({"at": at, **(model.report or {})})

    def _report(self, uses: Sequence[Use], test_from: float) -> dict[str, Any]:
        new = self._ranks[_MODEL].is_new
        return {
            "n_uses": len(uses),
            "n_users": len({it.user for it in uses}),
            "n_skills": len({it.skill for it in uses}),
            "n_sessions": len({(it.user, it.session) for it in uses}),
            "from": uses[0].at,
            "to": uses[-1].at,
            "test_from": test_from,
            "n_test": len(new),
            "delay_seconds": self._delay,
            "next_skill": {
                "all": {name: it.measures(new_alone=False) for name, it in self._ranks.items()},
                "not_among_last_two": {
                    name: it.measures(new_alone=True) for name, it in self._ranks.items()
                },
                "n_not_among_last_two": sum(new),
            },
            "success": {
                "n": len(self._outcomes),
                "share": sum(self._outcomes) / len(self._outcomes) if self._outcomes else None,
                **{name: _quality(it, self._outcomes) for name, it in self._rates.items()},
            },
            "fits": self._reports,
        }


def _test_from(uses: Sequence[Use]) -> float:
    """Return where the last fifth of the time begins.

    Where nearly nothing or nearly all of it lies there (one stamp of another century), it is the
    last fifth of the uses.
    """
    first, last = uses[0].at, uses[-1].at
    instant = first + (1.0 - TEST_SHARE) * (last - first)
    share = sum(it.at >= instant for it in uses) / len(uses)
    if _LEAST_SHARE <= share <= _MOST_SHARE:
        return instant
    return uses[int((1.0 - TEST_SHARE) * len(uses))].at


def event_of(use: Use, number: str) -> Event:
    """Return a use as an event of that id."""
    setting = Setting(
        use.at,
        use.user,
        use.session,
        use.project,
        use.language,
        file_kind=use.file_kind,
        complexity=use.complexity,
    )
    return Event(use.skill, setting, use.phase, use.has_pattern, number)


def _quality(rates: Sequence[float], outcomes: Sequence[bool]) -> dict[str, Any]:
    if not outcomes:
        return {"auc": None, "log_loss": None, "brier": None, "ece": None, "calibration": []}
    bins = calibration(rates, outcomes)
    return {
        "auc": area_under_curve(rates, outcomes),
        "log_loss": log_loss(rates, outcomes),
        "brier": brier(rates, outcomes),
        "ece": calibration_error(bins),
        "calibration": [asdict(it) for it in bins],
    }
