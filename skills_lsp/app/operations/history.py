"""Show the latest runs, newest first, with how they ended.

They can be chosen by skill, project, status, session, language, phase, time and the words of the code.
"""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.errors import UsageError
from skills_lsp.reports.history import history_charts, history_markdown, history_sentence
from skills_lsp.store import Store, text, usage
from skills_lsp.store.usage import Filters

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
    language: str = ""
    """A language id, such as python."""
    phase: str = ""
    """A workflow phase: setup, execution, verification or deployment."""
    since: str = ""
    """From when, in ISO-8601, or how long back: 2026-01-31, 2026-01-31T09:30Z, 12h, 7d."""
    until: str = ""
    """Until when, in the same forms."""
    words: str = ""
    """Words of the code that it was offered for, all of them, each whole or its beginning."""


@dataclass(frozen=True, slots=True)
class Result:
    """The runs as plain data, and as a document."""

    invocations: tuple[dict[str, Any], ...]
    message: str
    charts: tuple[dict[str, Any], ...]
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
    wanted = filters(app, params, "skills.history")
    nothing: tuple[Invocation, ...] = ()
    found = await app.stored(lambda store: _history(store, wanted, params.limit), nothing)
    now = app.now()
    return Result(
        tuple(asdict(it) for it in found),
        history_sentence(found, now, is_chosen=wanted.is_any),
        history_charts(found),
        history_markdown(found, now, is_chosen=wanted.is_any),
    )


def _history(store: Store, wanted: Filters, limit: int) -> tuple[Invocation, ...]:
    if wanted.language or wanted.phase or wanted.since or wanted.until or wanted.words:
        nothing: tuple[Invocation, ...] = ()
        return store.query(lambda db: usage.history(db, wanted, limit), nothing)
    # This one also knows what waits for a disk that refuses to take it.
    return store.history(
        limit=limit,
        skill=wanted.skill,
        session_id=wanted.session,
        project=wanted.project,
        status=wanted.status,
    )


def filters(app: App, params: Any, command: str) -> Filters:
    """Return the filters among the parameters of a command, checked. Raises UsageError."""
    if params.status and params.status not in set(Status):
        statuses = ", ".join(it.value for it in Status)
        raise UsageError(
            "bad-status",
            f"{command}: there is no status {params.status[:40]!r}.",
            f"There are: {statuses}.",
        )
    return Filters(
        params.skill,
        params.project,
        params.status,
        params.session,
        params.language,
        params.phase,
        _instant(params.since, app.now(), f"{command}: since"),
        _instant(params.until, app.now(), f"{command}: until"),
        params.words,
    )


_BACK = re.compile(r"([0-9]{1,5}) ?([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def _instant(given: str, now: datetime, what: str) -> str:
    """Return a time in the stored form; one without a zone is in the user's."""
    if not given:
        return ""
    try:
        if back := _BACK.fullmatch(given.strip()):
            return text.instant(now - int(back[1]) * _UNITS[back[2]])
        at = datetime.fromisoformat(given.strip())
        return text.instant(at if at.tzinfo else at.astimezone())
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            "bad-time",
            f"{what} is no time: {given[:40]!r}.",
            "Write it like 2026-01-31, 2026-01-31T09:30Z, 12h or 7d.",
        ) from None
