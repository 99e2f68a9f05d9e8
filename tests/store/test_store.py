"""What is recorded, and what is read back."""

import stat
from contextlib import closing
from dataclasses import replace

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import FAILED, PASSED, open_store, run

from skills_lsp.domain.context import Record
from skills_lsp.domain.invocation import Outcome, Status
from skills_lsp.errors import StoreError


def test_an_invocation_is_there_before_its_skill_has_ended(store):
    invocation_id = store.begin(run(selection_rank=2, alternatives_considered=("a", "b")))
    (found,) = store.history()
    assert found == run(
        id=invocation_id,
        invoked_at="2026-01-31T09:30:00.000000Z",
        selection_rank=2,
        alternatives_considered=("a", "b"),
    )
    assert found.status is Status.RUNNING


def test_what_was_begun_is_there_for_another_connection_at_once(store, path):
    store.begin(run())
    with closing(apsw.Connection(str(path))) as other:
        assert other.execute("SELECT count(*) FROM skill_invocation").fetchall() == [(1,)]


def test_every_field_comes_back(store):
    full = run(
        workflow_path="release",
        user_query="python test test_checkout",
        alternatives_considered=("pytest-run", "mypy-check"),
        selection_rank=1,
        strategy="semantic",
        file_kind="test",
        follow_up_actions=("git commit",),
    )
    invocation_id = store.begin(full)
    store.finish(invocation_id, FAILED)
    assert store.history() == (
        replace(
            full,
            id=invocation_id,
            invoked_at="2026-01-31T09:30:00.000000Z",
            status=Status.FAILED,
            completed=True,
            duration_seconds=4.0,
            error_type="AssertionError",
            summary="1 failed",
        ),
    )


def test_a_second_outcome_changes_nothing(store):
    invocation_id = store.begin(run())
    store.finish(invocation_id, PASSED)
    store.finish(invocation_id, FAILED)
    (found,) = store.history()
    assert (found.status, found.summary, found.error_type) == (Status.PASSED, "41 passed", "")
    assert store.memory("shop", "python").here["pytest-run"].n_runs == 1


def test_an_unknown_invocation_cannot_be_finished(store):
    with pytest.raises(StoreError, match=r"no invocation 77"):
        store.finish(77, PASSED)
    with pytest.raises(StoreError, match=r"no invocation -3"):
        store.finish(-3, PASSED)


def test_an_outcome_is_never_that_it_still_runs(store):
    invocation_id = store.begin(run())
    with pytest.raises(StoreError, match="still runs"):
        store.finish(invocation_id, Outcome(Status.RUNNING, "", 0))


def test_history_is_newest_first_by_the_time_of_the_invocation(store):
    for minute in (5, 1, 9):
        store.begin(run(minute=minute))
    assert [it.invoked_at[14:16] for it in store.history()] == ["39", "35", "31"]
    assert [it.invoked_at[14:16] for it in store.history(limit=2)] == ["39", "35"]
    assert store.history(limit=0) == store.history(limit=-5) == ()


def test_history_is_filtered_by_each_of_its_fields(store):
    store.finish(store.begin(run("a")), PASSED)
    store.begin(run("b", session_id="shop_2", project="till"))
    assert [it.skill_name for it in store.history(skill="a")] == ["a"]
    assert [it.skill_name for it in store.history(session_id="shop_2")] == ["b"]
    assert [it.skill_name for it in store.history(project="till")] == ["b"]
    assert [it.skill_name for it in store.history(status="passed")] == ["a"]
    assert store.history(skill="a", project="till") == ()


def test_instants_of_any_zone_are_stored_in_utc(store):
    store.begin(run(invoked_at="2026-01-31T11:30:00+02:00"))
    assert store.history()[0].invoked_at == "2026-01-31T09:30:00.000000Z"


@pytest.mark.parametrize(
    "wrong", [{"invoked_at": "yesterday"}, {"invoked_at": ""}, {"skill_name": ""}]
)
def test_an_invocation_without_skill_or_instant_is_refused_in_a_sentence(store, wrong):
    with pytest.raises(StoreError) as refused:
        store.begin(replace(run(), **wrong))
    assert refused.value.slug == "bad-invocation"
    assert store.history() == ()


def test_memory_tells_here_from_everywhere(store):
    store.finish(store.begin(run("a", 1, selection_rank=1)), PASSED)
    store.finish(store.begin(run("a", 2, language="typescript")), FAILED)
    store.finish(store.begin(run("a", 3)), Outcome(Status.CANCELLED, "cancelled", 60))
    store.begin(run("b", 4))  # still running: nothing is known of it yet
    memory = store.memory("shop", "python")
    assert memory.here == {
        "a": Record(2, 1, 1, 2.0, "2026-01-31T09:33:00.000000Z", "cancelled", "cancelled")
    }
    assert memory.everywhere == {
        "a": Record(3, 2, 1, 3.0, "2026-01-31T09:33:00.000000Z", "cancelled", "cancelled")
    }
    assert store.memory("till", "python").here == {}


def test_the_last_run_is_the_latest_one_and_not_the_last_recorded(store):
    store.finish(store.begin(run(minute=9)), PASSED)
    store.finish(store.begin(run(minute=1)), FAILED)  # imported later
    assert store.memory("shop", "python").here["pytest-run"].last_summary == "41 passed"


def test_session_summary_counts_skills_phases_and_errors(store):
    store.finish(store.begin(run("a", 1)), PASSED)
    store.finish(store.begin(run("a", 2, workflow_phase="verification")), FAILED)
    store.begin(run("b", 3))
    store.begin(run("c", 4, session_id="another"))
    summary = store.session_summary("shop_1")
    assert (summary.n_runs, summary.n_completed, summary.n_running) == (3, 2, 1)
    assert summary.total_duration_seconds == 6.0
    assert summary.completion_rate == 1.0
    assert [(skill.skill_name, skill.n_runs) for skill in summary.skills] == [("a", 2), ("b", 1)]
    assert summary.phases == (("execution", 2), ("verification", 1))
    assert summary.error_types == (("AssertionError", 1),)
    assert store.session_summary("unknown").n_runs == 0
    assert store.session_summary("").n_runs == 0  # not: of every session


def test_follow_ups_are_kept_in_order_and_bounded(store):
    invocation_id = store.begin(run())
    for n in range(60):
        store.follow_up(invocation_id, f"action {n}")
    kept = store.history()[0].follow_up_actions
    assert kept == tuple(f"action {n}" for n in range(50))
    with pytest.raises(StoreError, match="no invocation 99"):
        store.follow_up(99, "git commit")


def test_past_invocations_are_loaded_all_or_none(store):
    past = [run(minute=n, status=Status.PASSED, duration_seconds=1.0) for n in range(3)]
    assert store.load(past) == 3
    with pytest.raises(StoreError):
        store.load([run(), run(invoked_at="never")])
    assert len(store.history()) == 3
    assert store.memory("shop", "python").here["pytest-run"].n_completed == 3


def test_secrets_are_not_stored(store):
    invocation_id = store.begin(run(user_query="deploy with AKIAIOSFODNN7EXAMPLE"))
    store.finish(invocation_id, Outcome(Status.ERROR, "fetch https://me:pw123@host failed", 1))
    (found,) = store.history()
    assert found.user_query == "deploy with [secret]"
    assert found.summary == "fetch https://[secret]@host failed"


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_any_text_is_stored(text):
    store = open_store(":memory:")
    invocation_id = store.begin(
        run(
            "a" + text, session_id=text, workflow_path=text, workflow_phase=text, user_query=text,
            alternatives_considered=(text,), strategy=text, project=text, language=text,
        )
    )  # fmt: skip
    store.finish(invocation_id, Outcome(Status.ERROR, text, 1.0, error_type=text))
    store.follow_up(invocation_id, text)
    (found,) = store.history()
    assert found.status is Status.ERROR
    assert store.memory(text, text).here[found.skill_name].n_runs == 1
    store.close()


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("a\0b", "a\ufffdb"),
        ("\ud83d", "\ufffd"),
        ("\ud83d\ude00 ok", "\U0001f600 ok"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_what_sqlite_cannot_hold_is_replaced(store, given_text, stored):
    store.begin(run(user_query=given_text))
    assert store.history()[0].user_query == stored


def test_long_texts_are_cut_and_not_refused(store):
    invocation_id = store.begin(
        run(user_query="word " * 100_000, alternatives_considered=("x",) * 500)
    )
    store.finish(invocation_id, Outcome(Status.FAILED, "long " * 100_000, 1.0))
    (found,) = store.history()
    assert (len(found.user_query), len(found.alternatives_considered)) == (1000, 50)
    assert len(found.summary) == 500


@pytest.mark.parametrize(
    ("seconds", "stored"), [(-1.0, 0.0), (float("nan"), None), (float("inf"), None)]
)
def test_an_impossible_duration_does_not_lose_the_outcome(store, seconds, stored):
    store.finish(store.begin(run()), Outcome(Status.PASSED, "ok", seconds))
    assert store.history()[0].duration_seconds == stored


def test_the_folder_and_file_are_the_users_alone(store, path):
    store.begin(run())
    modes = {
        it.name: stat.S_IMODE(it.stat().st_mode) for it in (path.parent, *path.parent.iterdir())
    }
    assert modes["skills"] == modes["skills.db.servers"] == 0o700
    assert modes["skills.db"] == modes["skills.db-wal"] == modes["skills.db-shm"] == 0o600


def test_a_file_that_others_could_read_is_closed_to_them(path):
    open_store(path).close()
    path.chmod(0o644)
    open_store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_everything_is_there_after_a_restart(path):
    store = open_store(path)
    store.finish(store.begin(run()), PASSED)
    store.close()
    again = open_store(path)
    assert [it.status for it in again.history()] == [Status.PASSED]
    again.close()


def test_what_runs_when_the_server_closes_is_interrupted(path):
    store = open_store(path)
    store.begin(run())
    store.close()
    store.close()  # twice is no error
    with pytest.raises(StoreError, match="is closed"):
        store.begin(run())
    again = open_store(path)
    assert [it.status for it in again.history()] == [Status.INTERRUPTED]
    assert list(path.with_name("skills.db.servers").iterdir()) == []
    again.close()


def test_a_store_in_memory_makes_no_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(":memory:")
    store.finish(store.begin(run()), PASSED)
    store.checkpoint()
    assert len(store.history()) == 1
    with pytest.raises(StoreError, match="no backup"):
        store.backup()
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_maintenance_makes_one_backup_a_day(store, path, clock):
    store.begin(run())
    folder = path.with_name("skills.db.backups")
    clock.at = clock.at.fromtimestamp(path.stat().st_mtime, clock.at.tzinfo)
    store.maintain()
    store.maintain()
    assert len(list(folder.iterdir())) == 1
    clock.forward(2 * 86400)
    store.maintain()
    assert len(list(folder.iterdir())) == 2


def test_the_newest_five_backups_are_kept(store, path, clock):
    made = []
    for _ in range(7):
        clock.forward(60)
        made.append(store.backup())
    assert sorted(path.with_name("skills.db.backups").iterdir()) == made[2:]
