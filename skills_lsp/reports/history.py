"""The history as a page: what ran, how it ended, how long it took."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.reports.layout import ago, bar, duration, plain, plural, table

_MARKS = {
    Status.PASSED: "✓ passed",
    Status.FAILED: "✗ failed",
    Status.ERROR: "! error",
    Status.MISSING_TOOL: "! tool missing",
    Status.CANCELLED: "- cancelled",
    Status.TIMED_OUT: "! timed out",
    Status.INTERRUPTED: "- interrupted",
    Status.HANDED_OVER: "→ handed over",
    Status.RUNNING: "… running",
}


def history_markdown(invocations: Sequence[Invocation], now: datetime) -> str:
    """Lay out a history (newest first) as Markdown; ``now`` has a zone."""
    if not invocations:
        return (
            "# History\n\nNothing has been recorded yet. Put the cursor in a test or a function, "
            "open the code actions of your editor, and pick a skill: it will stand here.\n"
        )
    parts = [
        "# History",
        _sentence(invocations, now),
        _outcomes(invocations),
        _runs(invocations, now),
    ]
    return "\n\n".join(parts) + "\n"


def _sentence(invocations: Sequence[Invocation], now: datetime) -> str:
    n_ended = sum(it.status is not Status.RUNNING for it in invocations)
    n_completed = sum(it.completed for it in invocations)
    since = ago(min(it.invoked_at for it in invocations), now)
    said = f"The last {plural(len(invocations), 'run')}, the first of them {since}"
    if not n_ended:
        return f"{said}; none has ended yet."
    share = f"{n_completed} of {n_ended} ended runs did their work ({n_completed / n_ended:.0%})"
    ranks = [it.selection_rank for it in invocations if it.selection_rank is not None]
    if not ranks:
        return f"{said}: {share}."
    n_first = ranks.count(1)
    return f"{said}: {share}, and {n_first} of {len(ranks)} picks were the top suggestion."


def _outcomes(invocations: Sequence[Invocation]) -> str:
    counts = Counter(it.status for it in invocations).most_common()
    cells = [(_MARKS[status], f"{bar(n / len(invocations))} {n}") for status, n in counts]
    return table(("Outcome", "Runs"), cells)


def _runs(invocations: Sequence[Invocation], now: datetime) -> str:
    cells = [
        (
            ago(it.invoked_at, now),
            plain(it.skill_name, limit=60),
            _MARKS[it.status],
            duration(it.duration_seconds),
            "" if it.selection_rank is None else str(it.selection_rank),
            plain(it.project, limit=40),
            plain(it.summary),
        )
        for it in invocations
    ]
    head = ("When", "Skill", "Outcome", "Time", "Rank", "Project", "Summary")
    return "## Runs\n\n" + table(head, cells, numbers=(3, 4))
