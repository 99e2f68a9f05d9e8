"""Sum up a session: what was run, how it ended, how long it took."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.reports.session import session_markdown


@dataclass(frozen=True, slots=True)
class Params:
    """The session's id; empty for the present one."""

    session: str = ""
    """The id of a session, as the runs of the history carry it."""


@dataclass(frozen=True, slots=True)
class Result:
    """The summary as plain data, and as a document."""

    session: str
    summary: dict[str, Any] | None
    message: str
    document: str

    def markdown(self) -> str:
        """Return the summary as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the summary."""
    session = params.session or app.session_id
    summary = await app.stored(lambda store: store.session_summary(session), None)
    if summary is None:
        message = "There is no history to sum up: the database is not open."
        return Result(session, None, message, message + "\n")
    document = session_markdown(summary)
    return Result(session, asdict(summary), document.partition("\n")[0].lstrip("# "), document)
