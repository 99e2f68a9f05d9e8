"""What is asked about issues and fixes, in SQL."""

import json
from collections.abc import Iterable, Sequence

import apsw

from skills_lsp.domain.fix import Attempt, Issue, Known, Similar, StrategyRecord, Totals
from skills_lsp.store.database import Row, rows
from skills_lsp.store.fixes import issue_words
from skills_lsp.store.lexical import words

MAX_ATTEMPTS = 200
"""Newest attempts of one issue that vote."""

_KNOWN = "SELECT id, tool, type, message, stage, n_seen, last_seen_at, words FROM fix_issue"
_KNOWN_BY_ID = f"{_KNOWN} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - a constant
_N_WORDS = 16
_N_OF_A_WORD = 24


def similar_by_keys(
    db: apsw.Connection, near: Sequence[tuple[bytes, float]]
) -> tuple[Similar, ...]:
    """Return issues by their keys and similarities, with what was tried."""
    known = by_digests(db, [digest for digest, _ in near])
    return _with_attempts(db, [(known[it], max(like, 0.0)) for it, like in near if it in known])


def similar_by_words(db: apsw.Connection, issue: Issue, limit: int) -> tuple[Similar, ...]:
    """Return the issues that share most words with one, with what was tried."""
    return _with_attempts(db, near_by_words(db, issue, limit))


def _with_attempts(
    db: apsw.Connection, found: Sequence[tuple[Known, float]]
) -> tuple[Similar, ...]:
    attempts = attempts_on(db, [it.id for it, _ in found])
    return tuple(Similar(it, like, attempts.get(it.id, ())) for it, like in found)


def by_digests(db: apsw.Connection, digests: Iterable[bytes]) -> dict[bytes, Known]:
    """Return the issues with these keys."""
    found = {}
    for digest in digests:
        for row in rows(db, f"{_KNOWN} WHERE digest = ?", (digest,)):
            found[digest] = _known(row)
    return found


def near_by_words(db: apsw.Connection, issue: Issue, limit: int) -> list[tuple[Known, float]]:
    """Return the issues that share most words with one, and the share of words they share, 0 to 1.

    Candidates are the newest with each word beside its type (else its tool), so that the cost does
    not grow with the number of issues that have a common word; ranking all of those would take long.
    """
    asked = issue_words(issue)
    own = asked.split()[:_N_WORDS]
    anchor = tuple(dict.fromkeys(words(issue.type or issue.tool)))[:1]
    ids: dict[int, None] = {}
    if anchor:
        _add_newest(db, ids, [(*anchor, it) for it in own])
    if len(ids) < limit:
        _add_newest(db, ids, [(it,) for it in own if it not in anchor])
    found = rows(db, _KNOWN_BY_ID, (json.dumps(list(ids)),))
    wanted = frozenset(asked.split())
    scored = [(_known(row), likeness(wanted, frozenset(row[7].split()))) for row in found]
    scored.sort(key=lambda it: (-it[1], -it[0].id))
    return scored[:limit]


def likeness(some: frozenset[str], others: frozenset[str]) -> float:
    """Return the share of words that two issues share (Jaccard), 0 to 1."""
    union = len(some | others)
    return len(some & others) / union if union else 0.0


def _add_newest(
    db: apsw.Connection, ids: dict[int, None], queries: Iterable[Sequence[str]]
) -> None:
    for asked in queries:
        match = " AND ".join(f'"{word}"' for word in asked)
        hits = rows(
            db,
            "SELECT rowid FROM fix_issue_words WHERE fix_issue_words MATCH ?"
            " ORDER BY rowid DESC LIMIT ?",
            (match, _N_OF_A_WORD),
        )
        ids.update(dict.fromkeys(number for (number,) in hits))


def attempts_on(db: apsw.Connection, issue_ids: Iterable[int]) -> dict[int, tuple[Attempt, ...]]:
    """Return the newest attempts on issues that have ended, by issue."""
    found = {}
    for issue_id in issue_ids:
        hits = rows(
            db,
            "SELECT issue_id, strategy, success, credit, tried_at FROM fix_attempt"
            " WHERE issue_id = ? AND success IS NOT NULL ORDER BY tried_at DESC, id DESC LIMIT ?",
            (issue_id, MAX_ATTEMPTS),
        )
        if hits:
            found[issue_id] = tuple(
                Attempt(number, strategy, bool(success), credit, at)
                for number, strategy, success, credit, at in hits
            )
    return found


def newest_issues(db: apsw.Connection, limit: int) -> dict[bytes, Issue]:
    """Return the issues that were seen last, by key; what the index by meaning is made of."""
    found = rows(
        db,
        "SELECT digest, tool, type, message, stage FROM fix_issue"
        " ORDER BY last_seen_at DESC LIMIT ?",
        (limit,),
    )
    return {digest: Issue(*row) for digest, *row in found}


def totals(db: apsw.Connection, limit: int) -> Totals:
    """Return what the memory holds; of strategies and types the most frequent."""
    ((n_issues, n_open, n_attempts, n_successes),) = rows(
        db,
        "SELECT (SELECT count(*) FROM fix_issue), (SELECT count(*) FROM fix_sighting), count(*),"
        " ifnull(sum(success), 0) FROM fix_attempt WHERE success IS NOT NULL",
    )
    strategies = rows(
        db,
        "SELECT strategy, n_attempts, n_successes, n_issues, last_tried_at,"
        " ifnull(last_worked_at, '') FROM v_fix_strategy"
        " ORDER BY n_attempts DESC, strategy LIMIT ?",
        (limit,),
    )
    types = rows(
        db,
        "SELECT tool, type, count(*), sum(n_seen) AS n_runs FROM fix_issue GROUP BY tool, type"
        " ORDER BY n_runs DESC, tool, type LIMIT ?",
        (limit,),
    )
    return Totals(
        n_issues,
        n_open,
        n_attempts,
        n_successes,
        tuple(StrategyRecord(*row) for row in strategies),
        tuple((tool, kind, n, n_runs) for tool, kind, n, n_runs in types),
    )


def _known(row: Row) -> Known:
    number, tool, kind, message, stage, n_seen, last_seen_at, *_ = row
    return Known(number, Issue(tool, kind, message, stage), n_seen, last_seen_at)
