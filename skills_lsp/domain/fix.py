"""Problems that runs reported, and what was tried against them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One kind of problem: what said it, its code or exception, and the normalised message.

    ``stage`` is the workflow phase of the run; it does not tell two issues apart.
    """

    tool: str
    type: str
    message: str
    stage: str = ""

    @property
    def kind(self) -> str:
        """What tool and type it is of."""
        return f"{self.tool} {self.type}".strip()

    @property
    def text(self) -> str:
        """What is embedded of it."""
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class Known:
    """An issue of the memory."""

    id: int
    issue: Issue
    n_seen: int
    last_seen_at: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried against an issue, as it is stored."""

    issue_id: int
    strategy: str
    success: bool
    credit: float
    tried_at: str


@dataclass(frozen=True, slots=True)
class Similar:
    """An issue of the memory, how much it is like the one asked about, and what was tried."""

    known: Known
    similarity: float
    """0 to 1."""
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """How a strategy went on issues like the one asked about."""

    strategy: str
    confidence: float
    """Lower end of the interval of its success rate, 0 to 1."""
    rate: float
    """Weighted share of attempts that worked, 0 to 1."""
    evidence: float
    """Number of attempts, by their weights."""
    n_tried: int
    n_worked: int
    similarity: float
    """Mean similarity of the attempts, by their weights."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The best strategy, None when too little is known, and up to three others."""

    best: Vote | None
    alternatives: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to try against an issue, and the issues and the engine that this rests on."""

    issue: Issue
    recommendation: Recommendation
    similar: tuple[Similar, ...] = ()
    engine: str = "words"
    """``words``, or the id of the model that found the similar issues."""


@dataclass(frozen=True, slots=True)
class StrategyRecord:
    """How a strategy has gone, over all issues."""

    strategy: str
    n_attempts: int
    n_successes: int
    n_issues: int
    last_tried_at: str
    last_worked_at: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What the memory holds."""

    n_issues: int = 0
    n_open: int = 0
    n_attempts: int = 0
    n_successes: int = 0
    strategies: tuple[StrategyRecord, ...] = ()
    types: tuple[tuple[str, str, int, int], ...] = ()
    """Tool, type, number of issues and of runs that reported one, the most frequent first."""
