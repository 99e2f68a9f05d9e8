"""What is kept beside the history equals a full count of it, whatever happened in whatever order."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import START

from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.errors import StoreError
from skills_lsp.store import aggregates, counting, invocations, text
from skills_lsp.store.database import open_writer, rows, write
from skills_lsp.store.migrations import load_migrations, migrate_up

ENDED = [status for status in Status if status is not Status.RUNNING]
DURATIONS = st.none() | st.floats(0, 1e12) | st.sampled_from([0.0, 0.0004, 1.0, 59.9])

uses = st.builds(
    Invocation,
    skill_name=st.sampled_from(["a", "b", "pkg.mod[0]"]),
    # Around midnight, so that hours and days change.
    invoked_at=st.integers(-200, 200).map(
        lambda n: text.instant(START.replace(hour=0, minute=0) + timedelta(minutes=n))
    ),
    session_id=st.sampled_from(["", "s", "t"]),
    workflow_phase=st.sampled_from(["", "setup", "execution"]),
    workflow_path=st.sampled_from(["", "x/y"]),
    user_query=st.sampled_from(["", "test_checkout cart", "Änderung"]),
    selection_rank=st.none() | st.integers(1, 3),
    project=st.sampled_from(["", "shop"]),
    status=st.sampled_from([Status.RUNNING, *ENDED]),
    duration_seconds=DURATIONS,
    error_type=st.sampled_from(["", "x[0]"]),
    follow_up_actions=st.sampled_from([(), ("commit", "commit")]),
)
corrections = st.tuples(
    st.sampled_from(["finish", "phase", "duration", "completed", "delete"]),
    st.integers(0, 30),
    st.sampled_from(ENDED),
    DURATIONS,
)


def fresh():
    db = open_writer(":memory:")
    migrate_up(db, load_migrations(), START)
    db.execute("INSERT INTO skill_server (id, start_id, process_id, started_at, user_id)"
               " VALUES (1, 'x', 1, '', 'me')")  # fmt: skip
    return db


def insert(db, it, server_id=1):
    return invocations.insert(db, invocations.prepared(it), server_id)


def correct(db, step):
    kind, pick, status, seconds = step
    ids = [number for (number,) in rows(db, "SELECT id FROM skill_invocation ORDER BY id")]
    if not ids:
        return
    number = ids[pick % len(ids)]
    seconds = None if seconds is None else min(seconds, 1e9)
    if kind == "finish":
        invocations.finish(db, number, Outcome(status, "", seconds or 0.0))
    elif kind == "phase":
        db.execute(
            "UPDATE skill_invocation SET workflow_phase = ?, duration_seconds = ? WHERE id = ?",
            (status.value, seconds, number),
        )
    elif kind == "duration":
        db.execute(
            "UPDATE skill_invocation SET duration_seconds = ? WHERE id = ?", (seconds, number)
        )
    elif kind == "completed":
        db.execute(
            "UPDATE skill_invocation SET completed = 1 - completed WHERE id = ? AND has_ended",
            (number,),
        )
    else:
        db.execute("DELETE FROM skill_invocation WHERE id = ?", (number,))


def kept(db):
    """Return all that is kept, without numbers and the times of writing."""
    tables = {
        "skill_metrics": "skill_name, n_invocations, n_running, n_completed, n_timed, n_ranked, n_picked_first,"
        " total_selection_rank, round(total_duration_seconds, 3), first_invoked_at, last_invoked_at, last_status",
        "skill_setting_metrics": "project, skill_name, n_invocations, n_running, n_completed, n_timed, last_status",
        "skill_metric_counts": "*",
        "session_skills": "*",
        "skill_session_counts": "*",
        "skill_phase_days": "*",
        "skill_time_series": "skill_name, timestamp, invocation_count, n_ended, n_completed, n_passed, n_timed,"
        " total_duration_us, total_log_millionths, total_squared_log_millionths, unique_sessions",
        "activity_hours": "*",
        "skill_duration_days": "*",
        "skill_user_metrics": "*",
        "skill_dependency_pending": "*",
        "skill_metrics_cache": "skill_name, last_invocation_at",
    }
    return {
        name: sorted(rows(db, f"SELECT {columns} FROM {name}"), key=repr)
        for name, columns in tables.items()
    }


@settings(max_examples=80, deadline=None)
@given(st.lists(uses | corrections, max_size=30))
def test_what_is_kept_equals_a_full_count(steps):
    with closing(fresh()) as db:
        for step in steps:
            insert(db, step) if isinstance(step, Invocation) else correct(db, step)
        assert aggregates.differences(db) == ()
        assert rows(db, "SELECT date, skill_name, invocations, completions, abandonments FROM mv_daily_skills"
                        " ORDER BY 2, 1") == rows(
            db, "SELECT date, skill_name, invocations, completions, abandonments FROM v_daily_skill_source"
                " ORDER BY 2, 1")  # fmt: skip
        assert rows(db, "SELECT invocation_id, completed FROM skill_user_interactions ORDER BY 1") == rows(
            db, "SELECT id, completed FROM skill_invocation WHERE has_ended ORDER BY id")  # fmt: skip
        db.execute("DELETE FROM skill_invocation")
        empty = {name: [] for name in kept(db)}
        empty["skill_dependency_pending"] = kept(db)["skill_dependency_pending"]
        assert kept(db) == empty


@settings(max_examples=40, deadline=None)
@given(st.lists(uses, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(some, dice):
    other = [*some]
    dice.shuffle(other)
    with closing(fresh()) as one, closing(fresh()) as two:
        for it in some:
            insert(one, it)
        for it in other:
            insert(two, it)
        # Of two uses at the same moment, the one that was recorded later is the last.
        is_tied = len({(it.skill_name, it.invoked_at) for it in some}) < len(some)
        first, second = kept(one), kept(two)
        for table in ("skill_metrics", "skill_setting_metrics") if is_tied else ():
            first[table] = [row[:-1] for row in first[table]]
            second[table] = [row[:-1] for row in second[table]]
        assert first == second


@settings(max_examples=40, deadline=None)
@given(st.lists(uses, max_size=10), st.lists(uses, max_size=20))
def test_uses_that_are_counted_together_count_as_those_that_come_one_by_one(before, added):
    with closing(fresh()) as one, closing(fresh()) as two:
        for db in (one, two):
            for it in before:
                insert(db, it)
        for it in added:
            insert(one, it)
        schema = rows(two, "SELECT name, sql FROM sqlite_schema ORDER BY name")

        def load(db):
            with counting.counted_together(db):
                for it in added:
                    insert(db, it)

        write(two, load)
        assert kept(two) == kept(one)
        assert aggregates.differences(two) == ()
        assert rows(two, "SELECT name, sql FROM sqlite_schema ORDER BY name") == schema
        for db in (one, two):
            found = rows(
                db,
                "SELECT rowid FROM skill_invocation_fts WHERE skill_invocation_fts MATCH 'checkout'",
            )
            assert found == rows(db, "SELECT id FROM skill_invocation WHERE user_query LIKE '%checkout%'")  # fmt: skip


def test_what_fails_while_it_is_counted_together_leaves_everything_as_it_was():
    with closing(fresh()) as db:
        insert(db, use())
        before = (kept(db), rows(db, "SELECT * FROM sqlite_schema"))

        def fail(db):
            with counting.counted_together(db):
                insert(db, use())
                raise StoreError("stop", "in the middle")

        with pytest.raises(StoreError):
            write(db, fail)
        assert (kept(db), rows(db, "SELECT * FROM sqlite_schema")) == before


def use(skill="a", at=START, status=Status.PASSED, **others):
    values = {"session_id": "s", "workflow_phase": "execution", "duration_seconds": 2.0}
    return Invocation(skill, text.instant(at), status=status, **{**values, **others})


@pytest.mark.parametrize(
    ("minutes_ago", "n_1h", "n_24h"),
    [(0, 1, 1), (59, 1, 1), (60, 0, 1), (1439, 0, 1), (1440, 0, 0), (-5, 0, 0), (43_200, 0, 0)],
)
@pytest.mark.parametrize("now", [START, START.replace(minute=0), START.replace(minute=59)])
def test_windows_expire_by_time(minutes_ago, n_1h, n_24h, now):
    with closing(fresh()) as db:
        insert(db, use(at=now - timedelta(minutes=minutes_ago)))
        found = aggregates.top(db, now)
        assert [(it.n_1h, it.n_24h) for it in found] == ([(n_1h, n_24h)] if n_24h else [])
        aggregates.refresh(db, now)
        query = "SELECT invocation_count_1h, invocation_count_24h FROM skill_metrics_cache"
        assert rows(db, query) == [(n_1h, n_24h)]


def test_live_figures_are_live_and_go_down_again():
    now = datetime.now(UTC)
    live = "SELECT invocation_count_1h, invocation_count_24h, avg_completion_rate_24h FROM "
    with closing(fresh()) as db:
        first = insert(db, use(at=now, status=Status.RUNNING))
        for table in ("skill_metrics_cache", "v_realtime_skill_dashboard"):
            assert rows(db, live + table) == [(1, 1, None)]
        invocations.finish(db, first, Outcome(Status.ERROR, "", 1.0))
        insert(db, use(at=now - timedelta(hours=2)))
        insert(db, use(at=now - timedelta(days=2)))
        for table in ("skill_metrics_cache", "v_realtime_skill_dashboard"):
            assert rows(db, live + table) == [(1, 2, 0.5)]
        assert aggregates.refresh(db, now + timedelta(minutes=61)) == 1
        assert rows(db, live + "skill_metrics_cache") == [(0, 2, 0.5)]
        assert aggregates.refresh(db, now + timedelta(minutes=61)) == 0
        aggregates.refresh(db, now + timedelta(days=2))
        assert rows(db, live + "skill_metrics_cache") == [(0, 0, None)]


def test_a_skill_is_anomalous_while_an_anomaly_is_open():
    cache = "SELECT is_anomalous, anomaly_score FROM skill_metrics_cache"
    with closing(fresh()) as db:
        insert(db, use())
        for number, score in enumerate((-4.5, 2.5)):
            db.execute(
                "INSERT INTO skill_anomalies (skill_name, detected_at, anomaly_type, metric, deviation_score)"
                " VALUES ('a', '', 'drop', ?, ?)",
                (("completion_rate", "uses")[number], score),
            )
        assert rows(db, cache) == [(1, 4.5)]
        db.execute("UPDATE skill_anomalies SET resolved_at = 'now' WHERE deviation_score < 0")
        assert rows(db, cache) == [(1, 2.5)]
        db.execute("DELETE FROM skill_anomalies")
        assert rows(db, cache) == [(0, None)]


def test_the_trend_of_a_week_can_fall():
    today = datetime.now(UTC).replace(hour=0, minute=0)
    with closing(fresh()) as db:
        for day in range(6):
            for number in range(10):
                ended = Status.PASSED if number < 10 - day else Status.ERROR
                insert(db, use(at=today - timedelta(days=5 - day), status=ended))
        ((n_days, slope),) = rows(db, "SELECT n_days, trend_slope FROM v_skill_effectiveness_trend")
        assert (n_days, round(slope, 6)) == (6, -0.1)


def test_a_test_counts_each_user_once():
    with closing(fresh()) as db:
        db.execute("INSERT INTO ab_test_configs (test_id, test_name, control_strategy, treatment_strategy,"
                   " start_date, created_at) VALUES (1, 't', 'x', 'y', '', '')")  # fmt: skip
        for user, group, outcomes in (
            ("u", "control", (1, 0, 0, 0)),
            ("v", "control", (1,)),
            ("w", "treatment", ()),
        ):
            db.execute("INSERT INTO ab_test_assignments (test_id, user_id, group_name, assigned_at)"
                       " VALUES (1, ?, ?, '')", (user, group))  # fmt: skip
            for completed in outcomes:
                db.execute("INSERT INTO ab_test_outcomes (test_id, user_id, skill_name, completed, recorded_at)"
                           " VALUES (1, ?, 'a', ?, '')", (user, completed))  # fmt: skip
        summary = (
            "SELECT control_users, treatment_users, control_outcomes, control_completion_rate,"
            " treatment_completion_rate FROM v_ab_test_summary"
        )
        assert rows(db, summary) == [(2, 1, 5, 0.625, None)]
