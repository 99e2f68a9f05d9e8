"""What happened, as the models see it, and when each part of it became known."""

from dataclasses import dataclass

SECONDS_PER_DAY = 86_400.0

SESSION_GAP_SECONDS = 3_600.0
"""Who was away for this long starts anew, whatever the editor calls its session."""

_MAX_DURATION_SECONDS = 7 * SECONDS_PER_DAY


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a skill is, or would be, used. ``at`` is in seconds since 1970 (UTC)."""

    at: float
    user: str = ""
    session: str = ""
    project: str = ""
    language: str = ""
    file_kind: str = ""
    complexity: float = 0.0
    """Cyclomatic complexity of the code at hand; 0 when there is none, or nobody looked."""


@dataclass(frozen=True, slots=True)
class Event:
    """One use of a skill. What is not known is empty, 0 or None."""

    skill: str
    setting: Setting
    phase: str = ""
    has_pattern: bool = False
    """Whether something seen in the code had called for the skill."""
    id: str = ""
    """Names the use, so that an outcome finds it; a second event of the same id is ignored."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a use ended.

    ``success`` says whether the skill did its work, ``is_clean`` whether it found nothing to
    complain of (None: as ``success``): tests that ran and failed did their work.
    """

    id: str
    known_at: float
    success: bool
    duration_seconds: float | None = None
    is_clean: bool | None = None


def ended_at(at: float, duration_seconds: float | None, delay_seconds: float = 0.0) -> float:
    """Return when the outcome of a use becomes known: at its end, or so much later.

    A duration that is missing, negative, infinite or longer than a week counts as none.

    >>> ended_at(100.0, 5.0), ended_at(100.0, None), ended_at(100.0, -3.0), ended_at(100.0, 5.0, 60.0)
    (105.0, 100.0, 100.0, 165.0)
    """
    lasted = usable_duration(duration_seconds)
    return at + (lasted or 0.0) + max(delay_seconds, 0.0)


def usable_duration(duration_seconds: float | None) -> float | None:
    """Return a duration that can be true, None for any other."""
    if duration_seconds is None or not 0.0 <= duration_seconds <= _MAX_DURATION_SECONDS:
        return None
    return duration_seconds
