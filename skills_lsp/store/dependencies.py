"""What is used together and in which order: kept up to date session by session, read at once.

Triggers note which sessions changed. :func:`count_pending` takes some of them, and moves the counts by
the difference between what the session gave before and what it gives now. So a use that is recorded
late, or deleted, is counted as if it had always been so, and nothing is ever counted anew as a whole.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import apsw

from skills_lsp.reports.dependencies import Pair, least_deviation
from skills_lsp.store import text
from skills_lsp.store.database import rows

WINDOW = 3
"""So many different skills after one are looked at for what follows it."""

MAX_SESSIONS = 2_000
"""Of a project the newest so many sessions are looked at, among ten times as many uses: no counts are
kept by project, and it takes 0.1 s."""

MAX_SKILLS = 200
"""Of a session with more different skills (a script) the most used count: pairs grow with the square."""

_ROUNDING = 1e-6  # the database and the report may differ in the last digit

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
INSERT INTO skill_dependencies (skill_a, skill_b, co_occurrence_count, lift_score, last_updated)
VALUES (?1, ?2, max(?3, 0), max(?3, 0) * ?4, ?5)
ON CONFLICT (skill_a, skill_b) DO UPDATE SET
    co_occurrence_count = max(co_occurrence_count + ?3, 0),
    lift_score = max(co_occurrence_count + ?3, 0) * ?4, last_updated = ?5
"""
_FOLLOWED = """
INSERT INTO skill_sequences (skill_a, skill_b, n_sessions, n_followed, last_updated)
VALUES (?1, ?2, max(?3, 0), max(?4, 0), ?5)
ON CONFLICT (skill_a, skill_b) DO UPDATE SET
    n_sessions = max(n_sessions + ?3, 0), n_followed = max(n_followed + ?4, 0), last_updated = ?5
"""
_COUNTS = "SELECT skill_name, n_sessions FROM skill_session_counts"
_WAITING = """
WITH waiting AS MATERIALIZED (
    SELECT session_id FROM skill_dependency_pending
    EXCEPT SELECT session_id FROM skill_dependency_sessions)
SELECT skill_name, count(*) FROM waiting JOIN session_skills USING (session_id) GROUP BY skill_name
UNION ALL
SELECT '', count(*) FROM waiting WHERE session_id IN (SELECT session_id FROM session_skills)
"""
_THEN = """
    ifnull((SELECT n_sessions FROM skill_sequences AS it
        WHERE it.skill_a = pair.skill_a AND it.skill_b = pair.skill_b), 0),
    ifnull((SELECT n_sessions FROM skill_sequences AS it
        WHERE it.skill_a = pair.skill_b AND it.skill_b = pair.skill_a), 0)
"""
_NETWORK = f"""
SELECT pair.skill_a, pair.skill_b, pair.n_sessions_a, pair.n_sessions_b, pair.co_occurrence_count, {_THEN}
FROM v_skill_dependency_network AS pair
"""  # noqa: S608 - our own words
# Those so many standard deviations from what chance gives: none that is nearer is called dependent.
_NOTABLE = """
SELECT pair.skill_a, pair.skill_b, a.n_sessions, b.n_sessions, pair.co_occurrence_count, 0, 0
FROM skill_session_counts AS everything
CROSS JOIN skill_session_counts AS a
JOIN skill_dependencies AS pair ON pair.skill_a = a.skill_name
JOIN skill_session_counts AS b ON b.skill_name = pair.skill_b
WHERE everything.skill_name = '' AND pair.co_occurrence_count > 0
    AND abs(pair.co_occurrence_count - a.n_sessions * 1.0 * b.n_sessions / everything.n_sessions)
        > ?1 * sqrt(a.n_sessions * 1.0 * b.n_sessions / everything.n_sessions
            * (1.0 - a.n_sessions * 1.0 / everything.n_sessions)
            * (1.0 - b.n_sessions * 1.0 / everything.n_sessions))
"""
_SESSIONS_OF = """
SELECT kept.contribution FROM (
    SELECT DISTINCT session_id FROM (
        SELECT session_id FROM skill_invocation INDEXED BY skill_invocation_by_project
        WHERE project = ?1 AND session_id <> '' ORDER BY invoked_at DESC LIMIT 10 * ?2)
    LIMIT ?2)
JOIN skill_dependency_sessions AS kept USING (session_id)
"""
_FOLLOWS = "SELECT n_sessions FROM skill_sequences WHERE skill_a = ? AND skill_b = ?"

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
    """Counts: sessions, sessions by skill, pairs; and how many sessions wait to be counted.

    ``n_pairs`` were looked at; of these ``pairs`` are all, or those that are not what chance gives.
    """

    n_sessions: int = 0
    by_skill: tuple[tuple[str, int], ...] = ()
    pairs: tuple[Pair, ...] = ()
    n_pairs: int = 0
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
    alone: dict[str, int] = dict(rows(db, _COUNTS))
    db.executemany(
        _PAIR,
        (
            (a, b, n, alone.get("", 0) / (alone.get(a, 1) * alone.get(b, 1)), at)
            for (a, b), n in pairs.items()
            if n
        ),
    )
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
    """Return the pairs with one skill; without one, those of all that are not what chance gives.

    The latter are without what follows what, which :func:`directed` adds for those that are shown.
    Sessions that wait are left out of every count alike, so that shares stay shares.
    """
    (n_pending,) = rows(db, "SELECT count(*) FROM skill_dependency_pending")[0]
    if skill or n_pending:
        return whole_network(db, skill)
    counts = {str(name): int(n) for name, n in rows(db, _COUNTS)}
    (n_pairs,) = rows(db, "SELECT count(*) FROM skill_dependencies WHERE co_occurrence_count > 0")[
        0
    ]
    least = least_deviation(n_pairs) - _ROUNDING
    found = tuple(Pair(*it) for it in rows(db, _NOTABLE, (least,)))
    return Network(counts.pop("", 0), tuple(sorted(counts.items())), found, n_pairs)


def directed(db: apsw.Connection, pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs with how often the one followed the other."""

    def n_sessions(first: str, second: str) -> int:
        found = rows(db, _FOLLOWS, (first, second))
        return int(found[0][0]) if found else 0

    return [
        replace(
            it,
            n_then=n_sessions(it.first, it.second),
            n_back=n_sessions(it.second, it.first),
        )
        for it in pairs
    ]


def whole_network(db: apsw.Connection, skill: str = "") -> Network:
    """Return all pairs, or all with one skill."""
    where = " WHERE pair.skill_a = ?1 OR pair.skill_b = ?1" if skill else ""
    counts = {str(name): int(n) for name, n in rows(db, _COUNTS)}
    found = [Pair(*it) for it in rows(db, _NETWORK + where, (skill,) if skill else ())]
    (n_pending,) = rows(db, "SELECT count(*) FROM skill_dependency_pending")[0]
    if n_pending:
        for name, n in rows(db, _WAITING):
            counts[name] = counts.get(name, 0) - n
        found = [_recounted(it, counts) for it in found]
    n_sessions = counts.pop("", 0)
    by_skill = tuple((name, n) for name, n in sorted(counts.items()) if n)
    return Network(n_sessions, by_skill, tuple(found), len(found), n_pending)


def project_network(db: apsw.Connection, project: str, skill: str = "") -> Network:
    """Return the pairs, all or those with one skill, in the newest sessions of a project."""
    found = rows(db, _SESSIONS_OF, (text.clean(project, text.MAX_NAME), MAX_SESSIONS))
    alone: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    then: Counter[Followed] = Counter()
    for row in found:
        given = _stored([row])
        alone.update(given.skills)
        both.update(it for it in given.pairs if not skill or skill in it)
        then.update((a, b) for a, b, _ in given.followed)
    pairs = tuple(
        Pair(a, b, alone[a], alone[b], n, then[a, b], then[b, a]) for (a, b), n in both.items()
    )
    (n_pending,) = rows(db, "SELECT count(*) FROM skill_dependency_pending")[0]
    return Network(len(found), tuple(sorted(alone.items())), pairs, len(pairs), n_pending)


def _recounted(pair: Pair, counts: Mapping[str, int]) -> Pair:
    n_first, n_second = counts.get(pair.first, 0), counts.get(pair.second, 0)
    return replace(pair, n_first=max(n_first, pair.n_both), n_second=max(n_second, pair.n_both))


def known(db: apsw.Connection) -> tuple[tuple[str, str, str, str], ...]:
    """Return what is known of pairs before anybody used them: first, second, kind, reason."""
    found = rows(db, "SELECT skill_a, skill_b, kind, reason FROM skill_known_dependencies")
    return tuple((str(a), str(b), str(kind), str(reason)) for a, b, kind, reason in sorted(found))
