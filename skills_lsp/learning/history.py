"""What past outcomes say about the next, kept up to date with each event.

Everything is *as of its own time*: what happens at an instant is seen from the next instant on, an
outcome from when it became known, and an event never by itself.
"""

import heapq
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from skills_lsp.learning.events import SECONDS_PER_DAY, Ending, Event, Setting, usable_duration
from skills_lsp.learning.moment import Keys, Moment
from skills_lsp.learning.parts import chunks
from skills_lsp.learning.people import People, Person
from skills_lsp.learning.tallies import NEVER, Tallies, Tally

_MAX_WAITING = 10_000
_DURATION_KEPT = 0.8
_MOST_LOG_ODDS = 6.0

# Prior variance of the effect on the log-odds, its drift a day, half-life of the counts in days,
# most keys. Tuned on the generators of tests/learning; what is finer varies less.
_KINDS = {
    "all": (2.0, 0.001, 30.0, 1),
    "user": (0.6, 0.002, 30.0, 10_000),
    "skill": (0.8, 0.002, 30.0, 10_000),
    "user_skill": (0.2, 0.001, 30.0, 50_000),
    "project": (0.05, 0.001, 30.0, 5_000),
    "user_project": (0.03, 0.0005, 30.0, 10_000),
    "skill_project": (0.12, 0.001, 30.0, 50_000),
    "skill_language": (0.12, 0.001, 30.0, 20_000),
    "hour": (0.08, 0.0005, 60.0, 24),
    "weekday": (0.02, 0.0002, 60.0, 7),
    "user_hour": (0.05, 0.0005, 60.0, 20_000),
    "skill_hour": (0.03, 0.0003, 60.0, 20_000),
    "session": (0.05, 0.0, 30.0, 5_000),
    "streak": (0.1, 0.001, 60.0, 30),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A use whose outcome is known, with its features as of its own time."""

    features: list[float]
    success: bool
    at: float
    known_at: float


class History:
    """The state behind the features: constant work for each event, bounded memory.

    Ask for a :meth:`moment` and for rows of it; tell of uses by :meth:`begin` and of outcomes by
    :meth:`end`, in any order. What lies in the future waits until its time has come.

    Parameters
    ----------
    on_example
        Is given each use once its outcome has been taken in.
    """

    def __init__(self, on_example: Callable[[Example], None] | None = None) -> None:
        self._tallies = {name: Tallies(*it) for name, it in _KINDS.items()}
        self._people = People()
        self._queue: list[tuple[float, int, Event | Ending]] = []
        self._numbers = itertools.count()
        self._waiting: dict[str, tuple[Event, list[float] | None, Keys]] = {}
        self._on_example = on_example
        self._taken_in = NEVER
        self.n_outcomes = 0

    # -- asking ------------------------------------------------------------------------------------

    def moment(self, setting: Setting) -> Moment:
        """Return what is known at an instant, before anything that happens at it."""
        self.advance(setting.at)
        return Moment(self._tallies, self._people.get(setting.user), setting)

    def uses(self, user: str, skill: str) -> int:
        """Return how often a user has used a skill."""
        found = self._tallies["user_skill"].get((user, skill))
        return found.uses if found is not None else 0

    # -- telling -----------------------------------------------------------------------------------

    def begin(self, event: Event) -> list[float] | None:
        """Take note of a use; return its features, None for one that is known already."""
        at = event.setting.at
        if event.id in self._waiting or not math.isfinite(at):
            return None
        moment = self.moment(event.setting)
        row = moment.row(event.skill, event.phase, has_pattern=event.has_pattern)
        # A latecomer would see its own future: it counts, and nothing is fitted on it.
        kept = row if self._on_example is not None and at >= self._taken_in else None
        if len(self._waiting) >= _MAX_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[event.id] = (event, kept, moment.keys(event.skill))
        self._push(at, event)
        return row

    def end(self, ending: Ending) -> None:
        """Take note of an outcome. One for a use that is not waiting for it changes nothing."""
        waiting = self._waiting.get(ending.id)
        if waiting is not None and math.isfinite(ending.known_at):
            self._push(max(ending.known_at, waiting[0].setting.at), ending)

    def _push(self, at: float, what: Event | Ending) -> None:
        heapq.heappush(self._queue, (at, next(self._numbers), what))

    def advance(self, at: float) -> None:
        """Take in what happened before an instant."""
        queue = self._queue
        while queue and (queue[0][0] < at or len(queue) > 2 * _MAX_WAITING):
            when, _, what = heapq.heappop(queue)
            self._taken_in = when
            if isinstance(what, Event):
                self._use(what)
            else:
                self._learn(what, when)
        if self._taken_in - at > SECONDS_PER_DAY:  # The clock was put back: go on from there.
            self._taken_in = at

    def _use(self, event: Event) -> None:
        setting = event.setting
        self._people.touched(setting.user).use(setting.session, setting.at)
        for kind, key in (("skill", event.skill), ("user_skill", (setting.user, event.skill))):
            it = self._tallies[kind].touched(key)
            it.uses += 1
            it.used_at = setting.at

    def _learn(self, ending: Ending, at: float) -> None:
        found = self._waiting.pop(ending.id, None)
        if found is None:
            return
        event, row, keys = found
        touched = [(self._tallies[kind], self._tallies[kind].touched(key)) for kind, key in keys]
        for tallies, it in touched:
            tallies.count(it, at, ending.success)
        _filter([it for _, it in touched], ending.success)
        self._people.touched(event.setting.user).learn(at, ending.success)
        lasted = usable_duration(ending.duration_seconds)
        if lasted is not None:
            _take_duration(self._tallies["skill"].touched(event.skill), lasted)
        self.n_outcomes += 1
        if row is not None and self._on_example is not None:
            self._on_example(Example(row, ending.success, event.setting.at, at))

    # -- keeping -----------------------------------------------------------------------------------

    def parts(self) -> Iterator[list[Any]]:
        """Yield the state as plain data, in parts small enough to be written one at a time.

        Uses that wait for their outcome are not in it: the store has them.
        """
        yield ["history", 1, self.n_outcomes]
        for kind, tallies in self._tallies.items():
            rows = ([key, it.values()] for key, it in tallies.items())
            yield from ([kind, chunk] for chunk in chunks(rows))
        people = ([name, it.values()] for name, it in self._people.items())
        yield from (["people", chunk] for chunk in chunks(people))

    def put(self, part: list[Any]) -> None:
        """Take over one part of another state. Raises ValueError or TypeError for what is none."""
        kind, content, *rest = part
        if kind == "history":
            if content != 1:
                raise ValueError("the state is of another version")
            self.n_outcomes += int(rest[0])
        elif kind == "people":
            for name, values in content:
                self._people.put(str(name), Person.of(values))
        elif kind in self._tallies:
            for key, values in content:
                own_key = tuple(key) if isinstance(key, list) else key
                self._tallies[kind].put(own_key, Tally.of(values))

    def merge(self, parts: Iterable[list[Any]]) -> None:
        """Take over a state that was made from other events."""
        for part in parts:
            self.put(part)


def _filter(tallies: list[Tally], success: bool) -> None:
    """Move the effects towards an outcome: one step of an extended Kalman filter.

    The log-odds are the sum of the effects, each with a variance of its own; what is known least
    moves most. See Graepel et al. (2010), Web-scale Bayesian click-through rate prediction,
    https://icml.cc/Conferences/2010/papers/901.pdf, for the same idea.
    """
    log_odds = sum(it.effect for it in tallies)
    variance = sum(it.variance for it in tallies)
    bounded = max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, log_odds))
    # A wide variance pulls the mean of the probability towards one half.
    rate = 1.0 / (1.0 + math.exp(-bounded / math.sqrt(1.0 + math.pi * variance / 8.0)))
    weight = rate * (1.0 - rate)
    gain = 1.0 / (1.0 + weight * variance)
    surprise = (success - rate) * gain
    for it in tallies:
        it.effect += it.variance * surprise
        it.variance -= it.variance * it.variance * weight * gain


def _take_duration(it: Tally, seconds: float) -> None:
    value = math.log1p(seconds)
    kept = _DURATION_KEPT if it.log_duration else 0.0
    it.log_duration = kept * it.log_duration + (1.0 - kept) * value
