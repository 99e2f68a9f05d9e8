"""The counts that triggers keep always equal those of a full scan."""

from collections import Counter

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import START

from skills_lsp.domain.invocation import Status
from skills_lsp.store.database import open_writer
from skills_lsp.store.migrations import load_migrations, migrate_up

NAMES = st.sampled_from(["a", "b", "'; DROP", "[", "x.y"])
TEXTS = st.sampled_from(["", "[", "pkg.mod.Error", "KeyError: 'a.b'", "x[0]", "$"])
ENDS = [status.value for status in Status if status is not Status.RUNNING]


@st.composite
def operations(draw):
    kinds = draw(
        st.lists(
            st.sampled_from(["insert", "insert", "end", "follow", "error", "delete"]), max_size=25
        )
    )
    return [
        (
            kind,
            draw(NAMES),
            draw(st.integers(0, 5)),
            draw(st.sampled_from(ENDS)),
            draw(TEXTS),
            draw(st.integers(0, 8)),
            draw(st.none() | st.integers(1, 3)),
        )
        for kind in kinds
    ]


def fresh():
    db = open_writer(":memory:")
    migrate_up(db, load_migrations(), START)
    return db


def apply(db, operation):
    kind, name, minute, status, text, pick, rank = operation
    ids = [row[0] for row in db.execute("SELECT id FROM skill_invocation ORDER BY id").fetchall()]
    chosen = ids[pick % len(ids)] if ids else None
    if kind == "insert":
        stored = status if pick % 2 else "running"
        db.execute(
            "INSERT INTO skill_invocation (skill_name, invoked_at, session_id, workflow_path, status, completed,"
            " duration_seconds, selection_rank, error_type, follow_up_actions, project, language)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, json_array(?, ?), ?, 'python')",
            (name, f"2026-01-31T09:0{minute}:00.000000Z", f"s{pick % 2}", text, stored,
             Status(stored).is_completed, None if stored == "running" else 1.5, rank, text, text, name, f"p{minute % 2}"),
        )  # fmt: skip
    elif kind == "end" and chosen:
        db.execute(
            "UPDATE skill_invocation SET status = ?, completed = ?, duration_seconds = 2.5, summary = ? WHERE id = ?",
            (status, Status(status).is_completed, text, chosen),
        )
    elif kind == "follow" and chosen:
        db.execute(
            "UPDATE skill_invocation SET follow_up_actions = json_array(?, 'z') WHERE id = ?",
            (text, chosen),
        )
    elif kind == "error" and chosen:
        db.execute("UPDATE skill_invocation SET error_type = ? WHERE id = ?", (text, chosen))
    elif kind == "delete" and chosen:
        db.execute("DELETE FROM skill_invocation WHERE id = ?", (chosen,))


COUNTED = """
    count(*), sum(status = 'running'), sum(completed), sum(selection_rank IS 1),
    sum(completed AND duration_seconds IS NOT NULL), round(sum(iif(completed, ifnull(duration_seconds, 0.0), 0.0)), 6)
"""
KEPT = "n_invocations, n_running, n_completed, n_picked_first, n_timed, round(total_duration_seconds, 6)"


def rows(db, sql):
    return sorted(db.execute(sql).fetchall(), key=repr)


def check_counts(db):
    assert rows(
        db, f"SELECT skill_name, {KEPT}, first_invoked_at, last_invoked_at FROM skill_metrics"
    ) == rows(
        db,
        f"SELECT skill_name, {COUNTED}, min(invoked_at), max(invoked_at) FROM skill_invocation GROUP BY skill_name",
    )
    assert rows(
        db, f"SELECT project, language, skill_name, {KEPT} FROM skill_setting_metrics"
    ) == rows(
        db,
        f"SELECT project, language, skill_name, {COUNTED} FROM skill_invocation GROUP BY 1, 2, 3",
    )
    assert rows(db, "SELECT skill_name, n_ranked, total_selection_rank FROM skill_metrics") == rows(
        db,
        "SELECT skill_name, count(selection_rank), ifnull(sum(selection_rank), 0) FROM skill_invocation GROUP BY 1",
    )
    assert rows(db, "SELECT session_id, skill_name, invocation_count FROM session_skills") == rows(
        db, "SELECT session_id, skill_name, count(*) FROM skill_invocation GROUP BY 1, 2"
    )
    for table, keys in (
        ("skill_metrics", "skill_name"),
        ("skill_setting_metrics", "project, language, skill_name"),
    ):
        assert rows(db, f"SELECT {keys}, last_ended_id, last_status, last_summary FROM {table} WHERE last_ended_id") == rows(
            db,
            f"SELECT {keys}, id, status, summary FROM (SELECT *, row_number() OVER (PARTITION BY {keys}"
            " ORDER BY invoked_at DESC, id DESC) AS place FROM skill_invocation WHERE status <> 'running') WHERE place = 1",
        )  # fmt: skip
    expected = Counter()
    for name, error, path, actions in db.execute(
        "SELECT i.skill_name, error_type, workflow_path, group_concat(value, char(1)) FROM skill_invocation AS i,"
        " json_each(follow_up_actions) GROUP BY i.id"
    ):
        expected.update((name, "follow_up", value) for value in actions.split("\1"))
        expected.update([(name, "error_type", error)] if error else [])
        expected.update([(name, "workflow_path", path)] if path else [])
    kept = {
        row[:3]: row[3]
        for row in db.execute("SELECT skill_name, kind, value, n FROM skill_metric_counts")
    }
    assert kept == dict(expected)


@settings(max_examples=60, deadline=None)
@given(operations())
def test_counts_follow_every_insert_update_and_delete(steps):
    db = fresh()
    for step in steps:
        apply(db, step)
        check_counts(db)
    db.close()


def test_an_invocation_keeps_what_it_is_counted_by():
    db = fresh()
    apply(db, ("insert", "a", 1, "passed", "", 0, 1))
    for column in (
        "skill_name",
        "invoked_at",
        "session_id",
        "workflow_path",
        "project",
        "language",
    ):
        with pytest.raises(apsw.ConstraintError, match="keeps its skill"):
            db.execute(f"UPDATE skill_invocation SET {column} = {column} || 'x'")
    db.close()


def test_what_has_ended_does_not_run_again():
    db = fresh()
    apply(db, ("insert", "a", 1, "passed", "", 1, 1))
    with pytest.raises(apsw.ConstraintError, match="does not run again"):
        db.execute("UPDATE skill_invocation SET status = 'running'")
    db.close()


@pytest.mark.parametrize(
    "wrong",
    ["invoked_at = '2026-01-31 09:30:00'", "completed = 2", "selection_rank = 0", "duration_seconds = -1",
     "follow_up_actions = '['", "status = 'great'"],
)  # fmt: skip
def test_wrong_values_are_refused_by_the_database_itself(wrong):
    db = fresh()
    column, value = wrong.split(" = ")
    base = {
        "skill_name": "'a'",
        "invoked_at": "'2026-01-31T09:30:00.000000Z'",
        "session_id": "'s'",
        column: value,
    }
    insert = f"INSERT INTO skill_invocation ({', '.join(base)}) VALUES ({', '.join(base.values())})"
    with pytest.raises(apsw.ConstraintError):
        db.execute(insert)
    db.close()


def test_the_statuses_of_the_schema_are_those_of_the_program():
    db = fresh()
    stored = dict(db.execute("SELECT status, is_completed FROM skill_invocation_status").fetchall())
    assert stored == {status.value: int(status.is_completed) for status in Status}
    db.close()
