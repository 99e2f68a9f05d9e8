"""Quality gates in SQL: record a phase, and ask how phases and tools went."""

from dataclasses import dataclass

import apsw

from skills_lsp.domain.gate import (
    GATE_PHASES,
    GateFailure,
    GateHistory,
    GatePhase,
    ToolTotal,
    Turn,
)
from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.domain.pipeline import error_class
from skills_lsp.errors import StoreError
from skills_lsp.store import invocations, text
from skills_lsp.store.database import rows

N_FAILURES = 10  # the most common that a report shows
N_HELPERS = 3  # what most often stood between a failure and the next success

_PHASE = """
INSERT INTO gate_phase (
    invocation_id, gate, session_id, phase, skill_name, started_at, succeeded, duration_seconds,
    error_message)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_WHERE = """
    gate = :gate AND started_at >= :since AND started_at <= :now
    AND (:session = '' OR session_id = :session)
"""
_TOTALS = f"""
SELECT phase, skill_name, count(*), sum(succeeded), count(duration_seconds),
    ifnull(sum(duration_seconds), 0.0), max(started_at)
FROM gate_phase WHERE {_WHERE} GROUP BY phase, skill_name ORDER BY phase, skill_name
"""  # noqa: S608 - our own text
_FAILURES = f"""
SELECT phase, skill_name, error_message, count(*) AS n, max(started_at) AS last
FROM gate_phase WHERE {_WHERE} AND succeeded = 0
GROUP BY phase, skill_name, error_message ORDER BY n DESC, last DESC LIMIT :limit
"""  # noqa: S608
_TURNS = f"""
SELECT phase, skill_name, started_at, succeeded, duration_seconds, error_message
FROM gate_phase WHERE {_WHERE} ORDER BY id LIMIT :limit
"""  # noqa: S608
_SESSIONS = f"""
SELECT count(DISTINCT session_id) FROM gate_phase WHERE {_WHERE}
"""  # noqa: S608
# What was run after the tool failed and before it passed again, in the same run of the gate, in the
# order of recording: two turns may have begun within one tick of a clock.
_HELPED = """
WITH mended AS (
    SELECT failed.session_id, failed.id AS failed_id, (
        SELECT min(passed.id) FROM gate_phase AS passed
        WHERE passed.session_id = failed.session_id AND passed.skill_name = failed.skill_name
            AND passed.id > failed.id AND passed.succeeded = 1) AS passed_id
    FROM gate_phase AS failed
    WHERE failed.gate = :gate AND failed.skill_name = :tool AND failed.succeeded = 0
        AND failed.started_at >= :since)
SELECT helper.skill_name, count(DISTINCT mended.failed_id) AS n FROM mended JOIN gate_phase AS helper
    ON helper.session_id = mended.session_id AND helper.id > mended.failed_id
    AND helper.id < mended.passed_id
WHERE helper.succeeded = 1 AND helper.skill_name <> :tool
GROUP BY helper.skill_name ORDER BY n DESC, helper.skill_name LIMIT :limit
"""
MAX_TURNS = 200


@dataclass(frozen=True, slots=True)
class GateWindow:
    """What is asked about: one gate, from an instant to the present, in one run or, empty, in all."""

    gate: str
    since: str
    now: str
    session: str = ""


def record(db: apsw.Connection, phase: GatePhase) -> int:
    """Write a phase, as an invocation too; return the invocation's id.

    Raises StoreError where the gate, its run, the phase or the tool has no name.
    """
    names = [
        text.clean(it, text.MAX_NAME).strip() for it in (phase.gate, phase.run_id, phase.phase)
    ]
    if not all(names):
        raise StoreError(
            "bad-phase", "A phase needs a name, and the name and id of its gate's run."
        )
    it = invocations.prepared(_invocation(phase))
    invocation_id = invocations.insert(db, it, None)
    values = (
        invocation_id,
        names[0],
        it.session_id,
        names[2],
        it.skill_name,
        it.invoked_at,
        phase.succeeded,
        it.duration_seconds,
        it.summary,
    )
    db.execute(_PHASE, values)
    return invocation_id


def history(db: apsw.Connection, window: GateWindow) -> GateHistory:
    """Return what the report adds up."""
    asked = {
        "gate": window.gate,
        "since": window.since,
        "now": window.now,
        "session": text.clean(window.session, text.MAX_NAME),
        "limit": N_FAILURES,
    }
    totals = tuple(ToolTotal(*row) for row in rows(db, _TOTALS, asked))
    failing = sorted({it.tool for it in totals if it.n_succeeded < it.n_turns})
    last = last_session(db, window.gate, window.now)
    return GateHistory(
        totals=totals,
        failures=tuple(GateFailure(*row) for row in rows(db, _FAILURES, asked)),
        n_runs=rows(db, _SESSIONS, asked)[0][0],
        last_session=window.session if totals and window.session else last,
        last_turns=_turns(db, asked, window.session or last),
        helpers=tuple((tool, helped(db, window.gate, tool, window.since)) for tool in failing),
    )


def helped(db: apsw.Connection, gate: str, tool: str, since: str) -> tuple[str, ...]:
    """Return what was run between a failure of the tool and its next success, most often first."""
    asked = {"gate": gate, "tool": tool, "since": since, "limit": N_HELPERS}
    return tuple(name for name, _ in rows(db, _HELPED, asked))


def last_session(db: apsw.Connection, gate: str, now: str) -> str:
    """Return the session of the gate's latest run; empty when there is none."""
    found = rows(
        db,
        "SELECT session_id FROM gate_phase WHERE gate = ? AND started_at <= ?"
        " ORDER BY started_at DESC LIMIT 1",
        (gate, now),
    )
    return str(found[0][0]) if found else ""


def _turns(db: apsw.Connection, asked: dict[str, object], session: str) -> tuple[Turn, ...]:
    if not session:
        return ()
    of_one = {**asked, "session": session, "since": "", "limit": MAX_TURNS}
    return tuple(
        Turn(phase, tool, at, bool(succeeded), seconds, error)
        for phase, tool, at, succeeded, seconds, error in rows(db, _TURNS, of_one)
    )


def _invocation(phase: GatePhase) -> Invocation:
    error = "" if phase.succeeded else phase.error
    status = Status.PASSED if phase.succeeded else Status.FAILED
    return Invocation(
        skill_name=phase.tool,
        invoked_at=phase.started_at,
        session_id=phase.session_id,
        workflow_path=f"{phase.gate}/{phase.phase}",
        workflow_phase=GATE_PHASES.get(phase.phase, ""),
        strategy="gate",
        project=phase.project,
        status=status,
        completed=True,
        duration_seconds=phase.duration_seconds,
        error_type="" if phase.succeeded else error_class(error) or f"{phase.phase}-failed",
        summary=error,
        workflow_step_id=phase.tool,
    )
