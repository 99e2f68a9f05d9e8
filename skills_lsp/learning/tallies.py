"""Counts of successes that fade, by key, in bounded memory."""

import math
from collections.abc import Hashable, Iterator
from typing import Any

from skills_lsp.learning.events import SECONDS_PER_DAY
from skills_lsp.learning.parts import finite

NEVER = -math.inf
_RECENT = 0.75
"""What of the recent mean stays at each new outcome: the last four make up two thirds."""


class Tally:
    """What is known of one key.

    ``n`` and ``n_good`` fade with time, ``recent`` (+1 good, -1 not) with each outcome; ``n_ever``
    and ``n_good_ever`` stay. ``effect`` is
    what the key adds to the log-odds of success, with its ``variance``. ``last``, ``last_2`` and
    ``last_3`` are the latest outcomes as +1 and -1, 0 where there is none.
    """

    __slots__ = (
        "at", "effect", "last", "last_2", "last_3", "log_duration", "n", "n_ever", "n_good", "n_good_ever", "recent",
        "used_at", "uses", "variance",
    )  # fmt: skip

    def __init__(self, variance: float) -> None:
        self.at = NEVER  # of the last outcome
        self.n = self.n_good = self.recent = 0.0
        self.n_ever = self.n_good_ever = 0.0
        self.effect = 0.0
        self.variance = variance
        self.uses = 0
        self.used_at = NEVER
        self.last = self.last_2 = self.last_3 = 0.0
        self.log_duration = 0.0  # fading mean of log(1 + seconds)

    def values(self) -> list[float | None]:
        """Return the state as plain numbers, as :meth:`of` takes them."""
        found = [getattr(self, name) for name in self.__slots__]
        return [None if it == NEVER else round(it, 6) for it in found]

    @classmethod
    def of(cls, values: list[Any]) -> "Tally":
        """Return the tally of such numbers. Raises ValueError or TypeError for others."""
        it = cls(0.0)
        for name, value in zip(cls.__slots__, values, strict=True):
            setattr(it, name, NEVER if value is None else finite(value))
        it.uses = int(it.uses)
        return it


class Tallies:
    """The tallies of one kind of key (a skill, a user and a skill, ...), the latest used last.

    Parameters
    ----------
    prior_variance
        Of a key's effect, before anything is known of it.
    drift_per_day
        What the variance regains in a day, for people and projects change.
    half_life_days
        Of the counts.
    max_keys
        The stalest are dropped beyond it.
    """

    def __init__(
        self, prior_variance: float, drift_per_day: float, half_life_days: float, max_keys: int
    ) -> None:
        self.prior_variance = prior_variance
        self.half_life = half_life_days * SECONDS_PER_DAY
        self._drift = drift_per_day / SECONDS_PER_DAY
        self._max_keys = max_keys
        self._by_key: dict[Hashable, Tally] = {}
        self.get = self._by_key.get  # bound once: asked a few hundred times for each suggestion

    def __len__(self) -> int:
        return len(self._by_key)

    def touched(self, key: Hashable) -> Tally:
        """Return the tally of a key, made if need be, as the latest used."""
        it = self._by_key.pop(key, None) or Tally(self.prior_variance)
        if len(self._by_key) >= self._max_keys:
            del self._by_key[next(iter(self._by_key))]
        self._by_key[key] = it
        return it

    def count(self, it: Tally, at: float, success: bool) -> None:
        """Take an outcome into a tally's counts; its variance grows by the time that passed."""
        if it.at != NEVER:
            gone = max(0.0, at - it.at)
            it.variance = min(self.prior_variance, it.variance + self._drift * gone)
            left = 0.5 ** (gone / self.half_life)
            it.n *= left
            it.n_good *= left
        sign = 1.0 if success else -1.0
        it.n += 1.0
        it.n_good += success
        it.n_ever += 1.0
        it.n_good_ever += success
        it.recent = it.recent * _RECENT + sign * (1.0 - _RECENT)
        it.last_3, it.last_2, it.last = it.last_2, it.last, sign
        it.at = at

    def items(self) -> Iterator[tuple[Any, Tally]]:
        """Yield keys and tallies, the stalest first."""
        yield from self._by_key.items()

    def put(self, key: Hashable, it: Tally) -> None:
        """Take over a tally, joined with what is here of its key."""
        own = self._by_key.get(key)
        self.touched(key)
        self._by_key[key] = it if own is None else self._joined(own, it)

    def _joined(self, one: Tally, other: Tally) -> Tally:
        """Return what both know: counts add up, effects are weighed by what they rest on."""
        old, new = (one, other) if one.at <= other.at else (other, one)
        it = Tally.of(new.values())
        left = 0.5 ** ((new.at - old.at) / self.half_life) if old.at != NEVER else 0.0
        it.n, it.n_good = new.n + old.n * left, new.n_good + old.n_good * left
        it.n_ever, it.n_good_ever = old.n_ever + new.n_ever, old.n_good_ever + new.n_good_ever
        it.uses, it.used_at = old.uses + new.uses, max(old.used_at, new.used_at)
        weights = [max(0.0, 1 / t.variance - 1 / self.prior_variance) for t in (old, new)]
        if sum(weights) > 0:
            it.effect = (weights[0] * old.effect + weights[1] * new.effect) / sum(weights)
        it.variance = 1 / (sum(weights) + 1 / self.prior_variance)
        return it
