"""How a quality gate goes: its phases, its tools, what fails, and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.domain.gate import GATE_PHASES, GateFailure, GateHistory, ToolTotal, Turn
from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, duration, listed, moment, percent, plain, plural
from skills_lsp.text.markdown import table

TITLE = "Quality gate"
PHASES = tuple(GATE_PHASES)
# What mends what a tool finds, or shows more of it: skills of our catalogue.
_BY_TOOL: Mapping[str, tuple[str, ...]] = {
    "ruff-format": ("ruff-format",),
    "ruff-check": ("ruff-fix", "import-sort"),
    "codespell": ("codespell-fix",),
    "whitespace-check": ("pre-commit-run",),
    "pytest-run": ("pytest-last-failed", "fix-failing-test", "pytest-debug"),
    "pytest-coverage": ("pytest-last-failed", "test-creation-agent"),
    "test-discovery": ("py-compile-check", "import-check"),
    "mypy-check": ("type-annotation-agent", "annotation-check"),
    "pyright-check": ("type-annotation-agent", "annotation-check"),
    "zuban-check": ("type-annotation-agent",),
    "bandit-security": ("security-agent", "ruff-security"),
    "complexity-check": ("refactoring-agent",),
    "skylos-deadcode": ("vulture-deadcode", "unused-imports"),
    "refactoring-agent": ("code-review-agent",),
    "security-agent": ("code-review-agent",),
    "performance-agent": ("code-review-agent",),
    "test-creation-agent": ("pytest-last-failed",),
}
_BY_PHASE: Mapping[str, tuple[str, ...]] = {
    "fast_hooks": ("ruff-format", "ruff-fix", "codespell-fix"),
    "tests": ("pytest-last-failed", "fix-failing-test", "pytest-debug"),
    "comprehensive_hooks": ("mypy-check", "bandit-security", "refactoring-agent"),
    "ai_fix": ("code-review-agent",),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a tool that fails."""

    phase: str
    tool: str
    n_failed: int
    skills: tuple[str, ...]
    is_from_history: bool  # these went before the tool passed again


@dataclass(frozen=True, slots=True)
class ToolFigures:
    """How one tool went in one phase; rates from 0 to 1."""

    phase: str
    tool: str
    n_turns: int
    n_failed: int
    success_rate: float
    mean_duration_seconds: float | None
    total_duration_seconds: float


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """How one phase went, over all its tools."""

    phase: str
    workflow_phase: str
    n_turns: int
    n_failed: int
    success_rate: float
    mean_duration_seconds: float | None
    total_duration_seconds: float
    n_tools: int


def empty_sentence(session: str, n_days: int, last_session: str) -> str:
    """Return that nothing was recorded, and what to do about it."""
    if session and last_session and last_session != session:
        return f"No run of the gate is called {plain(session)} in {plural(n_days, 'day')}."
    if last_session and not session:
        return f"No phase was recorded in {plural(n_days, 'day')}: ask for more with `--n-days`."
    return (
        "No phase of a quality gate has been recorded yet: record one with `skills-lsp record "
        "crackerjack tests pytest-run --ok --duration 1.5`, or from Python with "
        "`skills_lsp.app.gates.Crackerjack`."
    )


def recommended(phase: str, tool: str, helpers: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the skills to try after a failure: what helped here before, then what usually does.

    >>> recommended("tests", "pytest-run", ("security-agent",))
    ('security-agent', 'pytest-last-failed', 'fix-failing-test', 'pytest-debug')
    >>> recommended("fast_hooks", "my-own-hook")
    ('ruff-format', 'ruff-fix', 'codespell-fix')
    """
    usual = _BY_TOOL.get(tool) or _BY_PHASE.get(phase, ())
    return tuple(dict.fromkeys((*helpers, *usual)))


def tool_figures(totals: Sequence[ToolTotal]) -> tuple[ToolFigures, ...]:
    """Return how each tool went, in the order of the phases, most failures first."""
    figures = [
        ToolFigures(
            it.phase,
            it.tool,
            it.n_turns,
            it.n_turns - it.n_succeeded,
            it.n_succeeded / it.n_turns,
            it.total_duration_seconds / it.n_timed if it.n_timed else None,
            it.total_duration_seconds,
        )
        for it in totals
    ]
    return tuple(sorted(figures, key=lambda it: (_place(it.phase), -it.n_failed, it.tool)))


def phase_figures(totals: Sequence[ToolTotal]) -> tuple[PhaseFigures, ...]:
    """Return how each phase went, in the order in which the gate runs them."""
    found = []
    for phase in sorted({it.phase for it in totals}, key=_place):
        own = [it for it in totals if it.phase == phase]
        n_turns, n_timed = sum(it.n_turns for it in own), sum(it.n_timed for it in own)
        n_succeeded = sum(it.n_succeeded for it in own)
        seconds = sum(it.total_duration_seconds for it in own)
        found.append(
            PhaseFigures(
                phase,
                GATE_PHASES.get(phase, ""),
                n_turns,
                n_turns - n_succeeded,
                n_succeeded / n_turns,
                seconds / n_timed if n_timed else None,
                seconds,
                len(own),
            )
        )
    return tuple(found)


def advice(
    tools: Sequence[ToolFigures], helpers: Mapping[str, tuple[str, ...]]
) -> tuple[Advice, ...]:
    """Return what to do about each tool that failed, most failures first."""
    failing = sorted((it for it in tools if it.n_failed), key=lambda it: (-it.n_failed, it.tool))
    found = []
    for it in failing:
        helped = helpers.get(it.tool, ())
        skills = recommended(it.phase, it.tool, helped)
        if skills:
            found.append(Advice(it.phase, it.tool, it.n_failed, skills, bool(helped)))
    return tuple(found)


def sentence(phases: Sequence[PhaseFigures], tools: Sequence[ToolFigures], n_runs: int) -> str:
    """Return what the figures mean."""
    n_turns, n_failed = sum(it.n_turns for it in phases), sum(it.n_failed for it in phases)
    # Turns without a measured time say nothing about where the time goes.
    slowest = max(phases, key=lambda it: it.total_duration_seconds)
    all_seconds = sum(it.total_duration_seconds for it in phases)
    share = slowest.total_duration_seconds / all_seconds if all_seconds else 0
    said = f"{plural(n_turns, 'check')} in {plural(n_runs, 'run')} of the gate"
    worst = max(tools, key=lambda it: (it.n_failed, -it.success_rate))
    if n_failed:
        said += f", {percent(1 - n_failed / n_turns)} passed; {plain(worst.tool)} fails most "
        said += f"({worst.n_failed} of {worst.n_turns})"
    else:
        said += ", and all of them passed"
    if share and len(phases) > 1:
        said += f"; {percent(share)} of the time goes to {plain(slowest.phase)}"
    return said + "."


def page(history: GateHistory, session: str = "", n_days: int = 30) -> str:
    """Return the report about what the database answered."""
    if not history.totals:
        return f"# {TITLE}\n\n{empty_sentence(session, n_days, history.last_session)}\n"
    phases, tools = phase_figures(history.totals), tool_figures(history.totals)
    return document(
        sentence(phases, tools, history.n_runs),
        phases,
        tools,
        history.failures,
        advice(tools, dict(history.helpers)),
        (history.last_session, history.last_turns),
    )


def document(
    message: str,
    phases: Sequence[PhaseFigures],
    tools: Sequence[ToolFigures],
    failures: Sequence[GateFailure],
    advices: Sequence[Advice],
    last: tuple[str, Sequence[Turn]],
) -> str:
    """Lay out the report."""
    parts = [f"# {TITLE}", message, _phases(phases), _tools(tools)]
    if failures:
        cells = [
            (plain(it.tool), plain(it.error or "no message", limit=80), str(it.n_times), moment(it.last_at))
            for it in failures
        ]  # fmt: skip
        parts += [
            "## Common failures",
            table(("Tool", "Error", "Times", "Last (UTC)"), cells, numbers=(2,)),
        ]
    if advices:
        parts += ["## What to try", "\n".join(_line(it) for it in advices)]
    session, turns = last
    if turns:
        parts += [f"## The latest run: {plain(session)}", _turns(turns)]
    return "\n\n".join(parts) + "\n"


def chart(phases: Sequence[PhaseFigures]) -> tuple[dict[str, Any], ...]:
    """Return the charts of the report."""
    names = [it.phase for it in phases]
    return (
        charts.bars("Passed", names, {"share": [it.success_rate for it in phases]}, "share"),
        charts.bars("Mean time", names, {"mean": [it.mean_duration_seconds for it in phases]}, "s"),
    )


def _place(phase: str) -> tuple[int, str]:
    return (PHASES.index(phase) if phase in PHASES else len(PHASES), phase)


def _phases(phases: Sequence[PhaseFigures]) -> str:
    cells = [
        (
            plain(it.phase),
            it.workflow_phase or "–",
            str(it.n_turns),
            f"{bar(it.success_rate)} {percent(it.success_rate)}".strip(),
            duration(it.mean_duration_seconds) or "–",
            duration(it.total_duration_seconds or None) or "–",
        )
        for it in phases
    ]
    head = ("Phase", "Workflow phase", "Checks", "Passed", "Mean time", "All time")
    return "## Phases\n\n" + table(head, cells, numbers=(2, 4, 5))


def _tools(tools: Sequence[ToolFigures]) -> str:
    cells = [
        (
            plain(it.tool),
            plain(it.phase),
            str(it.n_turns),
            f"{bar(it.success_rate)} {percent(it.success_rate)}".strip(),
            duration(it.mean_duration_seconds) or "–",
        )
        for it in tools
    ]
    head = ("Tool", "Phase", "Checks", "Passed", "Mean time")
    return "## Tools\n\n" + table(head, cells, numbers=(2, 4))


def _line(it: Advice) -> str:
    skills = listed([f"`{plain(name, code=True)}`" for name in it.skills], last="or")
    times = "once" if it.n_failed == 1 else f"{it.n_failed} times"
    why = "; the first went before it passed again here" if it.is_from_history else ""
    return f"- {plain(it.tool)} failed {times}: try {skills}{why}."


def _turns(turns: Sequence[Turn]) -> str:
    longest = max((it.duration_seconds or 0.0 for it in turns), default=0.0)
    cells = [
        (
            plain(it.phase),
            plain(it.tool),
            "passed" if it.succeeded else "failed",
            f"{bar((it.duration_seconds or 0) / longest if longest else 0)} {duration(it.duration_seconds)}".strip()
            or "–",
            "" if it.succeeded else plain(it.error, limit=60),
        )
        for it in turns
    ]
    return table(("Phase", "Tool", "Outcome", "Time", "Error"), cells)
