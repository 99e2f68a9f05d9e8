"""Sessions for records that name none: uses without a long pause between them are one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from skills_lsp.domain.gate import CRACKERJACK
from skills_lsp.domain.imported import Record
from skills_lsp.domain.invocation import Invocation

PAUSE = timedelta(minutes=30)  # as web analytics have it for a visit


def with_sessions(found: Sequence[dict[str, Any]]) -> list[Record]:
    """Return the records in their order, each with a session: named after its first use.

    >>> ats = ("2026-01-31T09:00:00Z", "2026-01-31T09:20:00Z", "2026-01-31T10:00:00Z")
    >>> fields = {"skill_name": "a", "session_id": "", "workflow_phase": ""}
    >>> records = with_sessions([{**fields, "invoked_at": at} for at in ats])
    >>> [it.invocation.session_id for it in records]
    ['crackerjack_20260131T090000Z', 'crackerjack_20260131T090000Z', 'crackerjack_20260131T100000Z']
    """
    without = [it for it in found if not it["session_id"]]
    session, before = "", None
    named = {}
    for it in sorted(without, key=lambda it: str(it["invoked_at"])):
        moment = datetime.fromisoformat(it["invoked_at"])
        if before is None or moment - before > PAUSE:
            session = f"{CRACKERJACK}_{moment:%Y%m%dT%H%M%SZ}"
        before = moment
        named[id(it)] = session
    return [
        Record(Invocation(**{**it, "session_id": named[id(it)]}), has_session=False)
        if id(it) in named
        else Record(Invocation(**it), has_session=True)
        for it in found
    ]
