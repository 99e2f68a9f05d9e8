"""The kinds of contexts in which it is counted what followed."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from skills_lsp.learning.events import SECONDS_PER_DAY, SESSION_GAP_SECONDS, Setting
from skills_lsp.learning.parts import finite

START = ""
"""Stands for the skill before the first of a session."""

_HOURS_PER_BIN = 3
_N_RECENT = 12
_MAX_POSITION = 6


@dataclass(frozen=True, slots=True)
class Expert:
    """A kind of context.

    ``kept`` of its counts stays at each event in it, ``weight`` is where learning starts, ``most`` the
    number of followers that are kept, and ``doubt`` what the plain distribution counts for beside them.
    """

    name: str
    kept: float
    weight: float
    words: str
    most: int = 24
    doubt: float = 1.0


EXPERTS = (
    Expert("all-1", 0.9995, 0.30, "it usually follows {last}", 64, 4.0),
    Expert("all-1-outcome", 0.9995, 0.10, "it usually follows such an outcome of {last}", 64, 4.0),
    Expert("all-2", 0.9995, 0.10, "it usually follows your last two", 64, 4.0),
    Expert("all-1-project", 0.999, 0.05, "it usually follows {last} in this project", 64, 4.0),
    Expert("all-1-language", 0.999, 0.05, "it usually follows {last} in this language", 64, 4.0),
    Expert("own", 0.998, 0.50, "you use it a lot", 100, 4.0),
    Expert("own-lately", 0.9, 0.05, "you use it a lot lately"),
    Expert("own-1", 0.995, 0.20, "you often use it after {last}"),
    Expert("own-1-lately", 0.8, 0.10, "you lately used it after {last}"),
    Expert("own-1-outcome", 0.99, 0.10, "you often use it after such an outcome of {last}"),
    Expert("own-2", 0.99, 0.20, "you often use it after your last two"),
    Expert("own-3", 0.99, 0.15, "you often use it after your last three"),
    Expert("own-skip", 0.99, 0.05, "you often use it two steps after what you used before {last}"),
    Expert("own-1-project", 0.99, 0.05, "you often use it after {last} in this project"),
    Expert("own-hour", 0.99, 0.05, "you often use it at this hour"),
    Expert("own-1-hour", 0.99, 0.05, "you often use it after {last} at this hour"),
    Expert("own-position", 0.99, 0.05, "you often use it at this point of a session"),
    Expert("own-recency", 0.99, 0.05, "you come back to it about now"),
)
EVERYONE_1, OWN_1, RECENCY = (
    next(i for i, it in enumerate(EXPERTS) if it.name == name)
    for name in ("all-1", "own-1", "own-recency")
)


class Track:
    """What a user did lately."""

    __slots__ = ("at", "last_id", "outcome", "position", "recent", "session", "skills")

    def __init__(self) -> None:
        self.session = ""
        self.at = -math.inf
        self.skills = (START, START, START)  # newest first
        self.recent: list[str] = []  # distinct, newest first
        self.last_id = ""
        self.outcome = "?"
        self.position = 0

    def is_new_session(self, setting: Setting) -> bool:
        """Say whether a use would begin a session."""
        return setting.session != self.session or setting.at - self.at > SESSION_GAP_SECONDS

    def use(self, skill: str, setting: Setting, event_id: str) -> None:
        """Take note of a use."""
        if self.is_new_session(setting):
            self.session, self.position = setting.session, 0
            self.skills = (START, START, START)
        self.position += 1
        self.at = setting.at
        self.skills = (skill, *self.skills[:2])
        if skill in self.recent:
            self.recent.remove(skill)
        self.recent.insert(0, skill)
        del self.recent[_N_RECENT:]
        self.last_id, self.outcome = event_id, "?"

    def keys(self, setting: Setting) -> list[Hashable]:
        """Return the key of the present context for each expert, None where there is none."""
        user, project, language = setting.user, setting.project, setting.language
        hour = int(setting.at % SECONDS_PER_DAY // 3600) // _HOURS_PER_BIN
        is_new = self.is_new_session(setting)
        last, second, third = (START, START, START) if is_new else self.skills
        position = 0 if is_new else min(self.position, _MAX_POSITION)
        outcome = START if is_new else self.outcome
        # The last skill counts across sessions where the context says nothing else.
        before = self.recent[0] if self.recent else START
        return [
            before,
            (last, outcome),
            (last, second),
            (last, project) if project else None,
            (last, language) if language else None,
            user,
            user,
            (user, before),
            (user, before),
            (user, last, outcome),
            (user, last, second),
            (user, last, second, third),
            (user, second),
            (user, last, project) if project else None,
            (user, hour),
            (user, last, hour),
            (user, position),
            user,
        ]

    def values(self) -> list[object]:
        """Return the state as plain data, as :meth:`of` takes it."""
        at = None if self.at == -math.inf else self.at
        return [self.session, at, list(self.skills), self.recent, self.outcome, self.position]

    @classmethod
    def of(cls, values: list[Any]) -> "Track":
        """Return the track of such data. Raises ValueError or TypeError for other data."""
        session, at, skills, recent, outcome, position = values
        it = cls()
        it.session, it.outcome, it.position = str(session), str(outcome), int(position)
        it.at = -math.inf if at is None else finite(at)
        first, second, third = map(str, skills)
        it.skills = (first, second, third)
        it.recent = [str(skill) for skill in recent[:_N_RECENT]]
        return it
