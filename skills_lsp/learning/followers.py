"""What followed in a context: counts that fade with each event, in bounded memory."""

from collections.abc import Hashable, Iterator
from typing import Any

_MAX_FOLLOWERS = 48
_MAX_STEP = 1e12


class Followers:
    """The skills that followed in one context. A count is ``counts[skill] / step``.

    Instead of all counts fading at each event, the next event counts for more.
    """

    __slots__ = ("counts", "step", "total")

    def __init__(self) -> None:
        self.counts: dict[str, float] = {}
        self.step = 1.0
        self.total = 0.0

    def add(self, skill: str, kept: float, most: int) -> None:
        """Count one more, after which ``kept`` is left of what was counted before."""
        self.step /= kept
        counts = self.counts
        counts[skill] = counts.get(skill, 0.0) + self.step
        self.total += self.step
        if len(counts) > most:
            self._keep(sorted(counts, key=counts.__getitem__)[len(counts) // 3 :])
        if self.step > _MAX_STEP:
            self._scale()

    def _keep(self, skills: list[str]) -> None:
        self.counts = {it: self.counts[it] for it in skills}
        self.total = sum(self.counts.values())

    def _scale(self) -> None:
        # What has faded to a millionth says nothing any more.
        self.counts = {
            skill: count / self.step
            for skill, count in self.counts.items()
            if count > self.step * 1e-6
        }
        self.total, self.step = sum(self.counts.values()), 1.0

    def join(self, other: "Followers", most: int) -> None:
        """Add what another has counted."""
        self._scale()
        other._scale()  # noqa: SLF001 - of the same class
        for skill, count in other.counts.items():
            self.counts[skill] = self.counts.get(skill, 0.0) + count
        self._keep(sorted(self.counts, key=self.counts.__getitem__)[-most:])

    def values(self) -> dict[str, float]:
        """Return the counts, as :meth:`of` takes them."""
        self._scale()
        return {skill: round(count, 5) for skill, count in self.counts.items()}

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Followers":
        """Return followers with such counts. Raises ValueError or TypeError for what are none."""
        it = cls()
        for skill, count in values.items():
            if not 0.0 <= float(count) < _MAX_STEP:
                raise ValueError(f"{count!r} is no count")
            it.counts[str(skill)] = float(count)
        it.total = sum(it.counts.values())
        return it


class Contexts:
    """The contexts of one kind; beyond ``max_keys`` the stalest are dropped."""

    def __init__(self, kept: float, max_keys: int, max_followers: int = _MAX_FOLLOWERS) -> None:
        self._kept = kept
        self._max_keys = max_keys
        self._max_followers = max_followers
        self._by_key: dict[Hashable, Followers] = {}
        self.get = self._by_key.get

    def __len__(self) -> int:
        return len(self._by_key)

    def add(self, key: Hashable, skill: str) -> None:
        """Count what followed in a context."""
        it = self._by_key.pop(key, None)
        if it is None:
            it = Followers()
            if len(self._by_key) >= self._max_keys:
                del self._by_key[next(iter(self._by_key))]
        self._by_key[key] = it
        it.add(skill, self._kept, self._max_followers)

    def put(self, key: Hashable, it: Followers) -> None:
        """Take over a context, added to what is here of it."""
        own = self._by_key.get(key)
        if own is not None:
            own.join(it, self._max_followers)
            return
        if len(self._by_key) >= self._max_keys:
            del self._by_key[next(iter(self._by_key))]
        self._by_key[key] = it

    def items(self) -> Iterator[tuple[Any, Followers]]:
        """Yield keys and followers, the stalest first."""
        yield from self._by_key.items()
