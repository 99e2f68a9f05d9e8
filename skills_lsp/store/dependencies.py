"""What is used together and in which order: kept up to date session by session, read at once.

Triggers note which sessions changed. :func:`count_pending` takes some of them, and moves the counts by
the difference between what the session gave before and what it gives now. So a use that is recorded
late, or deleted, is counted as if it had always been so, and nothing is ever counted anew as a whole.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apsw

from skills_lsp.reports.dependencies import Pair
from skills_lsp.store.database import rows

WINDOW = 3
"""So many different skills after one are looked at for what follows it."""

MAX_SKILLS = 200
"""Of a session with more different skills (a script) the most used count: pairs grow with the square."""

_SEQUENCE = """
SELECT skill_name FROM skill_invocation WHERE session_id = ? ORDER BY invoked_at, skill_name
"""
_PENDING = "SELECT session_id FROM skill_dependency_pending LIMIT ?"
_BEFORE = "SELECT contribution FROM skill_dependency_sessions WHERE session_id = ?"
_KEEP = """
INSERT INTO skill_dependency_sessions (session_id, contribution, counted_at) VALUES (?, ?, ?)
ON CONFLICT (session_id) DO UPDATE SET
    contribution = excluded.contribution, counted_at = excluded.counted_at
"""
_PAIR = """
INSERT INTO skill_dependencies (skill_a, skill_b, co_occurrence_count, last_updated)
VALUES (?1, ?2, max(?3, 0), ?4)
ON CONFLICT (skill_a, skill_b) DO UPDATE SET
    co_occurrence_count = max(co_occurrence_count + ?3, 0), last_updated = ?4
"""
_LIFT = """
UPDATE skill_dependencies SET lift_score = (
    SELECT network.lift_score FROM v_skill_dependency_network AS network
    WHERE network.skill_a = ?1 AND network.skill_b = ?2)
WHERE skill_a = ?1 AND skill_b = ?2
"""
_FOLLOWED = """
INSERT INTO skill_sequences (skill_a, skill_b, n_sessions, n_followed, last_updated)
VALUES (?1, ?2, max(?3, 0), max(?4, 0), ?5)
ON CONFLICT (skill_a, skill_b) DO UPDATE SET
    n_sessions = max(n_sessions + ?3, 0), n_followed = max(n_followed + ?4, 0), last_updated = ?5
"""
_NETWORK = """
SELECT pair.skill_a, pair.skill_b, pair.n_sessions_a, pair.n_sessions_b, pair.co_occurrence_count,
    ifnull(there.n_sessions, 0), ifnull(back.n_sessions, 0)
FROM v_skill_dependency_network AS pair
LEFT JOIN skill_sequences AS there ON there.skill_a = pair.skill_a AND there.skill_b = pair.skill_b
LEFT JOIN skill_sequences AS back ON back.skill_a = pair.skill_b AND back.skill_b = pair.skill_a
"""

Followed = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one session gives: its skills, and how often each was followed by which other."""

    skills: tuple[str, ...] = ()
    followed: tuple[tuple[str, str, int], ...] = ()

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """All pairs of its skills, each with the name that sorts first in front."""
        return {(a, b) for i, a in enumerate(self.skills) for b in self.skills[i + 1 :]}


@dataclass(frozen=True, slots=True)
class Network:
    """All counts: sessions, sessions by skill, pairs; and how many sessions wait to be counted."""

    n_sessions: int = 0
    by_skill: tuple[tuple[str, int], ...] = ()
    pairs: tuple[Pair, ...] = ()
    n_pending: int = 0


def contribution(sequence: Sequence[str]) -> Contribution:
    """Return what a session gives, from its skills in the order of their times.

    >>> contribution(["a", "a", "b"])
    Contribution(skills=('a', 'b'), followed=(('a', 'b', 2),))
    """
    counts = Counter(sequence)
    kept = counts
    if len(counts) > MAX_SKILLS:
        most = sorted(counts, key=lambda it: (-counts[it], it))[:MAX_SKILLS]
        kept = Counter({name: counts[name] for name in most})
    followed = Counter(_followed([it for it in sequence if it in kept]))
    return Contribution(
        tuple(sorted(kept)), tuple((a, b, n) for (a, b), n in sorted(followed.items()))
    )


def _followed(sequence: Sequence[str]) -> Iterable[Followed]:
    """Yield (skill, later skill) for each of the next different skills after each use.

    From the end, with the nearest skills in front: one more than the window is enough, as the use
    itself may be among them.
    """
    nearest: list[str] = []
    for skill in reversed(sequence):
        others = [it for it in nearest if it != skill][:WINDOW]
        yield from ((skill, it) for it in others)
        nearest = [skill, *others]


def has_pending(db: apsw.Connection) -> bool:
    """Say whether any session changed since it was counted."""
    return bool(rows(db, _PENDING, (1,)))


def count_pending(db: apsw.Connection, at: str, limit: int) -> int:
    """Count some of the sessions that changed; return how many that were. Within a transaction."""
    sessions = [it[0] for it in rows(db, _PENDING, (limit,))]
    pairs: Counter[tuple[str, str]] = Counter()
    n_sessions: Counter[Followed] = Counter()
    n_followed: Counter[Followed] = Counter()
    for session in sessions:
        before = _stored(rows(db, _BEFORE, (session,)))
        sequence = rows(db, _SEQUENCE, (session,)) if session else []
        now = contribution([it[0] for it in sequence])
        _move(pairs, n_sessions, n_followed, before, -1)
        _move(pairs, n_sessions, n_followed, now, 1)
        if now.skills:
            kept = json.dumps([now.skills, now.followed], ensure_ascii=False)
            db.execute(_KEEP, (session, kept, at))
        else:
            db.execute("DELETE FROM skill_dependency_sessions WHERE session_id = ?", (session,))
        db.execute("DELETE FROM skill_dependency_pending WHERE session_id = ?", (session,))
    changed = [(a, b) for (a, b), n in pairs.items() if n]
    db.executemany(_PAIR, ((a, b, pairs[a, b], at) for a, b in changed))
    db.executemany(_LIFT, changed)
    moved = {*n_sessions, *n_followed}
    db.executemany(
        _FOLLOWED,
        (
            (*it, n_sessions[it], n_followed[it], at)
            for it in moved
            if n_sessions[it] or n_followed[it]
        ),
    )
    return len(sessions)


def _move(
    pairs: Counter[tuple[str, str]],
    n_sessions: Counter[Followed],
    n_followed: Counter[Followed],
    given: Contribution,
    sign: int,
) -> None:
    for it in given.pairs:
        pairs[it] += sign
    for a, b, n in given.followed:
        n_sessions[a, b] += sign
        n_followed[a, b] += sign * n


def _stored(found: Sequence[Sequence[str]]) -> Contribution:
    if not found:
        return Contribution()
    skills, followed = json.loads(found[0][0])
    return Contribution(tuple(skills), tuple((a, b, n) for a, b, n in followed))


def network(db: apsw.Connection, skill: str = "") -> Network:
    """Return all counts, or those of the pairs with one skill."""
    where = " WHERE pair.skill_a = ?1 OR pair.skill_b = ?1" if skill else ""
    counts = rows(db, "SELECT skill_name, n_sessions FROM skill_session_counts")
    (n_pending,) = rows(db, "SELECT count(*) FROM skill_dependency_pending")[0]
    found = rows(db, _NETWORK + where, (skill,) if skill else ())
    return Network(
        next((n for name, n in counts if not name), 0),
        tuple((name, n) for name, n in sorted(counts) if name),
        tuple(Pair(*it) for it in found),
        n_pending,
    )


def known(db: apsw.Connection) -> tuple[tuple[str, str, str, str], ...]:
    """Return what is known of pairs before anybody used them: first, second, kind, reason."""
    found = rows(db, "SELECT skill_a, skill_b, kind, reason FROM skill_known_dependencies")
    return tuple((str(a), str(b), str(kind), str(reason)) for a, b, kind, reason in sorted(found))
