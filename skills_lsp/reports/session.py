"""What happened in one session: which skills, how often, how they ended, how long they took."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.reports import charts
from skills_lsp.reports.layout import bar, duration, moment, plain, plural
from skills_lsp.text.markdown import table


@dataclass(frozen=True, slots=True)
class SkillInSession:
    """One skill's part in a session. Durations count completed runs only."""

    skill_name: str
    n_runs: int
    n_completed: int
    n_running: int
    n_passed: int
    n_failed: int
    total_duration_seconds: float
    mean_duration_seconds: float | None


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session: its skills (most used first), phases and totals. Instants are ISO-8601, UTC."""

    session_id: str
    n_runs: int = 0
    n_completed: int = 0
    n_running: int = 0
    total_duration_seconds: float = 0.0
    first_at: str = ""
    last_at: str = ""
    skills: tuple[SkillInSession, ...] = ()
    phases: tuple[tuple[str, int], ...] = ()  # phase and its runs, in the order they first occurred
    error_types: tuple[tuple[str, int], ...] = ()  # most frequent first

    @property
    def completion_rate(self) -> float | None:
        """Completed among ended, 0 to 1; None before anything ended."""
        n_ended = self.n_runs - self.n_running
        return self.n_completed / n_ended if n_ended else None


@dataclass(frozen=True, slots=True)
class RecentSession:
    """Another session, as it is listed."""

    session_id: str
    n_runs: int
    n_skills: int
    n_completed: int
    last_at: str


def summarise(session_id: str, invocations: Iterable[Invocation]) -> SessionSummary:
    """Sum up the invocations of one session, given in any order."""
    ordered = sorted(invocations, key=lambda it: (it.invoked_at, it.id or 0))
    if not ordered:
        return SessionSummary(session_id)
    by_skill: dict[str, list[Invocation]] = {}
    for it in ordered:
        by_skill.setdefault(it.skill_name, []).append(it)
    skills = [_skill(name, uses) for name, uses in by_skill.items()]
    return SessionSummary(
        session_id=session_id,
        n_runs=len(ordered),
        n_completed=sum(skill.n_completed for skill in skills),
        n_running=sum(skill.n_running for skill in skills),
        total_duration_seconds=sum(skill.total_duration_seconds for skill in skills),
        first_at=ordered[0].invoked_at,
        last_at=ordered[-1].invoked_at,
        skills=tuple(sorted(skills, key=lambda skill: (-skill.n_runs, skill.skill_name))),
        phases=tuple(Counter(it.workflow_phase for it in ordered).items()),
        error_types=tuple(Counter(it.error_type for it in ordered if it.error_type).most_common()),
    )


def session_sentence(summary: SessionSummary, *, is_present: bool = True) -> str:
    """Say what the figures mean."""
    if summary.n_runs:
        return _sentence(summary)
    if not is_present:
        return "Nothing was run in a session of that id; `skills-lsp report history` has the ids."
    return (
        "Nothing was run in this session yet. Put the cursor in a test or a function, open the code "
        "actions of your editor, and pick a skill."
    )


def session_charts(summary: SessionSummary) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    if not summary.n_runs:
        return ()
    skills, phases = summary.skills, summary.phases
    counts = {
        "passed": [it.n_passed for it in skills],
        "found something": [it.n_failed for it in skills],
        "did not complete": [it.n_runs - it.n_completed - it.n_running for it in skills],
    }
    return (
        charts.bars("Runs by skill", [it.skill_name for it in skills], counts, "runs"),
        charts.bars(
            "Runs by phase", [it for it, _ in phases], {"runs": [n for _, n in phases]}, "runs"
        ),
    )


def session_markdown(
    summary: SessionSummary, others: Sequence["RecentSession"] = (), *, is_present: bool = True
) -> str:
    """Lay out a session as Markdown: one sentence, then the skills, phases, errors, other sessions."""
    title = "# This session" if is_present else "# A session"
    sentence = session_sentence(summary, is_present=is_present)
    if not summary.n_runs:
        return "\n\n".join((title, sentence, *_others(others))) + "\n"
    sections = [
        title,
        sentence,
        _skills_table(summary),
        _phases_table(summary),
    ]
    if summary.error_types:
        cells = [(plain(kind), str(n)) for kind, n in summary.error_types]
        sections.append("## What failed\n\n" + table(("Error", "Runs"), cells, numbers=(1,)))
    sections += _others(others)
    sections.append(f"Session `{plain(summary.session_id, code=True)}`")
    return "\n\n".join(sections) + "\n"


def _skill(name: str, uses: list[Invocation]) -> SkillInSession:
    durations = [
        it.duration_seconds for it in uses if it.completed and it.duration_seconds is not None
    ]
    return SkillInSession(
        skill_name=name,
        n_runs=len(uses),
        n_completed=sum(it.completed for it in uses),
        n_running=sum(it.status is Status.RUNNING for it in uses),
        n_passed=sum(it.status is Status.PASSED for it in uses),
        n_failed=sum(it.status is Status.FAILED for it in uses),
        total_duration_seconds=sum(durations),
        mean_duration_seconds=sum(durations) / len(durations) if durations else None,
    )


def _sentence(summary: SessionSummary) -> str:
    top = summary.skills[0]
    runs = f"{plural(summary.n_runs, 'run')} of {plural(len(summary.skills), 'skill')}"
    parts = [
        f"{runs} from {moment(summary.first_at)} to {moment(summary.last_at)} UTC",
        f"{summary.n_completed} completed",
    ]
    if summary.n_running:
        parts.append(f"{summary.n_running} still running")
    most = f"; most used: {plain(top.skill_name)}." if len(summary.skills) > 1 else "."
    return ", ".join(parts) + most


def _skills_table(summary: SessionSummary) -> str:
    most = summary.skills[0].n_runs
    cells = [
        (
            plain(skill.skill_name),
            f"{bar(skill.n_runs / most)} {skill.n_runs}",
            str(skill.n_passed),
            str(skill.n_failed),
            str(skill.n_runs - skill.n_completed - skill.n_running),
            duration(skill.mean_duration_seconds),
        )
        for skill in summary.skills
    ]
    head = ("Skill", "Runs", "Passed", "Found something", "Not completed", "Mean time")
    return "## Skills\n\n" + table(head, cells, numbers=(2, 3, 4, 5))


def _phases_table(summary: SessionSummary) -> str:
    cells = [
        (plain(phase) or "unknown", f"{bar(n / summary.n_runs)} {n}") for phase, n in summary.phases
    ]
    return "## Phases\n\n" + table(("Phase", "Runs"), cells)


def _others(others: Sequence[RecentSession]) -> list[str]:
    if not others:
        return []
    cells = [
        (
            f"`{plain(it.session_id, limit=200, code=True)}`",
            moment(it.last_at),
            str(it.n_runs),
            str(it.n_skills),
            str(it.n_completed),
        )
        for it in others
    ]
    head = ("Session", "Last run (UTC)", "Runs", "Skills", "Completed")
    return ["## Other sessions\n\n" + table(head, cells, numbers=(2, 3, 4))]
