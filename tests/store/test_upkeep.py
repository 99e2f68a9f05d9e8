"""Looking after the file by hand: nothing is lost without a backup, and what cannot be is a sentence."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import PASSED, START, open_store, run

from skills_lsp.errors import SkillsError
from skills_lsp.store import aggregates, upkeep
from skills_lsp.store.database import open_writer, rows
from skills_lsp.store.migrations import load_migrations, migrate_down, migrate_up

NEWEST = load_migrations()[-1].version


def fill(path, n=10):
    store = open_store(path)
    for number in range(n):
        store.finish(store.begin(run(f"skill-{number % 3}", minute=number * 60 * 24)), PASSED)
    store.register_shortcut("skill-1", "ctrl+k")
    store.close()


def history(path):
    with closing(apsw.Connection(str(path))) as db:
        return rows(db, "SELECT id, skill_name, status FROM skill_invocation ORDER BY id")


def ignore(_):
    """Show no progress."""


def test_a_database_that_is_not_there_is_no_error(path):
    assert not upkeep.status(path).is_there
    assert not path.parent.exists()


def test_the_state_says_what_is_there(path):
    fill(path)
    found = upkeep.status(path)
    assert (found.version, found.n_uses, found.n_skills, found.n_sessions) == (NEWEST, 10, 3, 1)
    assert (found.trouble, found.n_servers, found.backups) == ("", 0, ())
    assert [it.version for it in found.migrations if it.applied_at] == [*range(1, NEWEST + 1)]
    assert upkeep.check(path) == ()
    open_again = open_store(path)
    open_again.begin(run())
    assert upkeep.status(path).n_servers == 1
    open_again.close()


def test_a_kept_figure_that_is_wrong_is_found(path):
    fill(path)
    with closing(apsw.Connection(str(path))) as db:
        db.execute("UPDATE activity_hours SET invocation_count = 7")
    assert upkeep.check(path) == (
        "activity_hours has 20 row(s) that a count of the history does not have.",
    )


@pytest.mark.parametrize("to", range(1, NEWEST))
def test_going_back_and_up_again_keeps_the_history(path, to):
    fill(path)
    before = history(path)
    down = upkeep.roll_back(path, START, to, drop_everything=False)
    assert (down.before, down.after, history(path)) == (NEWEST, to, before)
    with closing(apsw.Connection(str(down.backup))) as db:
        assert rows(db, "SELECT count(*) FROM skill_invocation") == [(10,)]
    up = upkeep.migrate(path, START)
    assert (up.before, up.after, history(path)) == (to, NEWEST, before)
    assert upkeep.check(path) == ()
    store = open_store(path)
    assert store.shortcuts() == {"skill-1": "Ctrl+K"}
    store.close()


def test_the_history_goes_only_when_that_is_said(path):
    fill(path)
    with pytest.raises(SkillsError, match="history itself"):
        upkeep.roll_back(path, START, 0, drop_everything=False)
    assert len(history(path)) == 10
    moved = upkeep.roll_back(path, START, 0, drop_everything=True)
    assert moved.after == 0
    assert len(history(moved.backup)) == 10


def test_a_database_in_use_is_not_rolled_back_or_replaced(path):
    fill(path)
    backup = upkeep.back_up(path, START, None)
    server = open_store(path)
    server.begin(run())
    with pytest.raises(SkillsError, match="A running server uses the database"):
        upkeep.roll_back(path, START, 3, drop_everything=False)
    with pytest.raises(SkillsError, match="A running server"):
        upkeep.restore(path, backup, START)
    server.close()
    assert len(history(path)) == 11


def test_what_is_restored_is_the_backup_and_what_was_there_is_kept(path):
    fill(path)
    backup = upkeep.back_up(path, START, None)
    store = open_store(path)
    store.begin(run("later"))
    store.close()
    kept = upkeep.restore(path, backup, START + timedelta(seconds=1))
    assert (len(history(path)), len(history(kept))) == (10, 11)
    assert upkeep.check(path) == ()


def test_a_damaged_file_is_set_aside_by_a_restore(path):
    fill(path)
    backup = upkeep.back_up(path, START, None)
    with path.open("r+b") as file:
        file.write(os.urandom(8192))
    assert "damaged" in upkeep.status(path).trouble
    kept = upkeep.restore(path, backup, START)
    assert ".damaged-" in kept.name
    assert len(history(path)) == 10


@pytest.mark.parametrize("kind", ["nothing", "junk", "truncated", "foreign"])
def test_what_is_no_backup_is_not_restored(path, tmp_path, kind):
    fill(path)
    source = tmp_path / "source.db"
    if kind == "junk":
        source.write_bytes(b"junk" * 1000)
    elif kind == "truncated":
        source.write_bytes(path.read_bytes()[:9000])
    elif kind == "foreign":
        with closing(apsw.Connection(str(source))) as db:
            db.execute("CREATE TABLE theirs (a)")
    with pytest.raises(SkillsError):
        upkeep.restore(path, source, START)
    assert len(history(path)) == 10


def test_a_backup_does_not_overwrite(path, tmp_path):
    fill(path)
    (tmp_path / "there.db").write_text("mine")
    with pytest.raises(SkillsError, match="there already"):
        upkeep.back_up(path, START, tmp_path / "there.db")
    assert len(history(upkeep.back_up(path, START, tmp_path / "new.db"))) == 10


def test_pruning_says_what_goes_and_leaves_true_figures(path):
    fill(path, 10)
    running = open_store(path)
    running.begin(run("still-running"))
    limit = START + timedelta(days=8)
    lost = upkeep.loss(path, limit)
    assert (lost.n_uses, lost.n_sessions, lost.n_left, lost.forgotten) == (8, 1, 3, ("skill-1",))
    n_pruned, backup = upkeep.prune(path, limit, START, ignore)
    assert (n_pruned, len(history(backup))) == (8, 11)
    assert [name for _, name, _ in history(path)] == ["skill-2", "skill-0", "still-running"]
    assert upkeep.check(path) == ()
    assert upkeep.loss(path, limit).n_uses == 0
    assert running.begin(run("after")) > 0
    running.close()
    assert upkeep.vacuum(path)[1] == path.stat().st_size
    assert upkeep.status(path).free_bytes == 0
    assert upkeep.check(path) == ()


CHANGES = {
    "migrate": lambda path: upkeep.migrate(path, START),
    "rollback": lambda path: upkeep.roll_back(path, START, 2, drop_everything=False),
    "vacuum": upkeep.vacuum,
    "prune": lambda path: upkeep.prune(path, START + timedelta(days=5), START, ignore),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", ["foreign", "truncated", "newer"])
def test_files_that_are_not_ours_to_change_are_left_alone(path, change, kind):
    path.parent.mkdir()
    if kind == "foreign":
        with closing(apsw.Connection(str(path))) as db:
            db.execute("CREATE TABLE theirs (a)")
    else:
        fill(path)
    if kind == "truncated":
        path.write_bytes(path.read_bytes()[:5000])
    if kind == "newer":
        with closing(apsw.Connection(str(path))) as db:
            db.pragma("user_version", 99)
    before = path.read_bytes()
    with pytest.raises(SkillsError):
        CHANGES[change](path)
    assert path.read_bytes() == before
    assert upkeep.status(path).trouble


@pytest.mark.parametrize("change", ["rollback", "vacuum", "prune"])
def test_a_locked_database_is_a_sentence(path, change, monkeypatch):
    fill(path)
    monkeypatch.setattr("skills_lsp.store.database.BUSY_SECONDS", 0.05)
    with closing(apsw.Connection(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SkillsError, match="Another program keeps the skills database locked"):
            CHANGES[change](path)
        other.execute("ROLLBACK")
    assert len(history(path)) == 10
    assert upkeep.check(path) == ()


LIMITED = """
import resource, sys
from pathlib import Path
from datetime import UTC, datetime, timedelta
from skills_lsp.errors import SkillsError
from skills_lsp.store import upkeep
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
path, now = Path(sys.argv[1]), datetime(2026, 2, 20, tzinfo=UTC)
for change in (
    lambda: upkeep.back_up(path, now, None), lambda: upkeep.vacuum(path),
    lambda: upkeep.roll_back(path, now, 2, drop_everything=False),
    lambda: upkeep.prune(path, now, now, lambda n: None),
):
    try:
        change()
    except SkillsError as error:
        print(error.slug)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of the size of a file are POSIX")
def test_a_full_disk_changes_nothing(path):
    fill(path)
    before = history(path)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), "100000"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.split()) == 4
    assert history(path) == before
    assert upkeep.check(path) == ()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, NEWEST), max_size=6), st.integers(0, 12))
def test_no_way_up_and_down_loses_a_use(moves, n_uses):
    steps = load_migrations()
    with closing(open_writer(":memory:")) as db:
        migrate_up(db, steps, START)
        for number in range(n_uses):
            db.execute(
                "INSERT INTO skill_invocation (skill_name, invoked_at, session_id, status, completed)"
                " VALUES (?, '2026-01-31T09:30:00.000000Z', 's', 'passed', 1)",
                (f"skill-{number % 2}",),
            )
        names = [
            name for (name,) in rows(db, "SELECT name FROM pragma_table_info('skill_invocation')")
        ]
        v1 = [it for it in names if it not in ("embedding", "workflow_step_id")]
        tables = {
            name: rows(db, f"SELECT * FROM {name} ORDER BY 1, 2")
            for name in ("skill_metrics", "skill_setting_metrics", "session_skills")
        }
        uses = rows(db, f"SELECT {', '.join(v1)} FROM skill_invocation ORDER BY id")
        for version in [*moves, NEWEST]:
            migrate_down(db, steps, version)
            migrate_up(db, steps, START, to=version)
            assert rows(db, f"SELECT {', '.join(v1)} FROM skill_invocation ORDER BY id") == uses
            for name, content in tables.items():
                assert rows(db, f"SELECT * FROM {name} ORDER BY 1, 2") == content
        assert aggregates.differences(db) == ()


def test_the_command_line_asks_before_it_deletes(path):
    fill(path)
    ask = [
        sys.executable,
        "-m",
        "skills_lsp",
        "db",
        "prune",
        "--before",
        "2026-02-03",
        "--database",
        str(path),
    ]
    said = subprocess.run(ask, capture_output=True, text=True, input="y\n", check=False, timeout=60)
    assert said.returncode == 2
    assert "3 uses from before 2026-02-03 00:00 UTC would go" in said.stderr
    assert "Add --yes" in said.stderr
    done = subprocess.run(
        [*ask, "--yes", "--json"], capture_output=True, text=True, check=False, timeout=60
    )
    assert '"n_deleted": 3' in done.stdout
    assert len(history(path)) == 7
    assert Path(done.stdout.split('"backup": "')[1].split('"')[0]).is_file()
