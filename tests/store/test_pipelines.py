"""Stages and phases are kept with their builds, added up by windows, and go with their uses."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_support import START, open_store

from skills_lsp.app.operations.report_pipeline import Params, window_of
from skills_lsp.domain.gate import GatePhase
from skills_lsp.domain.invocation import Status
from skills_lsp.domain.pipeline import Build, StageRun
from skills_lsp.errors import StoreError
from skills_lsp.store import gates, pipelines

NOW = datetime(2026, 1, 31, 9, 45, tzinfo=UTC)


def stage(hours_ago=0.0, name="test", pipeline="CI", number="1", status=Status.PASSED, **others):
    at = (NOW - timedelta(hours=hours_ago)).isoformat()
    build = Build(pipeline, number, project="shop", branch="main")
    return StageRun(build, name, "pytest-run", at, status, **{"duration_seconds": 2.0, **others})


def asked(store, **params):
    window = window_of(Params(**params), NOW)
    return store.query(lambda db: pipelines.history(db, window), None)


def test_a_window_is_exact_to_the_hour_and_expires(store):
    ages = (0, 23, 24.7, 25, 24 * 7, 24 * 7 + 0.8, 24 * 7 + 1, 24 * 30, 24 * 31)
    store.change(lambda db: pipelines.load(db, [stage(it, number=str(it)) for it in ages]))
    store.change(lambda db: pipelines.record(db, stage(-5, number="future")))
    counts = {it: sum(t.n_stages for t in asked(store, window=it).totals) for it in
              ("daily", "weekly", "monthly")}  # fmt: skip
    assert counts == {"daily": 3, "weekly": 5, "monthly": 8}
    assert asked(store, window="daily").n_builds == 3
    assert sum(n for _, n, _ in asked(store, window="monthly").series) == 8


def test_each_pipeline_is_asked_for_by_its_name(store):
    store.change(
        lambda db: pipelines.load(db, [stage(), stage(pipeline="Nightly", status=Status.FAILED)])
    )
    assert [it.pipeline for it in asked(store, pipeline="Nightly").totals] == ["Nightly"]
    assert [it.pipeline for it in asked(store, pipeline="Nightly").failures] == ["Nightly"]
    assert asked(store, pipeline="no").totals == ()
    assert asked(store).others == ("CI", "Nightly")
    assert asked(store, project="elsewhere").totals == ()


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    runs=st.lists(
        st.builds(
            stage,
            st.integers(-3, 800).map(float),
            name=st.sampled_from(["test", "lint"]),
            pipeline=st.sampled_from(["CI", "N"]),
            number=st.sampled_from(["1", "2"]),
            status=st.sampled_from([Status.PASSED, Status.FAILED, Status.CANCELLED]),
            duration_seconds=st.none() | st.sampled_from([0.5, 3.0]),
        ),
        max_size=25,
    ),
    window=st.sampled_from(["daily", "weekly", "monthly"]),
    n_pruned=st.integers(0, 25),
)
def test_kept_sums_are_those_of_the_stages_whatever_their_order_and_whatever_goes(
    runs, window, n_pruned
):
    store, reverse = open_store(":memory:"), open_store(":memory:")
    store.change(lambda db: pipelines.load(db, runs))
    reverse.change(lambda db: pipelines.load(db, reversed(runs)))
    assert asked(store, window=window).totals == asked(reverse, window=window).totals
    store.change(lambda db: db.execute("DELETE FROM skill_invocation WHERE id <= ?", (n_pruned,)))
    left = runs[n_pruned:]
    since = window_of(Params(window=window), NOW).since
    counted = [it for it in left if since <= _text(it.started_at) <= _text(NOW.isoformat())]
    found = asked(store, window=window).totals
    assert sum(it.n_stages for it in found) == len(counted)
    assert sum(it.n_succeeded for it in found) == sum(it.succeeded for it in counted)
    assert all(it.n_stages > 0 for it in found)
    builds = store.query(
        lambda db: db.execute("SELECT count(*) FROM pipeline_build").fetchall(), None
    )
    assert builds == [(len({(it.build.pipeline, it.build.number) for it in left}),)]
    store.close()
    reverse.close()


def _text(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_a_later_stage_adds_what_it_knows_of_the_build(store):
    first = StageRun(Build("CI", "1"), "build", "a", NOW.isoformat(), Status.PASSED)
    build = Build(
        "CI", "1", commit="abc", environment="Production", url="https://me:hunter2@x.org/1"
    )
    second = StageRun(build, "deploy", "b", (NOW - timedelta(1)).isoformat(), Status.PASSED)
    store.change(lambda db: pipelines.load(db, [first, second]))
    sql = "SELECT git_commit, environment, url, started_at, session_id FROM pipeline_build"
    assert store.query(lambda db: db.execute(sql).fetchall(), None) == [
        ("abc", "production", "https://[secret]@x.org/1", "2026-01-30T09:45:00.000000Z", "CI-1")
    ]


@pytest.mark.parametrize("run", [stage(name=" "), stage(pipeline=""), stage(number="\0"[:0])])
def test_a_stage_without_a_name_is_refused(store, run):
    with pytest.raises(StoreError, match="A stage needs a name"):
        store.change(lambda db: pipelines.record(db, run))


def test_odd_values_are_kept_in_bounds(store):
    run = stage(
        name="s" * 10_000, duration_seconds=-5.0, status=Status.FAILED, error="E\0\U0001f600" * 999
    )
    store.change(lambda db: pipelines.record(db, run))
    found = asked(store)
    assert found.totals[0].total_duration_seconds == 0.0
    assert len(found.totals[0].stage) == 200
    assert "\0" not in found.failures[0].error


def test_what_went_before_a_tool_passed_again_is_what_helped(store):
    def turn(tool, run_id, *, ok, phase="tests"):
        return GatePhase("crackerjack", run_id, phase, tool, START.isoformat(), ok, 1.0)

    turns = [
        turn("pytest-run", "1", ok=False), turn("security-agent", "1", ok=True),
        turn("test-creation-agent", "1", ok=False), turn("pytest-run", "1", ok=True),
        turn("pytest-run", "2", ok=False), turn("refactoring-agent", "2", ok=True),  # never passed
    ]  # fmt: skip
    store.change(lambda db: [gates.record(db, it) for it in turns])
    helped = store.query(lambda db: gates.helped(db, "crackerjack", "pytest-run", ""), None)
    assert helped == ("security-agent",)
    window = gates.GateWindow("crackerjack", "", "9999", "crackerjack_2")
    history = store.query(lambda db: gates.history(db, window), None)
    assert (history.n_runs, history.last_session, len(history.last_turns)) == (
        1,
        "crackerjack_2",
        2,
    )
