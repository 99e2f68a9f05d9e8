"""Limits, ends and what is left behind. All programs are run for real."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from skills_lsp.runner import process
from skills_lsp.runner.process import Ended, execute

pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups are POSIX's")


@pytest.fixture(autouse=True)
def no_child_is_left():
    """Hold for every test here: when a run is over, so are its guard and all its processes."""
    before = set(psutil.Process().children(recursive=True))
    yield
    left = set(psutil.Process().children(recursive=True)) - before
    assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []


@pytest.fixture
def short_grace(monkeypatch):
    monkeypatch.setattr(process, "KILL_AFTER_SECONDS", 0.3)


def shell(script: str) -> tuple[str, ...]:
    return ("sh", "-c", script)


async def appears(path: Path) -> str:
    """Wait for a file that a process writes, and return its text."""
    for _ in range(500):
        text = read(path)
        if text.endswith("\n"):
            return text.strip()
        await asyncio.sleep(0.01)
    raise AssertionError(f"{path} was never written")


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return False


def is_gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


async def test_output_and_exit_code_come_back(make_plan):
    run = await execute(make_plan(*shell("echo out; echo err >&2; exit 3")))
    assert (run.ended, run.exit_code, run.is_truncated) == (Ended.EXITED, 3, False)
    assert sorted(run.output.split()) == ["err", "out"]


async def test_output_is_passed_on_while_the_process_runs(make_plan):
    pieces = []
    stop = asyncio.Event()

    def on_output(text: str) -> None:
        pieces.append(text)
        stop.set()  # The process itself would go on for long: only what streams can stop it.

    run = await execute(
        make_plan(*shell("echo first; exec sleep 1000")), on_output=on_output, stop=stop
    )
    assert (run.ended, pieces) == (Ended.CANCELLED, ["first\n"])


async def test_a_character_split_between_two_writes_arrives_whole(make_plan):
    pieces = []
    script = r"printf 'gr\303'; sleep 0.1; printf '\274n\n'"
    run = await execute(make_plan(*shell(script)), on_output=pieces.append)
    assert "".join(pieces) == run.output == "grün\n"


async def test_a_listener_that_fails_does_not_end_the_run(make_plan):
    def on_output(text: str) -> None:
        raise ValueError(text)

    run = await execute(make_plan(*shell("echo hi")), on_output=on_output)
    assert (run.exit_code, run.output) == (0, "hi\n")


async def test_a_process_has_no_input_and_only_its_own_three_descriptors(make_plan):
    # Whoever could read the server's stdin would eat the editor's messages.
    program = (
        "import os, sys; print(repr(sys.stdin.read()));"
        "print([n for n in range(3, 64) if os.path.exists(f'/proc/self/fd/{n}')"
        " and os.readlink(f'/proc/self/fd/{n}').startswith(('pipe:', 'socket:'))])"
    )
    run = await execute(make_plan(sys.executable, "-c", program))
    assert run.output.split("\n")[:2] == ["''", "[]"]


async def test_a_machine_format_on_stdout_is_kept_apart_from_stderr(make_plan):
    plan = make_plan(*shell("echo noise >&2; echo '[]'"), result="ruff-json")
    run = await execute(plan)
    assert run.stdout == "[]\n"
    assert "noise" in run.output


async def test_a_program_that_is_not_there_is_no_exception(make_plan):
    run = await execute(make_plan("/nowhere/at/all"))
    assert (run.ended, run.exit_code) == (Ended.NOT_STARTED, None)
    assert "No such file" in run.output


async def test_a_folder_that_is_not_there_is_no_exception(make_plan):
    run = await execute(make_plan("true", cwd="/nowhere/at/all"))
    assert run.ended is Ended.NOT_STARTED


async def test_a_flood_is_cut_to_its_tail_and_ended_by_the_time_limit(make_plan):
    seen = 0

    def on_output(text: str) -> None:
        nonlocal seen
        seen += len(text)

    before = psutil.Process().memory_info().rss
    cpu = time.process_time()
    plan = make_plan("yes", timeout_seconds=1.0, output_limit_bytes=50_000)
    run = await execute(plan, on_output=on_output)
    assert (run.ended, run.is_truncated) == (Ended.TIMED_OUT, True)
    assert run.duration_seconds < 4
    assert 0 < len(run.output) <= 50_000
    assert set(run.output.split("\n")) == {"y", ""}
    assert seen > 10 * len(run.output)  # It was drained: the child never stood still for long.
    assert psutil.Process().memory_info().rss - before < 20_000_000
    assert time.process_time() - cpu < 0.8  # of a second of flood


async def test_the_end_of_long_output_is_what_is_kept(make_plan):
    run = await execute(make_plan(*shell("seq 100000; echo last"), output_limit_bytes=1000))
    assert run.is_truncated
    assert run.output.endswith("99999\n100000\nlast\n")
    assert run.output.split("\n")[0].isdigit()
    assert len(run.output) <= 1000


async def test_the_time_limit_ends_a_process_that_ignores_sigterm(make_plan, short_grace):
    script = "trap '' TERM; while :; do sleep 0.05; done"
    run = await execute(make_plan(*shell(script), timeout_seconds=0.2))
    assert (run.ended, run.exit_code) == (Ended.TIMED_OUT, -signal.SIGKILL)
    assert run.duration_seconds < 3


async def test_a_process_may_clean_up_when_it_is_stopped(make_plan):
    script = "trap 'echo cleaned; exit 7' TERM; echo ready; while :; do sleep 0.02; done"
    stop = asyncio.Event()
    plan = make_plan(*shell(script))
    run = await execute(plan, on_output=lambda _text: stop.set(), stop=stop)
    assert (run.ended, run.exit_code) == (Ended.CANCELLED, 7)
    assert run.output.endswith("cleaned\n")


async def test_a_suspended_process_is_ended_too(make_plan, short_grace):
    run = await execute(make_plan(*shell("kill -STOP $$"), timeout_seconds=0.2))
    assert (run.ended, run.exit_code) == (Ended.TIMED_OUT, -signal.SIGTERM)


async def test_stopping_takes_the_grandchildren_along(make_plan, tmp_path):
    script = "sh -c 'sleep 1000 & echo $! > grandchild; wait' & wait"
    stop = asyncio.Event()
    running = asyncio.create_task(execute(make_plan(*shell(script)), stop=stop))
    grandchild = int(await appears(tmp_path / "grandchild"))
    assert is_running(grandchild)
    stop.set()
    assert (await running).ended is Ended.CANCELLED
    assert not is_running(grandchild)


async def test_what_a_process_leaves_behind_in_its_group_is_ended(make_plan, tmp_path):
    run = await execute(make_plan(*shell("sleep 1000 & echo $! > left; echo done")))
    assert (run.ended, run.exit_code, run.output) == (Ended.EXITED, 0, "done\n")
    assert not is_running(int((tmp_path / "left").read_text()))


async def test_a_daemon_that_holds_the_pipe_does_not_hold_the_run(make_plan, tmp_path):
    # It left the group on purpose, so it is not ours to end; but we do not wait for it either.
    script = "setsid sh -c 'echo $$ > daemon; exec sleep 1000' & echo started"
    run = await execute(make_plan(*shell(script)))
    daemon = int(await appears(tmp_path / "daemon"))
    try:
        assert (run.ended, run.output) == (Ended.EXITED, "started\n")
        assert run.duration_seconds < 3
        assert is_running(daemon)
    finally:
        os.kill(daemon, signal.SIGKILL)


async def test_a_cancelled_task_ends_its_processes_before_it_raises(make_plan, tmp_path):
    running = asyncio.create_task(execute(make_plan(*shell("sleep 1000 & echo $! > child; wait"))))
    child = int(await appears(tmp_path / "child"))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert is_gone_within(child, 30.0)  # it was told to; when it is scheduled to, is the system's


async def test_a_task_cancelled_while_it_starts_leaves_no_process(make_plan, tmp_path, monkeypatch):
    loop, is_started = asyncio.get_running_loop(), asyncio.Event()
    start = loop.subprocess_exec

    async def start_slowly(*arguments, **options):
        made = await start(*arguments, **options)
        await appears(tmp_path / "child")
        is_started.set()
        await asyncio.sleep(0)
        return made

    monkeypatch.setattr(loop, "subprocess_exec", start_slowly)
    running = asyncio.create_task(execute(make_plan(*shell("sleep 1000 & echo $! > child; wait"))))
    await is_started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert is_gone_within(int(read(tmp_path / "child")), 30.0)


async def test_a_second_cancellation_does_not_cut_the_first_short(make_plan, tmp_path, short_grace):
    script = "trap '' TERM; echo $$ > child; while :; do sleep 0.05; done"
    running = asyncio.create_task(execute(make_plan(*shell(script))))
    child = int(await appears(tmp_path / "child"))
    running.cancel()
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not is_running(child)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_a_server_that_is_killed(tmp_path, how):
    server = tmp_path / "server.py"
    server.write_text(
        "import asyncio, os\n"
        "from skills_lsp.runner.plan import Plan\n"
        "from skills_lsp.runner.process import execute\n"
        "script = 'trap \"\" TERM; sleep 1000 & echo $$ $! > pids; while :; do sleep 0.1; done'\n"
        f"plan = Plan(('sh', '-c', script), {str(tmp_path)!r}, dict(os.environ), 600.0, 1000)\n"
        "asyncio.run(execute(plan))\n"
    )
    root = str(Path(process.__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, server], env=os.environ | {"PYTHONPATH": root}, start_new_session=True
    )
    try:
        pids = [int(pid) for pid in asyncio.run(appears(tmp_path / "pids")).split()]
        guards = [child.pid for child in psutil.Process(parent.pid).children()]
    finally:
        parent.send_signal(how)
        parent.wait()
    for pid in {*pids, *guards}:
        assert is_gone_within(pid, 30.0), pid
