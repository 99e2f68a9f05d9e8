"""Where the user is: the plain data from which suggestions follow."""

from dataclasses import dataclass, field

from skills_lsp.domain.finding import Finding, Symbol
from skills_lsp.domain.skill import FileKind
from skills_lsp.text import Point, Span


@dataclass(frozen=True, slots=True)
class Context:
    """The cursor's surroundings.

    ``findings`` are those at the cursor's definition (or selection), ``file_findings`` those
    about the file as a whole (imports). ``query`` is the short canonical text of it all, free of
    buffer contents beyond names, for lexical search and for the record.
    """

    uri: str
    path: str  # file system path; empty for a buffer without one
    language: str
    file_kind: FileKind
    workspace: str  # root folder, empty when there is none
    project: str  # its name
    cursor: Point
    selection: Span | None = None
    selected_text: str = ""
    symbols: tuple[Symbol, ...] = ()
    findings: tuple[Finding, ...] = ()
    file_findings: tuple[Finding, ...] = ()
    imports: tuple[str, ...] = ()
    query: str = ""
    complexity: int = 0  # of the innermost definition, cyclomatic; 0 where there is none

    @property
    def symbol(self) -> Symbol | None:
        """The innermost definition around the cursor."""
        return self.symbols[-1] if self.symbols else None


@dataclass(frozen=True, slots=True)
class Record:
    """How a skill went so far, in one setting (a project and language, or everywhere)."""

    n_runs: int = 0
    n_completed: int = 0  # ran to its end, whatever it found
    n_picked_first: int = 0
    mean_duration_seconds: float | None = None
    last_at: str = ""  # ISO-8601 UTC
    last_status: str = ""
    last_summary: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What worked before: records by skill, here (this project and language) and everywhere."""

    here: dict[str, Record] = field(default_factory=dict)
    everywhere: dict[str, Record] = field(default_factory=dict)
