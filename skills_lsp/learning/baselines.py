"""What a model has to beat: simple rankings of the next skill, and a smoothed rate of success."""

from collections import Counter, defaultdict
from typing import Protocol

from skills_lsp.learning.moment import PRIOR_RATE, PRIOR_STRENGTH

_N_KEPT = 8
_SMOOTHING = 4.0


class Ranking(Protocol):
    """Foretells the next skill of a user."""

    def ranked(self, user: str, limit: int) -> list[str]:
        """Return skills, best first."""
        ...

    def learn(self, user: str, skill: str) -> None:
        """Take note of a use."""
        ...


class MostFrequent:
    """What the user used most, then what everyone did."""

    def __init__(self) -> None:
        self._own: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._all: Counter[str] = Counter()

    def ranked(self, user: str, limit: int) -> list[str]:
        """Return skills, best first."""
        own = [it for it, _ in self._own[user].most_common(limit)]
        return _filled(own, [it for it, _ in self._all.most_common(2 * limit)], limit)

    def learn(self, user: str, skill: str) -> None:
        """Count a use."""
        self._own[user][skill] += 1
        self._all[skill] += 1


class MostRecent:
    """What the user used last, newest first."""

    def __init__(self) -> None:
        self._recent: defaultdict[str, list[str]] = defaultdict(list)

    def ranked(self, user: str, limit: int) -> list[str]:
        """Return skills, best first."""
        return self._recent[user][:limit]

    def learn(self, user: str, skill: str) -> None:
        """Take note of a use."""
        recent = self._recent[user]
        if skill in recent:
            recent.remove(skill)
        recent.insert(0, skill)
        del recent[_N_KEPT:]


class Markov:
    """What followed the last skill most often, then what is used most.

    Parameters
    ----------
    is_own
        Count each user apart.
    """

    def __init__(self, *, is_own: bool = False) -> None:
        self._is_own = is_own
        self._followers: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._often: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._last: dict[str, str] = {}

    def ranked(self, user: str, limit: int) -> list[str]:
        """Return skills, best first."""
        whose = user if self._is_own else ""
        followers = self._followers[whose, self._last.get(user, "")]
        often = [it for it, _ in self._often[whose].most_common(2 * limit)]
        return _filled([it for it, _ in followers.most_common(limit)], often, limit)

    def learn(self, user: str, skill: str) -> None:
        """Count a use."""
        whose = user if self._is_own else ""
        self._followers[whose, self._last.get(user, "")][skill] += 1
        self._often[whose][skill] += 1
        self._last[user] = skill


class SmoothedRate:
    """The rate of success of user and skill, smoothed towards the skill's, and that towards all."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])

    def rate(self, user: str, skill: str) -> float:
        """Return the probability of success."""
        rate, weight = PRIOR_RATE, PRIOR_STRENGTH
        for key in ((), (skill,), (user, skill)):
            n, n_good = self._counts.get(key, (0, 0))
            rate, weight = (n_good + weight * rate) / (n + weight), _SMOOTHING
        return rate

    def learn(self, user: str, skill: str, success: bool) -> None:
        """Count an outcome."""
        for key in ((), (skill,), (user, skill)):
            counts = self._counts[key]
            counts[0] += 1
            counts[1] += success


def _filled(first: list[str], then: list[str], limit: int) -> list[str]:
    return [*first, *(it for it in then if it not in first)][:limit]
