"""Issues, where they stand, and what was tried against them: how runs and people write them."""

import hashlib
import json
from dataclasses import dataclass

import apsw

from skills_lsp.domain.fix import Issue
from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.learning.issues import MAX_MESSAGE, MAX_READ, breaks_the_file, normalised
from skills_lsp.store import text
from skills_lsp.store.database import rows
from skills_lsp.store.lexical import words

MAX_ISSUES = 100_000
"""The longest unseen make room."""
MAX_OF_A_RUN = 20
"""Different issues that one run leaves: the first ones, as the rest mostly repeats them."""
MAX_OPEN = 500
"""Sightings of a folder that attempts are counted for."""
SIGHTING_DAYS = 14
"""Who has not looked again for so long has given up, or moved on."""

_PRUNE_EVERY = 500
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the memory of fixes needs it; paths are absolute, an empty one is the whole project."""

    skill: str
    tool: str
    stage: str
    folder: str
    file: str
    test_id: str
    at: str
    """When it was started (UTC)."""
    problems: tuple[ToolProblem, ...] = ()
    is_judged: bool = False
    """Whether its tool did its work, so that what it does not report is not there."""
    has_passed: bool = False
    is_cut: bool = False
    """Whether it may have found more than it reports."""
    is_test: bool = False
    is_fix: bool = False
    """Whether it may have changed something."""
    edited: tuple[str, ...] | None = ()
    """Files that were saved since the last run in this folder; None when that is unknown."""
    key: str = ""
    """Names the run, so that one that is told twice is stored once."""
    session_id: str = ""
    project: str = ""
    language: str = ""


def issue_of(tool: str, kind: str, message: str, stage: str = "") -> Issue:
    """Return an issue as it is stored: normalised, scrubbed, in bounds."""
    clean = text.clean_free(message[:MAX_READ], MAX_READ)
    return Issue(
        text.clean_free(tool, text.MAX_NAME),
        text.clean_free(kind, text.MAX_NAME),
        text.clean(normalised(clean), MAX_MESSAGE),
        text.clean(stage, text.MAX_NAME),
    )


def digest_of(issue: Issue) -> bytes:
    """Return the key of an issue; the stage does not count."""
    data = f"{issue.tool}\0{issue.type}\0{issue.message}"
    return hashlib.blake2b(
        data.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES
    ).digest()


def issue_words(issue: Issue) -> str:
    """Return the words by which an issue is found."""
    return " ".join(dict.fromkeys(words(f"{issue.tool} {issue.type} {issue.message}")))


# -- runs ----------------------------------------------------------------------------------------


def take_run(db: apsw.Connection, run: Run) -> tuple[Issue, ...]:
    """Take a run that has ended: what it tried, what it shows gone, what it reports.

    Returns the issues that it leaves, in bounds.
    """
    reported = _reported(run)
    _mark_edited(db, run)
    if run.is_fix:
        _open_attempts(db, run)
    _settle(db, run, {(digest_of(issue), file) for issue, file in reported})
    kept = reported[:MAX_OF_A_RUN]
    for issue, file in kept:
        issue_id = _see(db, issue, run.at)
        is_new = _sight(db, run, issue_id, file)
        if run.is_fix and is_new:  # it ran, and this is what it left
            _write_attempt(db, run, issue_id, file, success=False)
    _forget_old(db, run)
    return tuple(dict.fromkeys(issue for issue, _ in kept))


def _reported(run: Run) -> list[tuple[Issue, str]]:
    """Return the different issues of a run with their files."""
    found: dict[tuple[Issue, str], None] = {}
    for it in run.problems:
        found[issue_of(run.tool, it.code, it.message, run.stage), it.path] = None
    return list(found)


def _mark_edited(db: apsw.Connection, run: Run) -> None:
    """Remember that what stands may have been mended by hand."""
    if run.edited == ():
        return
    edited = "null" if run.edited is None else json.dumps(run.edited)
    db.execute(
        "UPDATE fix_sighting SET is_edited = 1 WHERE folder = :folder AND (is_test"
        " OR :edited = 'null' OR file IN (SELECT value FROM json_each(:edited)))",
        {"folder": run.folder, "edited": edited},
    )


def _open_attempts(db: apsw.Connection, run: Run) -> None:
    """Count the run as tried against what stands where it may have changed something.

    Not against what it left itself: that it was run again is no second chance.
    """
    db.execute(
        "INSERT INTO fix_attempt"
        " (key, issue_id, sighting_id, strategy, tried_at, session_id, project, language, source)"
        " SELECT :key || ':' || it.issue_id || ':' || it.file, it.issue_id, it.id, :skill, :at,"
        " :session, :project, :language, 'run' FROM fix_sighting AS it"
        " WHERE it.folder = :folder AND it.seen_at <= :at AND it.skill_name <> :skill"
        " AND (it.is_test OR :file = '' OR it.file = :file) AND NOT EXISTS"
        " (SELECT 1 FROM fix_attempt WHERE sighting_id = it.id AND strategy = :skill)"
        " ORDER BY it.seen_at DESC LIMIT :most ON CONFLICT (key) DO NOTHING",
        {**_values(run), "most": MAX_OPEN},
    )


def _settle(db: apsw.Connection, run: Run, standing: set[tuple[bytes, str]]) -> None:
    """End the attempts that this run can judge, and the sightings that it shows gone."""
    broken = {it.path for it in run.problems if breaks_the_file(it.code)}
    files = json.dumps(sorted({file for _, file in standing}))
    for row in rows(db, _SIGHTINGS, {**_values(run), "files": files}):
        sighting = _Sighting(*row)
        if (sighting.digest, sighting.file) in standing:
            _end(db, run, sighting, success=False)
            db.execute(
                "UPDATE fix_sighting SET seen_at = ?, is_edited = 0 WHERE id = ?",
                (run.at, sighting.id),
            )
        elif (
            sighting.is_covered and run.is_judged and not run.is_cut and sighting.file not in broken
        ):
            _end(db, run, sighting, success=True)
            db.execute("DELETE FROM fix_sighting WHERE id = ?", (sighting.id,))


@dataclass(frozen=True, slots=True)
class _Sighting:
    """An issue that stands somewhere, as a run finds it."""

    id: int
    issue_id: int
    digest: bytes
    file: str
    is_edited: bool
    is_covered: bool


# What a run of the same tool says still stands, does. What it does not say is gone only when the run
# covers it: the same skill again, or tests that pass (another linter run may look at other rules).
_SIGHTINGS = """
SELECT * FROM (
    SELECT it.id, it.issue_id, issue.digest, it.file, it.is_edited,
        (it.skill_name = :skill OR (:passed AND :is_test AND it.is_test))
        AND (:file = '' OR :file = it.run_file)
        AND (:test = '' OR it.run_test = :test
            OR substr(it.run_test, 1, length(:test) + 2) = :test || '::') AS is_covered
    FROM fix_sighting AS it JOIN fix_issue AS issue ON issue.id = it.issue_id
    WHERE it.folder = :folder AND issue.tool = :tool AND it.seen_at <= :at)
WHERE is_covered OR file IN (SELECT value FROM json_each(:files))
"""


def _end(db: apsw.Connection, run: Run, sighting: _Sighting, *, success: bool) -> None:
    """End what was tried since the issue was last seen; who was at work shares a success.

    A test that ended otherwise though nothing was changed says what running it again is worth.
    """
    db.execute(
        "UPDATE fix_attempt SET success = :success, sighting_id = NULL, credit = CASE WHEN :success"
        " THEN 1.0 / (:by_hand + (SELECT count(*) FROM fix_attempt WHERE sighting_id = :sighting))"
        " ELSE 1.0 END WHERE sighting_id = :sighting",
        {"success": success, "sighting": sighting.id, "by_hand": int(sighting.is_edited)},
    )
    is_repeat = run.is_test and not sighting.is_edited and not db.changes()
    if is_repeat and not run.is_fix:
        _write_attempt(db, run, sighting.issue_id, sighting.file, success=success)


def _write_attempt(
    db: apsw.Connection, run: Run, issue_id: int, file: str, *, success: bool
) -> None:
    values = {**_values(run), "issue": issue_id, "where": file, "success": int(success)}
    db.execute(
        "INSERT INTO fix_attempt"
        " (key, issue_id, strategy, success, tried_at, session_id, project, language, source)"
        " VALUES (:key || ':' || :issue || ':' || :where, :issue, :skill, :success, :at,"
        " :session, :project, :language, 'run') ON CONFLICT (key) DO NOTHING",
        values,
    )


def _see(db: apsw.Connection, issue: Issue, at: str) -> int:
    """Write an issue, or that it was seen again; return its id."""
    digest = digest_of(issue)
    db.execute(
        "INSERT INTO fix_issue"
        " (digest, tool, type, message, stage, words, first_seen_at, last_seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET n_seen = n_seen + 1,"
        " last_seen_at = max(last_seen_at, excluded.last_seen_at)",
        (digest, issue.tool, issue.type, issue.message, issue.stage, issue_words(issue), at, at),
    )
    ((issue_id,),) = rows(db, "SELECT id FROM fix_issue WHERE digest = ?", (digest,))
    if issue_id % _PRUNE_EVERY == 0:
        db.execute(
            "DELETE FROM fix_issue WHERE id IN"
            " (SELECT id FROM fix_issue ORDER BY last_seen_at DESC LIMIT -1 OFFSET ?)",
            (MAX_ISSUES,),
        )
    return int(issue_id)


def _sight(db: apsw.Connection, run: Run, issue_id: int, file: str) -> bool:
    """Write that an issue stands in a file; say whether that is new."""
    values = {**_values(run), "issue": issue_id, "where": file}
    db.execute(
        "INSERT INTO fix_sighting"
        " (issue_id, skill_name, folder, file, run_file, run_test, is_test, seen_at)"
        " VALUES (:issue, :skill, :folder, :where, :file, :test, :is_test, :at)"
        " ON CONFLICT DO NOTHING",
        values,
    )
    if db.changes():
        return True
    db.execute(
        "UPDATE fix_sighting SET seen_at = :at, is_edited = 0 WHERE folder = :folder"
        " AND skill_name = :skill AND file = :where AND run_file = :file AND run_test = :test"
        " AND issue_id = :issue",
        values,
    )
    return False


def _forget_old(db: apsw.Connection, run: Run) -> None:
    """Let go of what nobody looked at again, and of attempts that can no more be judged."""
    db.execute(
        "DELETE FROM fix_sighting WHERE seen_at < strftime('%Y-%m-%dT%H:%M:%S', :at, :age)",
        {"at": run.at, "age": f"-{SIGHTING_DAYS} days"},
    )
    if db.changes():
        db.execute("DELETE FROM fix_attempt WHERE success IS NULL AND sighting_id IS NULL")


def _values(run: Run) -> dict[str, str | int]:
    return {
        "key": run.key,
        "skill": text.clean(run.skill, text.MAX_NAME),
        "tool": text.clean_free(run.tool, text.MAX_NAME),
        "folder": run.folder,
        "file": run.file,
        "test": run.test_id,
        "at": run.at,
        "is_test": int(run.is_test),
        "passed": int(run.has_passed),
        "session": text.clean(run.session_id, text.MAX_NAME),
        "project": text.clean(run.project, text.MAX_NAME),
        "language": text.clean(run.language, text.MAX_NAME),
    }


# -- what somebody says --------------------------------------------------------------------------


def tell(
    db: apsw.Connection,
    issue: Issue,
    strategy: str,
    at: str,
    *,
    success: bool,
    key: str = "",
    session_id: str = "",
    project: str = "",
    language: str = "",
) -> bool:
    """Write an attempt that somebody tells of; False when one of this key is known already."""
    if key and rows(db, "SELECT 1 FROM fix_attempt WHERE key = ?", (f"told:{key}",)):
        return False
    issue_id = _see(db, issue, at)
    db.execute(
        "INSERT INTO fix_attempt"
        " (key, issue_id, strategy, success, tried_at, session_id, project, language, source)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'told')",
        (
            f"told:{text.clean(key, text.MAX_NAME)}" if key else None,
            issue_id,
            text.clean_free(strategy, text.MAX_NAME),
            int(success),
            at,
            text.clean(session_id, text.MAX_NAME),
            text.clean(project, text.MAX_NAME),
            text.clean(language, text.MAX_NAME),
        ),
    )
    return True
