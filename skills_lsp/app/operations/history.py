"""Show the latest runs, newest first."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.invocation import Invocation
from skills_lsp.errors import UsageError
from skills_lsp.reports.history import history_markdown
from skills_lsp.reports.layout import plural

_MAX_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Params:
    """How many, and of which skill, project or status; empty for all."""

    limit: int = 50
    """How many at most, 1 to 10,000."""
    skill: str = ""
    """The name of a skill."""
    project: str = ""
    """The name of a project: of its folder."""
    status: str = ""
    """How they ended: passed, failed, error, missing-tool, cancelled, timed-out, interrupted."""
    session: str = ""
    """The id of a session, as the runs carry it."""


@dataclass(frozen=True, slots=True)
class Result:
    """The runs as plain data, and as a document."""

    invocations: tuple[dict[str, Any], ...]
    message: str
    document: str

    def markdown(self) -> str:
        """Return the history as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the history."""
    if not 0 < params.limit <= _MAX_LIMIT:
        raise UsageError(
            "bad-limit", f"skills.history: limit must be 1 to {_MAX_LIMIT}, not {params.limit}."
        )
    nothing: tuple[Invocation, ...] = ()
    found = await app.stored(
        lambda store: store.history(
            limit=params.limit,
            skill=params.skill,
            session_id=params.session,
            project=params.project,
            status=params.status,
        ),
        nothing,
    )
    document = history_markdown(found, app.now())
    message = f"{plural(len(found), 'run')}." if found else "Nothing was run yet."
    return Result(tuple(asdict(it) for it in found), message, document)
