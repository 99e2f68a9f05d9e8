"""Many uses at once are counted as they are one by one."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_support import START, open_store, run

from skills_lsp.domain.invocation import Status
from skills_lsp.store import bulk, invocations

KEPT = (
    "skill_metrics", "skill_setting_metrics", "skill_metric_counts", "session_skills",
    "skill_phase_days", "skill_time_series", "activity_hours", "skill_duration_days",
    "skill_dependency_pending", "skill_session_counts", "skill_metrics_cache",
)  # fmt: skip
# Numbers of rows and the moment of counting are not what is kept.
APART = {"id", "updated_at", "last_ended_id"}

uses = st.builds(
    run,
    skill=st.sampled_from(["a", "b"]),
    minute=st.integers(-400_000, -10_000).map(lambda n: n // 7 * 7),
    session_id=st.sampled_from(["s", "t", ""]),
    workflow_phase=st.sampled_from(["setup", ""]),
    workflow_path=st.sampled_from(["", "p"]),
    project=st.sampled_from(["shop", ""]),
    status=st.sampled_from(list(Status)),
    duration_seconds=st.none() | st.sampled_from([0.0, 1.5, 4e6]),
    selection_rank=st.sampled_from([None, 1, 3]),
    error_type=st.sampled_from(["", "E"]),
    follow_up_actions=st.sampled_from([(), ("x",), ("x", "x", "y")]),
    user_query=st.sampled_from(["", "python test checkout"]),
    summary=st.sampled_from(["", "one", "two"]),
)


def counted(store):
    def read(db):
        found = {}
        for table in KEPT:
            names = [it for (it,) in db.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))]
            names = [it for it in names if it not in APART]
            found[table] = sorted(
                (dict(zip(names, row, strict=True)) for row in
                 db.execute(f"SELECT {', '.join(names)} FROM {table}")), key=repr,
            )  # fmt: skip
        found["words"] = db.execute(
            "SELECT count(*) FROM skill_invocation_fts WHERE skill_invocation_fts MATCH 'checkout'"
        ).fetchall()
        return found

    return store.query(read, None)


def about(tables):
    """Sums of floats depend on their order in the last digits."""
    return {
        table: [
            {k: pytest.approx(v) if isinstance(v, float) else v for k, v in row.items()}
            if isinstance(row, dict) else row
            for row in rows
        ]
        for table, rows in tables.items()
    }  # fmt: skip


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.lists(uses, max_size=6), added=st.lists(uses, min_size=1, max_size=25))
def test_bulk_keeps_what_the_triggers_keep(monkeypatch, before, added):
    monkeypatch.setattr(bulk, "WORTHWHILE", 1)
    one_by_one, at_once = open_store(":memory:"), open_store(":memory:")
    ready = [invocations.prepared(it) for it in added]
    for store in (one_by_one, at_once):
        store.load(before)
    one_by_one.load(added)
    triggers = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    there = at_once.query(lambda db: db.execute(triggers).fetchall(), None)
    first = at_once.change(lambda db: bulk.insert_many(db, ready, START))
    assert first == len(before) + 1
    assert counted(at_once) == about(counted(one_by_one))
    assert at_once.query(lambda db: db.execute(triggers).fetchall(), None) == there
    # And each goes as it came, by the triggers.
    for store in (one_by_one, at_once):
        store.change(lambda db: db.execute("DELETE FROM skill_invocation"))
        assert counted(store)["skill_metrics"] == []


def test_each_trigger_that_bulk_takes_the_place_of_is_there(store):
    names = {name for name, _ in store.query(lambda db: bulk.rows(db, bulk._TRIGGERS), ())}
    assert set(bulk._SUMS) <= names
