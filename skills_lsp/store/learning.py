"""What was learned, and the history that it is learned from, in SQL.

Functions of a connection; none holds more than some thousands of rows at a time.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import apsw

from skills_lsp.domain.invocation import Status
from skills_lsp.learning.replay import Use
from skills_lsp.store.database import Row, rows

_USES = """
SELECT it.id, it.session_id, it.invoked_at, it.skill_name, it.status, it.completed,
    it.duration_seconds, it.project, it.language, it.file_kind, it.workflow_phase,
    ifnull(seen.complexity, 0.0), ifnull(seen.has_pattern, 0), it.strategy
FROM skill_invocation AS it LEFT JOIN invocation_setting AS seen ON seen.invocation_id = it.id
"""
_KEPT_MODELS = 2
_NOT_THE_USER = ("ci", "gate")
"""Strategies of uses that pipelines and quality gates recorded: their sequences are no habit of hands."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A use with its number in the history; ``use.success`` is None while nobody knows."""

    id: int
    status: str
    use: Use


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit as it is stored. ``last_id`` is the newest use that it has seen, with all before."""

    last_id: int
    made_at: str
    kind: str
    n_uses: int
    n_outcomes: int
    half_life_days: float
    report: dict[str, Any]
    model: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Learned:
    """The fit that answers, with the texts of its parts."""

    id: int
    last_id: int
    model: str
    parts: tuple[str, ...]


# -- the history -----------------------------------------------------------------------------------


def note_setting(
    db: apsw.Connection, invocation_id: int, *, has_pattern: bool, complexity: float
) -> None:
    """Keep what was seen in the code when a skill was used; a use that is not there has nothing."""
    db.execute(
        "INSERT INTO invocation_setting (invocation_id, has_pattern, complexity)"
        " SELECT id, ?, ? FROM skill_invocation WHERE id = ? ON CONFLICT DO NOTHING",
        (has_pattern, complexity, invocation_id),
    )


def uses_after(
    db: apsw.Connection, last_id: int, up_to: int, limit: int, but_of_session: str = ""
) -> list[Recorded]:
    """Return the uses behind a number and up to another, in the order of recording."""
    found = rows(
        db,
        _USES + " WHERE it.id > ? AND it.id <= ? AND it.session_id <> ? ORDER BY it.id LIMIT ?",
        (last_id, up_to, but_of_session, limit),
    )
    return [_recorded(row) for row in found]


def uses_by_id(db: apsw.Connection, ids: Iterable[int]) -> list[Recorded]:
    """Return the uses of these numbers that are still there."""
    text = json.dumps(sorted(ids))
    found = rows(db, f"{_USES} WHERE it.id IN (SELECT value FROM json_each(?))", (text,))  # noqa: S608
    return [_recorded(row) for row in found]


def newest_id(db: apsw.Connection) -> int:
    """Return the number of the newest use; 0 without any."""
    return int(rows(db, "SELECT ifnull(max(id), 0) FROM skill_invocation")[0][0])


def last_settled_id(db: apsw.Connection, since: str) -> int:
    """Return the newest use before which none still runs, of those begun since an instant."""
    running = rows(
        db,
        "SELECT min(id) FROM skill_invocation WHERE status = 'running' AND invoked_at >= ?",
        (since,),
    )[0][0]
    return newest_id(db) if running is None else int(running) - 1


def _recorded(row: Row) -> Recorded:
    status = Status(row[4])
    is_known = status not in (Status.RUNNING, Status.INTERRUPTED)
    use = Use(
        row[13] if row[13] in _NOT_THE_USER else "",
        row[1],
        datetime.fromisoformat(row[2]).timestamp(),
        row[3],
        bool(row[5]) if is_known else None,
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        status in (Status.PASSED, Status.HANDED_OVER) if is_known else None,
        row[11],
        bool(row[12]),
    )
    return Recorded(row[0], row[4], use)


# -- what was learned ------------------------------------------------------------------------------


def current_id(db: apsw.Connection) -> int:
    """Return the number of the fit that answers; 0 before the first."""
    found = rows(db, "SELECT id FROM learned_model WHERE is_current = 1")
    return int(found[0][0]) if found else 0


def current(db: apsw.Connection) -> Learned | None:
    """Return the fit that answers, None before the first."""
    found = rows(db, "SELECT id, last_invocation_id, body FROM learned_model WHERE is_current = 1")
    if not found:
        return None
    number, last_id, body = found[0]
    parts = rows(db, "SELECT body FROM learned_part WHERE model_id = ? ORDER BY number", (number,))
    return Learned(number, last_id, body or "{}", tuple(it[0] for it in parts))


def add_model(db: apsw.Connection, it: Fit) -> int:
    """Write a fit, which does not answer yet; return its number."""
    db.execute(
        "INSERT INTO learned_model (made_at, last_invocation_id, kind, n_uses, n_outcomes,"
        " half_life_days, report, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            it.made_at,
            it.last_id,
            it.kind,
            it.n_uses,
            it.n_outcomes,
            it.half_life_days,
            _dumped(it.report),
            _dumped(it.model),
        ),
    )
    return db.last_insert_rowid()


def add_parts(db: apsw.Connection, model_id: int, first: int, parts: Sequence[list[Any]]) -> None:
    """Write some parts of a fit, from a place on."""
    db.executemany(
        "INSERT INTO learned_part (model_id, number, body) VALUES (?, ?, ?)",
        [(model_id, first + i, _dumped(it)) for i, it in enumerate(parts)],
    )


def use_model(db: apsw.Connection, model_id: int) -> bool:
    """Let a fit answer from now on, unless a newer one does; say whether it does now.

    What only older ones need goes: the parts of all, the bodies of all but the last.
    """
    newer = rows(db, "SELECT 1 FROM learned_model WHERE is_current = 1 AND id > ?", (model_id,))
    if newer:
        db.execute("DELETE FROM learned_model WHERE id = ?", (model_id,))
        return False
    db.execute("UPDATE learned_model SET is_current = 0 WHERE is_current = 1")
    db.execute("UPDATE learned_model SET is_current = 1 WHERE id = ?", (model_id,))
    db.execute("DELETE FROM learned_part WHERE model_id < ?", (model_id,))
    db.execute(
        "UPDATE learned_model SET body = NULL WHERE body IS NOT NULL AND id NOT IN"
        " (SELECT id FROM learned_model ORDER BY id DESC LIMIT ?)",
        (_KEPT_MODELS,),
    )
    return True


def fits(db: apsw.Connection, limit: int = 100) -> list[dict[str, Any]]:
    """Return the latest fits that answered, oldest first, as plain data."""
    found = rows(
        db,
        "SELECT made_at, kind, n_uses, n_outcomes, half_life_days, is_current, report"
        " FROM learned_model ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    names = ("made_at", "kind", "n_uses", "n_outcomes", "half_life_days", "is_current")
    return [
        {**dict(zip(names, row[:6], strict=True)), "report": json.loads(row[6])}
        for row in reversed(found)
    ]


# -- weights ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FittedWeights:
    """Weights of the order by part, with their number; 0 for the defaults, which these add to."""

    id: int = 0
    n_picks: int = 0
    weights: Mapping[str, float] = field(default_factory=dict)


DEFAULTS = FittedWeights()


def current_weights(db: apsw.Connection) -> FittedWeights:
    """Return the weights in force."""
    found = rows(db, "SELECT id, n_picks, weights FROM learned_weights WHERE is_current = 1")
    if not found:
        return DEFAULTS
    number, n_picks, text = found[0]
    return FittedWeights(number, n_picks, json.loads(text))


def add_weights(
    db: apsw.Connection,
    made_at: str,
    n_lists: int,
    n_picks: int,
    weights: dict[str, float],
    report: dict[str, Any],
    *,
    is_better: bool,
) -> None:
    """Write a try at fitting the weights; they are in force from now on when they are better."""
    if is_better:
        db.execute("UPDATE learned_weights SET is_current = 0 WHERE is_current = 1")
    db.execute(
        "INSERT INTO learned_weights (made_at, n_lists, n_picks, is_better, is_current, weights,"
        " report) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (made_at, n_lists, n_picks, is_better, is_better, _dumped(weights), _dumped(report)),
    )


def n_picks_tried(db: apsw.Connection) -> int:
    """Return how many picks there were at the last try."""
    found = rows(db, "SELECT n_picks FROM learned_weights ORDER BY id DESC LIMIT 1")
    return int(found[0][0]) if found else 0


def weight_tries(db: apsw.Connection, limit: int = 100) -> list[dict[str, Any]]:
    """Return the latest tries at fitting the weights, oldest first, as plain data."""
    found = rows(
        db,
        "SELECT made_at, n_lists, n_picks, is_better, is_current, weights, report"
        " FROM learned_weights ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    names = ("made_at", "n_lists", "n_picks", "is_better", "is_current")
    return [
        {
            **dict(zip(names, row[:5], strict=True)),
            "weights": json.loads(row[5]),
            "report": json.loads(row[6]),
        }
        for row in reversed(found)
    ]


def _dumped(value: Any) -> str:
    # JSON has no NaN; what is not finite is no number to be kept.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
