"""Several servers share one file, and any of them may die at any moment."""

import os
import signal
import subprocess
import sys
from contextlib import closing

import apsw
import pytest
from store_support import PASSED, open_store, run

from skills_lsp.domain.invocation import Status
from skills_lsp.store import aggregates
from skills_lsp.store.servers import FileLock, Servers

WRITER = """
import sys
from datetime import UTC, datetime
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.store import Store
path, name, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store.open(path, now=lambda: datetime.now(UTC), notify=lambda s: print("told:", s, flush=True))
sys.stdin.readline()
for number in range(n):
    i = store.begin(Invocation(f"skill-{name}", datetime.now(UTC).isoformat(), name, "setup"))
    print("begun", i, flush=True)
    store.finish(i, Outcome(Status.PASSED, "ok", 1.0))
    print("finished", i, flush=True)
    if number % 10 == 9:
        store.checkpoint()
store.close()
"""


def start_writer(path, name, n):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WRITER, str(path), name, str(n)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def is_sound(path):
    with closing(apsw.Connection(str(path))) as db:
        return db.pragma("integrity_check") == "ok"


def test_ten_servers_write_at_once_and_nothing_is_lost_or_counted_twice(path):
    # None of them finds a database: one makes it, the others wait for that.
    writers = [start_writer(path, str(number), 40) for number in range(10)]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    said = [writer.communicate(timeout=120)[0].splitlines() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 10
    # On a slow disk one of ten may wait for longer than a server does. It says so, keeps what it has,
    # and writes it later.
    told = [line for lines in said for line in lines if line.startswith("told")]
    assert len(told) % 2 == 0
    assert all("keeps the skills database locked" in it or "nothing was lost" in it for it in told)
    store = open_store(path)
    stored = store.history(limit=1000)
    assert len(stored) == 400
    assert {it.status for it in stored} == {Status.PASSED}
    everywhere = store.memory("", "").everywhere
    assert [everywhere[f"skill-{number}"].n_completed for number in range(10)] == [40] * 10
    assert store.query(aggregates.differences, None) == ()
    store.close()
    assert is_sound(path)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX thing")
@pytest.mark.parametrize("after", [3, 40, 77])
def test_a_killed_server_loses_nothing_that_was_acknowledged(path, after):
    writer = start_writer(path, "killed", 100_000)
    writer.stdin.write("go\n")
    writer.stdin.flush()
    said = [writer.stdout.readline() for _ in range(after)]
    os.kill(writer.pid, signal.SIGKILL)
    rest, _ = writer.communicate(timeout=60)
    # The last line may be cut in two by the kill.
    lines = "".join([*said, rest]).split("\n")[:-1]
    begun = {int(line.split()[1]) for line in lines if line.startswith("begun")}
    finished = {int(line.split()[1]) for line in lines if line.startswith("finished")}
    store = open_store(path)
    stored = {it.id: it.status for it in store.history(limit=100_000)}
    assert begun <= stored.keys()
    assert {stored[number] for number in finished} == {Status.PASSED}
    assert set(stored.values()) <= {Status.PASSED, Status.INTERRUPTED}  # none runs for ever
    store.close()
    assert is_sound(path)


def test_only_the_runs_of_dead_servers_are_called_interrupted(path):
    alive = open_store(path)
    running = alive.begin(run("alive"))
    crashed = start_writer(path, "crashed", 0)
    crashed.communicate("go\n", timeout=60)
    with closing(apsw.Connection(str(path))) as db:  # as a server leaves it that was killed
        db.execute(
            "INSERT INTO skill_server (id, start_id, process_id, started_at) VALUES (9, 'gone', ?, '')",
            (os.getpid(),),
        )
        db.execute("INSERT INTO skill_invocation (skill_name, invoked_at, session_id, server_id)"
                   " VALUES ('dead', '2026-01-31T09:30:00.000000Z', 's', 9)")  # fmt: skip
    other = open_store(path)
    assert {it.skill_name: it.status.value for it in other.history()} == {
        "alive": "running",
        "dead": "interrupted",
    }
    alive.finish(running, PASSED)
    assert other.history(skill="alive")[0].status is Status.PASSED
    alive.close()
    other.close()


def test_a_server_is_alive_as_long_as_it_holds_its_lock(tmp_path):
    one, other = Servers(tmp_path), Servers(tmp_path)
    one.announce()
    assert not other.is_gone(one.start_id)
    assert not one.is_gone(one.start_id)
    one.leave()
    assert other.is_gone(one.start_id)
    assert other.is_gone("never-heard-of")


def test_a_lock_is_given_to_one_at_a_time(tmp_path):
    first = FileLock.try_to_take(tmp_path / "lock")
    assert first is not None
    assert FileLock.try_to_take(tmp_path / "lock") is None
    first.release()
    second = FileLock.try_to_take(tmp_path / "lock")
    assert second is not None
    second.release()
