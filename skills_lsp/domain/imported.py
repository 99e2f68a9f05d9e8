"""A history from elsewhere, as it was read: what can be used of it, and what cannot."""

from dataclasses import dataclass

from skills_lsp.domain.invocation import Invocation, Status


@dataclass(frozen=True, slots=True)
class Skipped:
    """A piece of a file that cannot be used: where it stands, and why."""

    place: str  # "record 18", "line 120", "row 7"
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One use of a skill; ``has_session`` is false when its session was made up by its time."""

    invocation: Invocation
    has_session: bool

    @property
    def is_pending(self) -> bool:
        """Say whether it was begun and nobody wrote down its end."""
        return self.invocation.status is Status.RUNNING


@dataclass(frozen=True, slots=True)
class SkillTotal:
    """What a file itself says of one skill, beside its records."""

    n_invocations: int
    n_completed: int
    n_abandoned: int
    total_duration_seconds: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a file's totals and its records do not agree."""

    skill: str
    what: str  # uses, completed, abandoned, seconds
    declared: float
    counted: float


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """What a file holds.

    ``mended`` are records that are used although a detail of them could not be: what, and how many.
    """

    path: str
    variant: str  # crackerjack, session-buddy, skills-lsp, database
    digest: str
    zone: str
    records: tuple[Record, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    mended: tuple[tuple[str, int], ...] = ()
    differences: tuple[Difference, ...] = ()
    has_totals: bool = False
    damage: str = ""  # what is wrong with the file as a whole; empty when it is sound

    @property
    def n_pending(self) -> int:
        """How many were begun without an end."""
        return sum(it.is_pending for it in self.records)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    n_added: int
    n_finished: int
    n_known: int
    id: int | None = None  # None when nothing was written
    backup: str = ""


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import as it is listed."""

    id: int
    source: str
    variant: str
    zone: str
    imported_at: str
    n_added: int
    n_finished: int
    n_known: int
    n_skipped: int
    backup: str
    rolled_back_at: str
