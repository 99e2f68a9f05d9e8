"""Locked, read-only, full and damaged: the user is told once, nothing is lost, the server goes on."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from store_support import FAILED, PASSED, START, Clock, open_store, run

from skills_lsp.errors import StoreError
from skills_lsp.store import database
from skills_lsp.store.opening import CHECKED_BYTES


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)


def fill(path, n=1):
    store = open_store(path)
    for minute in range(n):
        store.finish(store.begin(run(minute=minute)), PASSED)
    return store


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:8192]),
        lambda path: path.write_bytes(path.read_bytes()[:100]),
        lambda path: path.write_bytes(os.urandom(20_000)),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"x"),
        lambda path: path.write_bytes(bytes(16384)),
        lambda path: path.write_bytes(
            path.read_bytes()[:8192] + os.urandom(path.stat().st_size - 8192)
        ),
    ],
    ids=["truncated", "header only", "random", "emptied", "one byte", "zero bytes", "random pages"],
)
def test_a_damaged_file_is_set_aside_and_the_backup_restored(path, told, spoil):
    store = fill(path, 3)
    store.backup()
    store.close()
    spoil(path)
    spoilt = path.read_bytes()
    again = open_store(path, told)
    assert len(told.sentences) == 1
    assert told.sentences[0].startswith(
        "The skills database was damaged: it was set aside as skills.db.damaged-"
    )
    assert told.sentences[0].endswith(".db was restored.")
    assert len(again.history()) == 3
    again.finish(again.begin(run(minute=9)), PASSED)
    assert again.trouble == ""
    again.close()
    (aside,) = path.parent.glob("skills.db.damaged-*Z")
    assert aside.read_bytes() == spoilt


def test_without_a_backup_a_new_history_is_begun(path, told):
    fill(path).close()
    path.write_bytes(os.urandom(20_000))
    again = open_store(path, told)
    assert told.sentences[0].endswith("a new one was begun, as there was no backup.")
    assert again.history() == ()
    again.close()


def test_the_newest_backup_that_is_good_is_restored(path, told):
    clock = Clock()
    store = open_store(path, told, clock)
    store.begin(run())
    good = store.backup()
    clock.forward(60)
    bad = store.backup()
    store.close()
    bad.write_bytes(bad.read_bytes()[:5000])
    path.write_bytes(b"garbage" * 1000)
    again = open_store(path, told)
    assert good.name in told.sentences[0]
    assert len(again.history()) == 1
    again.close()


def test_a_deleted_file_is_not_brought_back_from_a_backup(path):
    store = fill(path)
    store.backup()
    store.close()
    path.unlink()
    again = open_store(path)
    assert again.history() == ()
    again.close()


def test_damage_found_while_reading_is_mended_at_once(path, told):
    store = fill(path, 50)
    store.backup()
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole + bytes(CHECKED_BYTES))  # too large to be checked at each start
    with closing(apsw.Connection(str(path))) as db:
        root = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'skill_invocation'"
        ).fetchall()[0][0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(os.urandom(4096))
    running = open_store(path, told)
    assert told.sentences == []
    assert len(running.history()) == 50
    assert told.sentences[0].endswith(".db was restored.")
    running.finish(running.begin(run(minute=59)), PASSED)
    assert running.trouble == ""
    running.close()
    again = open_store(path)
    assert len(again.history(limit=100)) == 51
    again.close()


def test_a_server_follows_to_the_file_that_another_restored(path, told):
    store = fill(path, 50)
    store.backup()
    other = open_store(path)  # a second server, which follows to the new file
    with closing(apsw.Connection(str(path))) as db:
        db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'skill_metrics'"
        root = db.execute(query).fetchall()[0][0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(os.urandom(4096))
    store.close()
    victim = open_store(path, told)  # repaired here, as small files are checked at each start
    victim.begin(run("after the damage", 55))
    other.begin(run("by the other", 56))
    assert [it.skill_name for it in victim.history(limit=2)] == ["by the other", "after the damage"]
    other.close()
    victim.close()


def test_a_database_that_another_program_locks_is_waited_for(path, told):
    clock = Clock()
    store = open_store(path, told, clock)
    first = store.begin(run("first"))
    with closing(apsw.Connection(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        store.finish(first, PASSED)
        second = store.begin(run("second", 1, selection_rank=1))
        store.finish(second, FAILED)
        store.finish(second, PASSED)
        third = store.begin(run("third", 2))
        assert second < 0
        assert [it.skill_name for it in store.history()] == ["third", "second", "first"]
        assert [it.status.value for it in store.history()] == ["running", "failed", "passed"]
        assert [it.skill_name for it in store.history(status="failed")] == ["second"]
        assert [it.skill_name for it in store.history(skill="first", status="passed")] == ["first"]
        assert store.memory("shop", "python").here["second"].last_summary == "1 failed"
        assert store.session_summary("shop_1").n_runs == 3
        assert len(told.sentences) == 1
        assert told.sentences[0].startswith("Another program keeps the skills database locked.")
        assert store.trouble
        other.execute("ROLLBACK")
    clock.forward(6)
    store.finish(third, PASSED)
    assert told.sentences[1:] == ["The skills database can be written again; nothing was lost."]
    assert store.trouble == ""
    store.follow_up(second, "git commit")  # the old id is still understood
    store.close()
    again = open_store(path)
    assert [(it.skill_name, it.status.value, it.follow_up_actions) for it in again.history()] == [
        ("third", "passed", ()), ("second", "failed", ("git commit",)), ("first", "passed", ()),
    ]  # fmt: skip
    again.close()


def test_a_refused_choice_is_a_sentence(path, told):
    store = open_store(path, told)
    with closing(apsw.Connection(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked") as refused:
            store.register_shortcut("pytest-run", "Ctrl+T")
        assert refused.value.slug == "store-locked"
        other.execute("ROLLBACK")
    store.close()


def test_a_database_locked_at_the_start_is_written_when_it_is_free(path, told):
    fill(path).close()
    clock = Clock()
    with closing(apsw.Connection(str(path))) as other:
        other.pragma("locking_mode", "exclusive")
        other.execute("BEGIN IMMEDIATE; UPDATE skill_metrics SET n_ranked = n_ranked")
        store = open_store(path, told, clock)
        assert "locked" in told.sentences[0]
        kept = store.begin(run("kept", 5))
        store.register_shortcut("kept", "ctrl+k")
        assert [it.skill_name for it in store.history(limit=1)] == ["kept"]
        other.execute("ROLLBACK")
    clock.forward(6)
    store.finish(kept, PASSED)
    assert [it.skill_name for it in store.history()] == ["kept", "pytest-run"]
    store.close()
    again = open_store(path)
    assert [it.status.value for it in again.history()] == ["passed", "passed"]
    assert again.shortcuts() == {"kept": "Ctrl+K"}
    again.close()


def test_a_disk_that_fills_up_loses_nothing(path, told):
    clock = Clock()
    store = open_store(path, told, clock)
    full = store._db.pragma("page_count")
    store._db.pragma("max_page_count", full)
    for minute in range(120):
        store.finish(store.begin(run(f"skill-{minute}", minute, user_query="q" * 900)), PASSED)
        clock.forward(10)
    assert any(
        sentence.startswith("The disk of the skills database is full.")
        for sentence in told.sentences
    )
    assert len(store.history(limit=500)) == 120
    store._db.pragma("max_page_count", 1 << 30)
    clock.forward(10)
    store.checkpoint()
    store.close()
    again = open_store(path)
    assert {it.status.value for it in again.history(limit=500)} == {"passed"}
    assert len(again.history(limit=500)) == 120
    again.close()


def test_a_disk_that_turns_read_only_is_told_once(path, told):
    clock = Clock()
    store = open_store(path, told, clock)
    store._db.pragma("query_only", 1)
    for minute in range(5):
        store.begin(run(minute=minute))
        clock.forward(10)
    assert [sentence[:42] for sentence in told.sentences] == [
        "The skills database cannot be written. Mak"
    ]
    assert len(store.history()) == 5
    store.close()


@pytest.mark.parametrize("kind", ["a folder", "below a file"])
def test_a_path_that_cannot_be_a_file_still_serves(tmp_path, told, kind):
    (tmp_path / "file").write_text("notes")
    path = tmp_path if kind == "a folder" else tmp_path / "file" / "skills.db"
    store = open_store(path, told)
    store.finish(store.begin(run()), PASSED)
    store.trust("/work", "digest")
    store.checkpoint()
    store.maintain()
    assert (len(store.history()), store.is_trusted("/work", "digest")) == (1, True)
    assert len(told.sentences) == 1
    with pytest.raises(StoreError):
        store.backup()
    store.close()
    assert (tmp_path / "file").read_text() == "notes"


def test_a_file_that_is_deleted_under_the_server_is_made_anew(path):
    store = fill(path, 2)
    for file in path.parent.glob("skills.db*"):
        if file.is_file():
            file.unlink()
    store.finish(store.begin(run("after")), PASSED)
    assert [it.skill_name for it in store.history()] == ["after"]
    store.close()
    again = open_store(path)
    assert [it.skill_name for it in again.history()] == ["after"]
    again.close()


def test_a_file_that_becomes_another_programs_is_left_alone(path, told):
    store = open_store(path, told)
    store.begin(run("before"))
    path.unlink()
    with closing(apsw.Connection(str(path))) as db:
        db.execute("CREATE TABLE theirs (a)")
    theirs = path.read_bytes()
    assert store.begin(run("after")) < 0
    assert "belongs to another program" in told.sentences[0]
    store.close()
    assert "1 use(s) of skills could not be written" in told.sentences[1]
    assert path.read_bytes() == theirs


CHILD = """
import os, urllib.parse, resource, sys
from datetime import UTC, datetime
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.store import Store
path, limit = sys.argv[1], int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
told = []
store = Store.open(path, now=lambda: datetime.now(UTC), notify=told.append)
for n in range(60):
    i = store.begin(Invocation("s", datetime.now(UTC).isoformat(), "session", "setup", user_query="q" * 900))
    store.finish(i, Outcome(Status.PASSED, "ok", 1.0))
print(len(store.history(limit=1000)), store.memory("", "").everywhere["s"].n_runs)
store.close()
print("\\n".join(told))
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="limits of the size of a file are a POSIX thing"
)
@pytest.mark.parametrize("limit", [1, 60_000, 300_000])
def test_a_process_that_may_not_write_more_still_serves(path, limit):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD, str(path), str(limit)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    counts, *sentences = done.stdout.splitlines()
    assert counts == "60 60"
    assert len(sentences) >= 1


@pytest.mark.skipif(
    shutil.which("setpriv") is None or os.getuid() != 0, reason="only root may give up its rights"
)
@pytest.mark.parametrize("mode", ["file and folder", "folder"])
def test_a_history_that_may_only_be_read_is_read(mode):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "skills"
        fill(folder / "skills.db", 2).close()
        Path(name).chmod(0o755)
        (folder / "skills.db").chmod(0o644)
        folder.chmod(0o555 if mode == "folder" else 0o755)
        for each in (folder, folder / "skills.db"):
            os.chown(each, 65534, 65534)
        # Without these rights root may not write, nor change, what is another's.
        done = subprocess.run(
            ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", sys.executable,
             "-c", CHILD, str(folder / "skills.db"), "0"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.stderr == ""
    counts, *sentences = done.stdout.splitlines()
    assert counts.startswith("62")
    assert [sentence[:38] for sentence in sentences] == [
        "The skills database cannot be written.",
        "60 use(s) of skills could not be writt",
    ]


def test_starts_are_at_the_clock_of_the_store(path):
    store = open_store(path)
    store.begin(run())
    with closing(apsw.Connection(str(path))) as db:
        assert db.execute("SELECT started_at, process_id FROM skill_server").fetchall() == [
            (START.strftime("%Y-%m-%dT%H:%M:%S.000000Z"), os.getpid())
        ]
    store.close()
