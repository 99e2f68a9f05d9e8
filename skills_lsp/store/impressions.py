"""The lists that were shown and what was made of them, in SQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import apsw

from skills_lsp.store import text
from skills_lsp.store.database import Row, rows

OPEN, PICKED, DISMISSED, UNSEEN = "open", "picked", "dismissed", "unseen"

MAX_KEPT = 50_000
"""The newest lists that are kept: some 30 MB."""

_LISTS = """
SELECT list.id, list.shown_at, list.strategy, list.was_asked_for, list.answer, list.exploration,
    (SELECT json_group_array(json_array(position, rank, skill_name, propensity, part_values)
        ORDER BY position) FROM impression_item WHERE impression_id = list.id),
    (SELECT json_group_array(json_array(pick.position, run.status)
        ORDER BY pick.invocation_id) FROM impression_pick AS pick
        JOIN skill_invocation AS run ON run.id = pick.invocation_id
        WHERE pick.impression_id = list.id)
FROM impression AS list
WHERE list.answer IN ('picked', 'dismissed') AND (?1 = '' OR list.strategy = ?1)
    AND (?2 = '' OR list.project = ?2)
ORDER BY list.id DESC LIMIT ?3
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: where it stood, where its score would have put it, and the parts of that."""

    position: int
    rank: int
    skill: str
    confidence: float
    propensity: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Pick:
    """A run that was started from a list."""

    position: int
    invocation_id: int


@dataclass(frozen=True, slots=True)
class Impression:
    """A list to be written; ``id`` is 0 for one that is not stored yet."""

    shown_at: str
    session_id: str
    project: str
    language: str
    strategy: str
    weights_id: int
    exploration: float
    is_explored: bool
    was_asked_for: bool
    answer: str
    answered_at: str | None
    items: tuple[Item, ...] = ()
    picks: tuple[Pick, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored list with an answer. ``picks`` are places with the status of the run."""

    id: int
    shown_at: str
    strategy: str
    was_asked_for: bool
    answer: str
    exploration: float
    items: tuple[Item, ...]
    picks: tuple[tuple[int, str], ...] = field(default=())


def write(db: apsw.Connection, batch: Sequence[Impression]) -> list[int]:
    """Write new lists and what changed about stored ones; return their numbers."""
    return [_update(db, it) if it.id else _insert(db, it) for it in batch]


def _insert(db: apsw.Connection, it: Impression) -> int:
    db.execute(
        "INSERT INTO impression (shown_at, session_id, project, language, strategy, weights_id,"
        " exploration, is_explored, was_asked_for, answer, answered_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            it.shown_at,
            text.clean(it.session_id, text.MAX_NAME),
            text.clean(it.project, text.MAX_NAME),
            text.clean(it.language, text.MAX_NAME),
            it.strategy,
            it.weights_id,
            it.exploration,
            it.is_explored,
            it.was_asked_for,
            it.answer,
            it.answered_at,
        ),
    )
    number = db.last_insert_rowid()
    db.executemany(
        "INSERT INTO impression_item (impression_id, position, rank, skill_name, confidence,"
        " propensity, part_values) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number,
                item.position,
                item.rank,
                text.clean(item.skill, text.MAX_NAME),
                item.confidence,
                item.propensity,
                json.dumps(dict(item.values), separators=(",", ":")),
            )
            for item in it.items
        ],
    )
    _add_picks(db, number, it.picks)
    return number


def _update(db: apsw.Connection, it: Impression) -> int:
    db.execute(
        "UPDATE impression SET was_asked_for = ?, answer = ?, answered_at = ? WHERE id = ?",
        (it.was_asked_for, it.answer, it.answered_at, it.id),
    )
    if db.changes():  # it may be too old to be kept
        _add_picks(db, it.id, it.picks)
    return it.id


def _add_picks(db: apsw.Connection, number: int, picks: Sequence[Pick]) -> None:
    db.executemany(
        "INSERT INTO impression_pick (impression_id, invocation_id, position)"
        " SELECT ?, id, ? FROM skill_invocation WHERE id = ? ON CONFLICT DO NOTHING",
        [(number, it.position, it.invocation_id) for it in picks],
    )


def close_abandoned(db: apsw.Connection, before: str, at: str) -> int:
    """Answer the lists that servers left open when they ended; return how many."""
    db.execute(
        "UPDATE impression SET answer = iif(was_asked_for, 'dismissed', 'unseen'), answered_at = ?"
        " WHERE answer = 'open' AND shown_at < ?",
        (at, before),
    )
    return db.changes()


def forget_oldest(db: apsw.Connection, kept: int = MAX_KEPT) -> int:
    """Drop what is older than the newest lists; return how many went."""
    db.execute("DELETE FROM impression WHERE id <= (SELECT max(id) FROM impression) - ?", (kept,))
    return db.changes()


def answered(
    db: apsw.Connection, strategy: str = "", limit: int = 5_000, project: str = ""
) -> list[Shown]:
    """Return the newest lists from which something was picked or that were opened in vain, oldest first.

    ``strategy`` asks for those of one strategy, ``project`` for those in one project.
    """
    asked = (strategy, text.clean(project, text.MAX_NAME), limit)
    return [_shown(row) for row in reversed(rows(db, _LISTS, asked))]


def _shown(row: Row) -> Shown:
    number, shown_at, strategy, was_asked_for, answer, exploration, items, picks = row
    return Shown(
        number,
        shown_at,
        strategy,
        bool(was_asked_for),
        answer,
        exploration,
        tuple(
            Item(position, rank, skill, 0.0, propensity, json.loads(values))
            for position, rank, skill, propensity, values in json.loads(items)
        ),
        tuple((position, status) for position, status in json.loads(picks)),
    )


def n_picks(db: apsw.Connection) -> int:
    """Return how many picks are kept."""
    return int(rows(db, "SELECT count(*) FROM impression_pick")[0][0])


def counts(db: apsw.Connection) -> dict[str, Any]:
    """Return how many lists there are, by answer, and how many were changed by chance."""
    by_answer: dict[str, int] = dict(
        rows(db, "SELECT answer, count(*) FROM impression GROUP BY answer")
    )
    explored, first = rows(db, "SELECT ifnull(sum(is_explored), 0), min(shown_at) FROM impression")[
        0
    ]
    return {"by_answer": by_answer, "n_explored": explored, "first_at": first}
