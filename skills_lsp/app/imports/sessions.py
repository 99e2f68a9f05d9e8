"""Sessions for records that name none: uses without a long pause between them are one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from skills_lsp.domain.gate import CRACKERJACK
from skills_lsp.domain.imported import Record

PAUSE = timedelta(minutes=30)  # as web analytics have it for a visit


def with_sessions(records: Sequence[Record]) -> list[Record]:
    """Return the records in their order, each with a session: named after its first use."""
    without = sorted(
        (it.invocation.invoked_at, i) for i, it in enumerate(records) if not it.has_session
    )
    named = list(records)
    session, before = "", None
    for at, i in without:
        moment = datetime.fromisoformat(at)
        if before is None or moment - before > PAUSE:
            session = f"{CRACKERJACK}_{moment:%Y%m%dT%H%M%SZ}"
        before = moment
        named[i] = Record(replace(records[i].invocation, session_id=session), has_session=False)
    return named
