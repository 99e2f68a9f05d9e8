"""The issue that a command is about: told in words, or the problem at a place."""

from dataclasses import asdict
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.client import Mark
from skills_lsp.app.operations._places import place
from skills_lsp.domain.fix import Issue, Similar
from skills_lsp.errors import UsageError
from skills_lsp.reports.fixes import attempts_by_strategy
from skills_lsp.store.fixes import issue_of


async def issue_named(
    app: App, command: str, told: tuple[str, str, str], uri: str, line: int
) -> Issue:
    """Return an issue by what is told of it (message, type, tool), else by its place.

    Without either it is the problem on the line where suggestions were last asked for.
    """
    message, kind, tool = told
    if message.strip() or kind.strip():
        return issue_of(tool, kind, message)
    if uri or app.last_place is not None:
        marks = await marks_at(app, command, uri, line)
        if marks:
            return app.fixes.issue_of(marks[0])
    raise UsageError(
        "no-issue",
        f"{command}: there is no problem of a run here.",
        "Give the message (and the type, such as F401), or put the cursor on a problem that a run showed.",
    )


async def marks_at(app: App, command: str, uri: str, line: int) -> list[Mark]:
    """Return the problems on show on a line."""
    document, cursor, _ = await place(app, command, uri, line, 0)
    row = cursor.line
    return [it for it in app.problems.marks(document.path) if it.span.touches_lines(row, row)]


def similar_json(similar: Similar) -> dict[str, Any]:
    """Return a similar issue as plain data."""
    return {
        **asdict(similar.known.issue),
        "similarity": round(similar.similarity, 4),
        "n_seen": similar.known.n_seen,
        "last_seen_at": similar.known.last_seen_at,
        "tried": [
            {"strategy": strategy, "n_tried": n_tried, "n_worked": n_worked}
            for strategy, n_tried, n_worked in attempts_by_strategy(similar)
        ],
    }
