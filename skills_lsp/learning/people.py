"""Where each user stands: the session, the last day, the latest outcomes."""

import math
from collections import deque
from typing import Any

from skills_lsp.learning.events import SESSION_GAP_SECONDS
from skills_lsp.learning.tallies import NEVER

_HOURS_KEPT = 24
_MAX_PEOPLE = 10_000
_MAX_STREAK = 5.0


class Person:
    """One user. ``streak`` is the number of equal outcomes in a row, negative for failures."""

    __slots__ = (
        "hours", "last_at", "n", "n_good", "n_known", "position", "session", "started_at", "streak",
    )  # fmt: skip

    def __init__(self) -> None:
        self.session = ""
        self.started_at = self.last_at = NEVER
        self.position = 0
        self.streak = 0.0
        self.hours: deque[list[int]] = deque()  # [hour, uses, outcomes, successes], oldest first
        self.n = self.n_known = self.n_good = 0

    def is_new_session(self, session: str, at: float) -> bool:
        """Say whether a use would begin a session."""
        return session != self.session or at - self.last_at > SESSION_GAP_SECONDS

    def use(self, session: str, at: float) -> None:
        """Count a use."""
        if self.is_new_session(session, at):
            self.session, self.started_at, self.position = session, at, 0
        self.position += 1
        self.last_at = at
        self._hour(at)[1] += 1
        self.n += 1

    def learn(self, at: float, success: bool) -> None:
        """Count an outcome."""
        hour = self._hour(at)
        hour[2] += 1
        hour[3] += success
        self.n_known += 1
        self.n_good += success
        if success:
            self.streak = min(_MAX_STREAK, max(0.0, self.streak) + 1.0)
        else:
            self.streak = max(-_MAX_STREAK, min(0.0, self.streak) - 1.0)

    def forget_before(self, at: float) -> None:
        """Drop the counts of what is older than a day."""
        oldest = at // 3600 - _HOURS_KEPT
        while self.hours and self.hours[0][0] <= oldest:
            _, n, n_known, n_good = self.hours.popleft()
            self.n -= n
            self.n_known -= n_known
            self.n_good -= n_good

    def _hour(self, at: float) -> list[int]:
        # After a clock that was put back, the hour counts on where it stood.
        number = int(at // 3600)
        if not self.hours or self.hours[-1][0] < number:
            self.hours.append([number, 0, 0, 0])
        return self.hours[-1]

    def values(self) -> list[Any]:
        """Return the state as plain data, as :meth:`of` takes it."""
        instants = [None if it == NEVER else it for it in (self.started_at, self.last_at)]
        return [
            self.session,
            self.position,
            self.streak,
            *instants,
            [list(it) for it in self.hours],
        ]

    @classmethod
    def of(cls, values: list[Any]) -> "Person":
        """Return the person of such data. Raises ValueError or TypeError for other data."""
        session, position, streak, started_at, last_at, hours = values
        it = cls()
        it.session, it.position, it.streak = str(session), int(position), float(streak)
        it.started_at = NEVER if started_at is None else float(started_at)
        it.last_at = NEVER if last_at is None else float(last_at)
        if not all(map(math.isfinite, (it.streak, max(it.last_at, 0.0), max(it.started_at, 0.0)))):
            raise ValueError("an instant is no number")
        for number, n, n_known, n_good in hours:
            it.hours.append([int(number), int(n), int(n_known), int(n_good)])
        it.n, it.n_known, it.n_good = (sum(hour[i] for hour in it.hours) for i in (1, 2, 3))
        return it


class People:
    """The users, the latest active last."""

    def __init__(self) -> None:
        self._by_name: dict[str, Person] = {}
        self.get = self._by_name.get

    def touched(self, name: str) -> Person:
        """Return a user, made if need be, as the latest active; beyond 10,000 the stalest goes."""
        it = self._by_name.pop(name, None) or Person()
        if len(self._by_name) >= _MAX_PEOPLE:
            del self._by_name[next(iter(self._by_name))]
        self._by_name[name] = it
        return it

    def put(self, name: str, it: Person) -> None:
        """Take over a user, unless the one here is at least as new."""
        own = self._by_name.get(name)
        if own is None or own.last_at < it.last_at:
            self.touched(name)
            self._by_name[name] = it

    def items(self) -> list[tuple[str, Person]]:
        """Return names and users."""
        return list(self._by_name.items())
