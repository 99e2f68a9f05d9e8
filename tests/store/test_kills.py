"""Processes are killed at random points, and what was acknowledged is there when the next one opens.

``SKILLS_LSP_KILLS=50`` kills so often in each of the three scenes; a usual run does it a few times.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import timedelta

import apsw
import pytest
from store_support import START, open_store

from skills_lsp.store import aggregates
from skills_lsp.store.database import open_writer, rows
from skills_lsp.store.migrations import current_version, load_migrations, migrate_up

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX thing")

N_KILLS = int(os.environ.get("SKILLS_LSP_KILLS", "4"))
N_OLD = 3_000
NEWEST = load_migrations()[-1].version

BEGIN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.store import Store
path = Path(sys.argv[1])
def opened():
    return Store.open(path, now=lambda: datetime.now(UTC), notify=lambda s: print("told", s, flush=True))
"""
WRITE = """
store = opened()
print("ready", flush=True)
sys.stdin.readline()
while True:
    i = store.begin(Invocation("skill", datetime.now(UTC).isoformat(), "s", "setup", user_query="words"))
    print("begun", i, flush=True)
    store.finish(i, Outcome(Status.PASSED, "ok", 1.0))
    print("finished", i, flush=True)
    if i % 7 == 0:
        store.checkpoint()
"""
MIGRATE = """
print("ready", flush=True)
sys.stdin.readline()
opened().close()
"""
IMPORT = """
from skills_lsp.cli.main import cli
import skills_lsp.app.importing, skills_lsp.cli.import_
print("ready", flush=True)
sys.stdin.readline()
cli.main(["import", sys.argv[2], "--timezone", "UTC"], prog_name="skills-lsp", standalone_mode=False)
"""


def start(script, *arguments, home=None):
    environment = {**os.environ, **({"SKILLS_LSP_HOME": str(home)} if home else {})}
    child = subprocess.Popen(
        [sys.executable, "-c", BEGIN + script, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    while (line := child.stdout.readline()) and not line.startswith("ready"):
        pass
    return child


def go(child):
    child.stdin.write("go\n")
    child.stdin.flush()


def kill_after(child, seconds):
    """Kill a process, unless it ends before; return the whole lines that it printed."""
    go(child)
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=seconds)
    child.kill()
    said, _ = child.communicate(timeout=120)
    return said.split("\n")[:-1]


def seconds_of(child):
    """Return how long a process takes that is not killed."""
    begin = time.monotonic()
    go(child)
    _, errors = child.communicate(timeout=300)
    assert child.returncode == 0, errors
    return time.monotonic() - begin


def check_is_whole(path):
    """Open the database as a server does, and look at all of it."""
    open_store(path).close()
    with closing(apsw.Connection(str(path))) as db:
        assert db.pragma("integrity_check") == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert current_version(db) == NEWEST
        assert aggregates.differences(db) == ()


def acknowledged(lines, word):
    return {int(line.split()[1]) for line in lines if line.startswith(word)}


def test_servers_killed_while_they_write(path):
    dice = random.Random(1)
    begun, finished = set(), set()
    for _ in range(N_KILLS):
        writers = [start(WRITE, path) for _ in range(3)]
        for writer in writers[1:]:
            go(writer)
        lines = kill_after(writers[0], dice.uniform(0.0, 0.3))
        for writer in writers[1:]:  # one more while the other writes, and then that one too
            os.kill(writer.pid, signal.SIGKILL)
            lines += writer.communicate(timeout=120)[0].split("\n")[:-1]
        assert [line for line in lines if line.startswith("told")] == []
        begun |= acknowledged(lines, "begun")
        finished |= acknowledged(lines, "finished")
        check_is_whole(path)
    with closing(apsw.Connection(str(path))) as db:
        stored = dict(rows(db, "SELECT id, status FROM skill_invocation"))
    assert begun <= stored.keys()
    assert {stored[number] for number in finished} <= {"passed"}
    assert set(stored.values()) <= {"passed", "interrupted"}


@pytest.fixture
def old(tmp_path):
    """Return a database of version 1 with a history."""
    path = tmp_path / "old" / "skills.db"
    path.parent.mkdir()
    with closing(open_writer(path)) as db:
        migrate_up(db, load_migrations(), START, to=1)
        with db:
            db.executemany(
                "INSERT INTO skill_invocation (skill_name, invoked_at, session_id, status, completed,"
                " duration_seconds, user_query) VALUES (?, ?, ?, 'passed', 1, ?, 'some words')",
                (
                    (f"skill-{n % 20}", (START + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
                     f"session-{n // 30}", n / 10)
                    for n in range(N_OLD)
                ),
            )  # fmt: skip
    return path


def test_servers_killed_while_they_migrate(old, tmp_path):
    dice = random.Random(2)
    with closing(apsw.Connection(str(old))) as db:
        columns = [
            name for (name,) in rows(db, "SELECT name FROM pragma_table_info('skill_invocation')")
        ]
        query = f"SELECT {', '.join(columns)} FROM skill_invocation ORDER BY id"
        history = rows(db, query)

    def fresh(number):
        path = tmp_path / f"m{number}" / "skills.db"
        shutil.copytree(old.parent, path.parent)
        return path

    longest = seconds_of(start(MIGRATE, fresh("whole")))
    for number in range(N_KILLS):
        path = fresh(number)
        kill_after(start(MIGRATE, path), dice.uniform(0.0, longest))
        check_is_whole(path)
        with closing(apsw.Connection(str(path))) as db:
            assert rows(db, query) == history
        shutil.rmtree(path.parent)


def test_imports_killed_in_the_middle(tmp_path):
    dice = random.Random(3)
    source = tmp_path / "skill_metrics.json"
    records = [
        {"skill_name": f"skill-{n % 9}", "invoked_at": (START + timedelta(minutes=n)).isoformat(),
         "completed": True, "duration_seconds": 1.5, "session_id": f"s{n // 20}"}
        for n in range(N_OLD)
    ]  # fmt: skip
    source.write_text(json.dumps({"invocations": records, "skills": {}}))

    def begun(name):
        return start(IMPORT, tmp_path / "unused", source, home=tmp_path / name)

    longest = seconds_of(begun("whole"))
    for number in range(N_KILLS):
        kill_after(begun(f"i{number}"), dice.uniform(0.0, longest))
        found = [*(tmp_path / f"i{number}").rglob("skills.db")]
        if not found:  # killed before there was a database
            continue
        path = found[0]
        check_is_whole(path)
        with closing(apsw.Connection(str(path))) as db:
            ((n_uses,),) = rows(db, "SELECT count(*) FROM skill_invocation")
            ((n_imports,),) = rows(db, "SELECT count(*) FROM skill_import")
        assert (n_uses, n_imports) in {(0, 0), (N_OLD, 1)}
        # Imported again, nothing counts twice.
        seconds_of(begun(f"i{number}"))
        with closing(apsw.Connection(str(path))) as db:
            assert rows(db, "SELECT count(*) FROM skill_invocation") == [(N_OLD,)]
            assert aggregates.differences(db) == ()
