"""An A/B test: two strategies, who gets which, and for how long."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CONTROL, TREATMENT = "control", "treatment"
COMPLETION, DURATION, RATING = "completion", "duration", "rating"
METRICS = (COMPLETION, DURATION, RATING)

AIMS = {COMPLETION: 0.05, DURATION: 0.1, RATING: 0.25}
"""The smallest difference worth finding: in shares, in parts of the duration, in points of rating."""


class Unit(StrEnum):
    """What is assigned to a group, and is one observation."""

    USER = "user"
    SESSION = "session"  # one person's: which strategy is better for that person


class State(StrEnum):
    """How a test stands."""

    RUNNING = "running"
    COMPLETED = "completed"  # its end has come
    STOPPED = "stopped"  # by hand


@dataclass(frozen=True, slots=True)
class Experiment:
    """A test as it is stored. Instants have a zone."""

    name: str
    control: str
    treatment: str
    start_at: datetime
    end_at: datetime | None = None
    description: str = ""
    metrics: tuple[str, ...] = (COMPLETION,)  # the first one decides
    control_share: float = 0.5
    min_sample_size: int = 100  # of each group
    unit: Unit = Unit.USER
    state: State = State.RUNNING
    id: int = 0

    def is_open(self, now: datetime) -> bool:
        """Say whether it assigns and takes outcomes."""
        has_begun = self.start_at <= now
        return self.state is State.RUNNING and has_begun and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        """Say whether its end has come."""
        return self.end_at is not None and self.end_at <= now

    def strategy(self, group: str) -> str:
        """Return what a group gets."""
        return self.control if group == CONTROL else self.treatment


def group_of(test_id: int, unit_id: str, control_share: float) -> str:
    """Return the group of a user (or session), always the same: by SHA-256 of both ids.

    The first 64 bits of the hash are a number from 0 to 1; those below the share are control.

    >>> [group_of(1, user, 0.5) for user in ("ann", "bob", "eve")]
    ['treatment', 'control', 'control']
    >>> group_of(1, "ann", 0.001)
    'treatment'
    """
    data = f"{test_id}:{unit_id}".encode("utf-8", "surrogatepass")
    place = int.from_bytes(hashlib.sha256(data).digest()[:8], "big") / 2**64
    return CONTROL if place < control_share else TREATMENT
