"""Imports add what is not here, in one transaction, and are taken back exactly."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_support import START, open_store, run

from skills_lsp.app.exporting import Form, _head, _piece
from skills_lsp.app.imports.files import read_file
from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.errors import UsageError
from skills_lsp.store import imports, invocations

COUNTED = ("skill_metrics", "skill_setting_metrics", "skill_metric_counts", "session_skills",
           "skill_phase_days", "skill_time_series", "activity_hours", "skill_duration_days")  # fmt: skip


def record(n=1, **others):
    return {"skill_name": f"hook-{n}", "invoked_at": f"2026-01-10T07:00:{n:02}", "workflow_path": "p",
            "completed": True, "duration_seconds": 2.0, "error_type": None, **others}  # fmt: skip


def file_of(folder, *records):
    path = folder / "skill_metrics.json"
    path.write_text(json.dumps({"invocations": records}))
    return read_file(path, "UTC", START)


def bring_in(store, read):
    return store.change(lambda db: imports.add(db, read, "", START, lambda _: None))


def take_back(store, number):
    return store.change(lambda db: imports.roll_back(db, number, START, lambda _n, _all: None))


def state(store):
    """Everything that is counted, but for numbers of rows that come and go."""

    def read(db):
        found = {"history": [replace(it, id=None) for it in invocations.history(db, limit=1000)]}
        for table in COUNTED:
            names = [it for (it,) in db.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))
                     if it not in ("id", "last_ended_id")]  # fmt: skip
            found[table] = sorted(map(repr, db.execute(f"SELECT {', '.join(names)} FROM {table}")))
        return found

    return store.query(read, None)


def test_reading_a_file_again_adds_nothing(store, tmp_path):
    read = file_of(tmp_path, record(1), record(2), record(2))
    first = bring_in(store, read)
    assert (first.n_added, first.n_known) == (3, 0)  # two that agree in everything are two
    before = state(store)
    again = bring_in(store, read)
    assert (again.n_added, again.n_known) == (0, 3)
    assert state(store) == before
    assert not store.query(lambda db: imports.has_news(db, read.records), default=True)


def test_a_file_that_grew_adds_what_is_new_and_ends_what_was_pending(store, tmp_path):
    pending = record(1, completed=False, duration_seconds=None)
    bring_in(store, file_of(tmp_path, pending))
    before = state(store)
    assert store.history()[0].status is Status.RUNNING
    done = bring_in(store, file_of(tmp_path, record(1), record(2)))
    assert (done.n_added, done.n_finished, done.n_known) == (1, 1, 0)
    assert {it.status for it in store.history()} == {Status.PASSED}
    # The older file brings nothing back.
    assert bring_in(store, file_of(tmp_path, pending)).n_known == 1
    taken = take_back(store, done.id)
    assert taken.rolled_back_at
    assert state(store) == before
    take_back(store, 1)
    assert state(store)["history"] == []


def test_a_run_of_a_server_is_not_ended_by_a_file(store, tmp_path):
    read = file_of(tmp_path, record(1))
    store.begin(replace(read.records[0].invocation, status=Status.RUNNING, session_id="own"))
    assert bring_in(store, read).n_finished == 0
    assert {it.status for it in store.history()} == {Status.RUNNING, Status.PASSED}


def test_a_rollback_takes_exactly_its_own_and_gives_the_counts_back(store, tmp_path):
    store.load([run("hook-1", 3, status=Status.PASSED, duration_seconds=2.0), run("own", 5)])
    before = state(store)
    read = file_of(tmp_path, *(record(n % 3, duration_seconds=n * 0.5) for n in range(40)))
    done = bring_in(store, read)
    assert done.n_added == 40
    assert state(store) != before
    take_back(store, done.id)
    assert state(store) == before
    with pytest.raises(UsageError, match="has been rolled back already"):
        take_back(store, done.id)
    with pytest.raises(UsageError, match="There is no import 9"):
        take_back(store, 9)


def test_an_import_that_fails_in_the_middle_leaves_nothing(store, tmp_path):
    read = file_of(tmp_path, *(record(n) for n in range(50)))
    before = state(store)

    class StopError(Exception):
        pass

    def body(db):
        imports.add(db, read, "", START, lambda _: None)
        raise StopError

    with pytest.raises(StopError):
        store.change(body)
    assert state(store) == before
    assert store.query(imports.past, None) == ()


texts = st.text(st.characters(codec="utf-8"), max_size=12)
histories = st.lists(
    st.builds(
        Invocation,
        skill_name=st.sampled_from(["a", "b", "pytest-run"]),
        invoked_at=st.integers(0, 10**12).map(
            lambda n: (START - timedelta(microseconds=n)).isoformat()
        ),
        session_id=st.sampled_from(["s", "t"]),
        workflow_phase=st.sampled_from(["", "setup"]),
        workflow_path=st.sampled_from(["", "p"]),
        user_query=texts,
        alternatives_considered=st.lists(texts, max_size=3).map(tuple),
        selection_rank=st.none() | st.integers(1, 9),
        strategy=st.sampled_from(["", "semantic"]),
        project=texts,
        language=st.sampled_from(["", "python"]),
        file_kind=st.sampled_from(["", "test"]),
        status=st.sampled_from(list(Status)),
        duration_seconds=st.none() | st.floats(0, 1e6),
        error_type=texts,
        summary=texts,
        follow_up_actions=st.lists(texts, max_size=3).map(tuple),
    ).map(lambda it: replace(it, duration_seconds=None) if it.status is Status.RUNNING else it),
    max_size=8,
)  # fmt: skip


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories, form=st.sampled_from(Form))
def test_an_export_that_is_imported_is_the_same_history(tmp_path, history, form):
    own, other = open_store(":memory:"), open_store(":memory:")
    own.load(history)
    there = list(reversed(own.history(limit=100)))
    path = tmp_path / f"export.{form}"
    ends = ("", "") if form is Form.CSV or not there else ("", "\n]}\n")
    body = _piece(form, there, is_first=True) if there else ("]}" if form is Form.JSON else "")
    path.write_text(_head(form, "2026-01-31") + body + ends[1], "utf-8", newline="")
    read = read_file(path, "UTC", START)
    assert (read.skipped, read.mended, read.damage) == ((), (), "")
    bring_in(other, read)
    assert state(other)["history"] == state(own)["history"]
    # And it is known where it came from.
    assert bring_in(own, read).n_added == 0


REFERENCE = """
CREATE TABLE skill_invocation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, skill_name TEXT NOT NULL, invoked_at TEXT NOT NULL,
    session_id TEXT NOT NULL, workflow_path TEXT, completed BOOLEAN NOT NULL DEFAULT 0,
    duration_seconds REAL, user_query TEXT, alternatives_considered TEXT, selection_rank INTEGER,
    follow_up_actions TEXT, error_type TEXT, created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE skill_metrics (skill_name TEXT PRIMARY KEY, total_invocations INTEGER NOT NULL,
    completed_invocations INTEGER NOT NULL, abandoned_invocations INTEGER NOT NULL,
    total_duration_seconds REAL NOT NULL);
"""
LATER = (
    "ALTER TABLE skill_invocation ADD COLUMN embedding BLOB",
    "ALTER TABLE skill_invocation ADD COLUMN workflow_phase TEXT;"
    "ALTER TABLE skill_invocation ADD COLUMN workflow_step_id TEXT",
    "CREATE TABLE skill_clusters (cluster_id INTEGER PRIMARY KEY)",
)


def reference_database(path, version, n=3):
    with closing(apsw.Connection(str(path))) as db:
        db.execute(REFERENCE)
        for script in LATER[: version - 1]:
            db.execute(script)
        for i in range(n):
            db.execute(
                "INSERT INTO skill_invocation (skill_name, invoked_at, session_id, completed,"
                " duration_seconds, alternatives_considered, follow_up_actions, user_query)"
                " VALUES (?, ?, 's', ?, ?, '[\"b\"]', ?, ?)",
                (f"skill-{i}", f"2025-02-10T07:{i % 60:02}:00.5", i > 0, 1.5 if i else None,
                 "not json" if i == 2 else None, "word " * 40),
            )  # fmt: skip
        db.execute(
            "INSERT INTO skill_metrics VALUES ('skill-1', 1, 1, 0, 1.5), ('skill-2', 2, 2, 0, 3)"
        )


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_reference_database_of_each_version_is_read_and_left_as_it_is(tmp_path, version):
    path = tmp_path / "skills.db"
    reference_database(path, version)
    before = path.read_bytes()
    read = read_file(path, "Europe/Berlin", START)
    assert path.read_bytes() == before
    assert [it.name for it in tmp_path.iterdir()] == ["skills.db"]
    assert (read.variant, read.skipped, read.n_pending) == ("database", (), 1)
    it = read.records[1].invocation
    assert (it.invoked_at, it.session_id, it.status) == (
        "2025-02-10T06:01:00.500000Z",
        "s",
        Status.PASSED,
    )
    assert it.alternatives_considered == ("b",)
    assert dict(read.mended) == {"without some of its follow up actions, which were no texts": 1}
    assert [(it.skill, it.what) for it in read.differences] == [
        ("skill-2", "uses"), ("skill-2", "completed"), ("skill-2", "seconds"),
    ]  # fmt: skip


def test_a_damaged_database_gives_what_can_be_read_of_it(tmp_path):
    path = tmp_path / "skills.db"
    reference_database(path, 1, n=2000)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    read = read_file(path, "UTC", START)
    assert read.damage
    assert 1000 < len(read.records) < 2000
    assert len({it.invocation.skill_name for it in read.records}) == len(read.records)
    assert read.skipped


def test_crackerjacks_own_table_is_read(tmp_path):
    path = tmp_path / "skills.db"
    with closing(apsw.Connection(str(path))) as db:
        db.execute(
            "CREATE TABLE skill_invocations (id TEXT, session_id TEXT, skill_name TEXT, user_query TEXT,"
            " completed INTEGER, error_type TEXT, created_at TEXT, completed_at TEXT);"
            "INSERT INTO skill_invocations VALUES ('x', 's', 'a', 'q', 1, NULL, '2025-02-10T07:00:00', '2025-02-10T07:00:30');"
            "INSERT INTO skill_invocations VALUES ('y', 's', 'b', 'q', 0, NULL, '2025-02-10T07:00:00', NULL)"
        )
    found = {
        it.invocation.skill_name: it.invocation for it in read_file(path, "UTC", START).records
    }
    assert found["a"].duration_seconds == pytest.approx(30, abs=0.01)
    assert [found[it].status for it in "ab"] == [Status.PASSED, Status.RUNNING]


IMPORTER = """
import sys
from datetime import timedelta
from pathlib import Path
from skills_lsp.app.imports.files import read_file
from skills_lsp.store import Store, imports
now = datetime.now(UTC)
read = read_file(Path(sys.argv[2]), "UTC", now)
store = Store.open(sys.argv[1], now=lambda: datetime.now(UTC))
def tell(n):
    print(n, flush=True)
store.change(lambda db: imports.add(db, read, "", now, tell))
print("done", flush=True)
store.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX thing")
@pytest.mark.parametrize("after", [1, 4, 9])
def test_an_import_that_is_killed_leaves_nothing_half_done(path, tmp_path, after):
    with closing(open_store(path)) as store:
        store.load([run("own", status=Status.PASSED)])
        before = state(store)
    source = tmp_path / "many.json"
    records = [record(n % 50, invoked_at=f"2025-01-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}")
               for n in range(4000)]  # fmt: skip
    source.write_text(json.dumps({"invocations": records}))
    importer = subprocess.Popen(
        [sys.executable, "-c", IMPORTER, str(path), str(source)], stdout=subprocess.PIPE, text=True
    )
    said = [importer.stdout.readline() for _ in range(after)]
    os.kill(importer.pid, signal.SIGKILL)
    rest, _ = importer.communicate(timeout=60)
    with closing(apsw.Connection(str(path))) as db:
        assert db.pragma("integrity_check") == "ok"
    with closing(open_store(path)) as store:
        if "done" not in "".join([*said, rest]):
            found = store.query(imports.past, None)
            assert (state(store) == before) is (found == ())
            assert found == () or found[0].n_added == 4000
        read = read_file(source, "UTC", START)
        bring_in(store, read)
        assert len(store.history(limit=10_000)) == 4001
