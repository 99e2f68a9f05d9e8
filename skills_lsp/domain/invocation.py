"""One use of a skill, and how it ended."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a run ended. RUNNING in the store after a crash reads as INTERRUPTED."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"  # the tool ran well and found something
    ERROR = "error"  # the tool could not do its work
    MISSING_TOOL = "missing-tool"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed-out"
    INTERRUPTED = "interrupted"
    HANDED_OVER = "handed-over"  # an agent's prompt was opened for the user

    @property
    def is_completed(self) -> bool:
        """Say whether the tool did its work, whatever it found."""
        return self in (Status.PASSED, Status.FAILED, Status.HANDED_OVER)


class Severity(StrEnum):
    """How bad a problem is; the values are LSP's names in lower case."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class ToolProblem:
    """One thing a tool reported. Lines and columns from 0, columns in Unicode code points."""

    path: str  # absolute
    line: int
    column: int | None
    message: str
    severity: Severity = Severity.ERROR
    end_line: int | None = None
    end_column: int | None = None
    code: str = ""
    url: str = ""
    is_echo: bool = False  # says at a test what stands where its failure was raised


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: status, one line for the user, and what the tool reported."""

    status: Status
    summary: str
    duration_seconds: float
    problems: tuple[ToolProblem, ...] = ()
    exit_code: int | None = None
    error_type: str = ""  # a short class of failure: AssertionError, F401, timeout, missing-tool
    output: str = ""  # tail of what the tool printed; shown, never stored
    hint: str = ""
    is_truncated: bool = False


@dataclass(frozen=True, slots=True)
class Invocation:
    """One use of a skill, as it is stored. ``invoked_at`` is ISO-8601 in UTC."""

    skill_name: str
    invoked_at: str
    session_id: str
    workflow_phase: str
    workflow_path: str = ""
    user_query: str = ""
    alternatives_considered: tuple[str, ...] = ()
    selection_rank: int | None = None
    strategy: str = "patterns"
    project: str = ""
    language: str = ""
    file_kind: str = ""
    id: int | None = None
    status: Status = Status.RUNNING
    completed: bool = False
    duration_seconds: float | None = None
    error_type: str = ""
    summary: str = ""
    follow_up_actions: tuple[str, ...] = ()
    workflow_step_id: str = ""  # a pipeline's stage, a gate's tool
