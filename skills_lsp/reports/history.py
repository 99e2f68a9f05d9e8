"""The history as a page: what ran, how it ended, how long it took."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.reports import charts
from skills_lsp.reports.layout import ago, bar, duration, plain, plural
from skills_lsp.text.markdown import table

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
_MAX_CHARTED = 20
_VERDICTS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.RUNNING: "still running",
    Status.CANCELLED: "cancelled",
    Status.HANDED_OVER: "handed over",
}


def history_sentence(
    invocations: Sequence[Invocation], now: datetime, *, is_chosen: bool = False
) -> str:
    """Say what the figures mean."""
    if invocations:
        return _sentence(invocations, now)
    if is_chosen:
        return "No run is like that: leave a filter away, or look further back."
    return (
        "Nothing has been recorded yet. Put the cursor in a test or a function, "
        "open the code actions of your editor, and pick a skill: it will stand here."
    )


def history_charts(invocations: Sequence[Invocation]) -> tuple[dict[str, Any], ...]:
    """Return what a dashboard draws."""
    if not invocations:
        return ()
    counts = Counter(it.status.value for it in invocations).most_common()
    skills = Counter(it.skill_name for it in invocations).most_common(_MAX_CHARTED)
    return (
        charts.bars("Outcomes", [it for it, _ in counts], {"runs": [n for _, n in counts]}, "runs"),
        charts.bars("Skills", [it for it, _ in skills], {"runs": [n for _, n in skills]}, "runs"),
    )


def history_markdown(
    invocations: Sequence[Invocation], now: datetime, *, is_chosen: bool = False
) -> str:
    """Lay out a history (newest first) as Markdown; ``now`` has a zone."""
    sentence = history_sentence(invocations, now, is_chosen=is_chosen)
    if not invocations:
        return f"# History\n\n{sentence}\n"
    parts = [
        "# History",
        sentence,
        _outcomes(invocations),
        _runs(invocations, now),
    ]
    return "\n\n".join(parts) + "\n"


def _sentence(invocations: Sequence[Invocation], now: datetime) -> str:
    since = ago(min(it.invoked_at for it in invocations), now)
    words = Counter(_VERDICTS.get(it.status, "broke off") for it in invocations)
    verdicts = ", ".join(f"{n} {word}" for word, n in words.most_common())
    start = f"from {since} until now" if len(invocations) > 1 else since
    said = f"{plural(len(invocations), 'run')}, {start}: {verdicts}."
    ranks = [it.selection_rank for it in invocations if it.selection_rank is not None]
    if not ranks:
        return said
    n_first = ranks.count(1)
    return f"{said} The top suggestion was picked {plural(n_first, 'time')} of {len(ranks)}."


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
