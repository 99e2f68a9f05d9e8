"""Record a tool's turn in a phase of the quality gate Crackerjack, and say what to try if it failed."""

from dataclasses import dataclass
from datetime import timedelta

from skills_lsp.app.app import App
from skills_lsp.app.recording import begun_at, record
from skills_lsp.domain.gate import CRACKERJACK, GATE_PHASES, GatePhase
from skills_lsp.errors import UsageError
from skills_lsp.reports.crackerjack import recommended
from skills_lsp.store import gates
from skills_lsp.store.text import instant

MEMORY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Params:
    """The phase, the tool, and how it went."""

    phase: str = ""
    """The phase: fast_hooks, tests, comprehensive_hooks or ai_fix; others are kept without a place."""
    tool: str = ""
    """The tool, such as ruff-check."""
    succeeded: bool = True
    """Whether it passed."""
    duration_seconds: float | None = None
    """How long it took."""
    error: str = ""
    """Why it failed, in one line."""
    run: str = ""
    """Id of this run of the gate; empty: the day."""
    started_at: str = ""
    """When it began, in ISO-8601; empty: as long ago as it took."""
    project: str = ""
    """Name of the project."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was recorded, and what to try when it failed."""

    invocation: int
    session: str
    phase: str
    recommendations: tuple[str, ...]
    message: str


async def op(app: App, params: Params) -> Result:
    """Record the turn; it is on the disk when this returns."""
    for name in ("phase", "tool"):
        if not getattr(params, name).strip():
            raise UsageError("missing-argument", f"A turn in a quality gate needs its {name}.")
    turn = GatePhase(
        gate=CRACKERJACK,
        run_id=params.run or f"{app.now():%Y-%m-%d}",
        phase=params.phase,
        tool=params.tool,
        started_at=params.started_at or begun_at(app.now(), params.duration_seconds),
        succeeded=params.succeeded,
        duration_seconds=params.duration_seconds,
        error=params.error,
        project=params.project,
    )
    number = await record(app, lambda db: gates.record(db, turn))
    skills = () if params.succeeded else await _recommended(app, turn)
    said = "passed" if params.succeeded else "failed"
    message = f"Recorded: {params.tool} in {params.phase} {said}."
    if skills:
        message += f" Try {', '.join(skills)}."
    return Result(number, turn.session_id, GATE_PHASES.get(turn.phase, ""), skills, message)


async def _recommended(app: App, turn: GatePhase) -> tuple[str, ...]:
    since = instant(app.now() - MEMORY)
    nothing: tuple[str, ...] = ()
    helpers = await app.stored(
        lambda store: store.query(
            lambda db: gates.helped(db, turn.gate, turn.tool, since), nothing
        ),
        nothing,
    )
    return recommended(turn.phase, turn.tool, helpers)
