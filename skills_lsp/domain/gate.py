"""Phases of quality gates: checks that a gate runs in their order, each a use of a skill."""

from dataclasses import dataclass

CRACKERJACK = "crackerjack"
# The phases of Crackerjack, a quality gate for Python, in the order in which it runs them.
GATE_PHASES = {
    "fast_hooks": "setup",
    "tests": "execution",
    "comprehensive_hooks": "verification",
    "ai_fix": "execution",
}


@dataclass(frozen=True, slots=True)
class GatePhase:
    """One tool's turn in a phase of a quality gate. ``started_at`` is ISO-8601 in UTC."""

    gate: str
    run_id: str
    phase: str
    tool: str
    started_at: str
    succeeded: bool
    duration_seconds: float | None = None
    error: str = ""
    project: str = ""

    @property
    def session_id(self) -> str:
        """The session of its invocations."""
        return f"{self.gate}_{self.run_id}"


@dataclass(frozen=True, slots=True)
class ToolTotal:
    """What one tool did in one phase."""

    phase: str
    tool: str
    n_turns: int
    n_succeeded: int
    n_timed: int
    total_duration_seconds: float
    last_at: str


@dataclass(frozen=True, slots=True)
class GateFailure:
    """One way in which a tool failed, and how often."""

    phase: str
    tool: str
    error: str
    n_times: int
    last_at: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One tool's turn, as it is shown of a single run."""

    phase: str
    tool: str
    started_at: str
    succeeded: bool
    duration_seconds: float | None
    error: str


@dataclass(frozen=True, slots=True)
class GateHistory:
    """Everything that a report about a gate asks the database."""

    totals: tuple[ToolTotal, ...] = ()
    failures: tuple[GateFailure, ...] = ()
    n_runs: int = 0
    last_session: str = ""
    last_turns: tuple[Turn, ...] = ()
    helpers: tuple[tuple[str, tuple[str, ...]], ...] = ()  # a failing tool, and what helped it
