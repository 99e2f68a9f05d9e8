"""How a session ends: the right exit code, and no process left behind, whatever it was doing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.server.conftest import Connect
from tests.server.projects import pytest_shop
from tests.server.raw_client import COMMAND, SECONDS, RawClient, framed, poll

WITH_PROGRESS = {
    "window": {"workDoneProgress": True},
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
    },
}
# SIGTERM, and SIGKILL five seconds later.
GONE_SECONDS = 6.0


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return pytest_shop(tmp_path)


def start_run(client: RawClient, shop: Path, test: str, *, wait: bool = False) -> int:
    """Start a test that does not end, and return the process that runs it."""
    path = shop / "tests" / "test_prices.py"
    text = path.read_text("utf-8")
    line = text.splitlines().index(f"def {test}():")
    client.initialize(WITH_PROGRESS, shop)
    client.open(path.as_uri(), text)
    arguments = {"skill": "pytest-run", "uri": path.as_uri(), "line": line, "wait": wait}
    run = {"command": "skills.run", "arguments": [arguments]}
    client.last_asked = client.ask("workspace/executeCommand", run)
    if not wait:
        assert client.answer(client.last_asked)["result"]["status"] == "started"
    pid_file = shop / "running.pid"
    poll(lambda: pid_file.exists() and pid_file.read_text())
    return int(pid_file.read_text())


def is_gone(pid: int) -> bool:
    """Say whether a process has ended; one that only waits to be reaped has."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


# -- exit codes ----------------------------------------------------------------------------------


def test_exit_after_shutdown_is_0(connect: Connect):
    client = connect()
    client.initialize()
    assert client.leave() == 0


def test_exit_without_shutdown_is_1(connect: Connect):
    client = connect()
    client.initialize()
    client.notify("exit", None)
    assert client.process.wait(SECONDS) == 1


def test_exit_before_initialize_is_1(connect: Connect):
    client = connect()
    client.notify("exit", None)
    assert client.process.wait(SECONDS) == 1


@pytest.mark.parametrize("is_initialized", [True, False])
def test_a_closed_pipe_ends_the_server(connect: Connect, is_initialized: bool):
    client = connect()
    if is_initialized:
        client.initialize()
    client.process.stdin.close()
    assert client.process.wait(SECONDS) == 1


def test_half_a_message_and_then_nothing_ends_the_server(connect: Connect):
    client = connect()
    client.initialize()
    client.send_bytes(b"Content-Length: 1000\r\n\r\n{")
    client.process.stdin.close()
    assert client.process.wait(SECONDS) == 1


def test_a_client_that_reads_no_more_ends_the_server(tmp_path: Path):
    server = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SKILLS_LSP_HOME": str(tmp_path)},
    )
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdout.close()
    params = {"processId": None, "rootUri": None, "capabilities": {}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    server.stdin.write(framed(json.dumps(message).encode()))
    server.stdin.close()
    assert server.wait(SECONDS) == 1


def test_a_server_without_input_ends(tmp_path: Path):
    done = subprocess.run(
        COMMAND,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "SKILLS_LSP_HOME": str(tmp_path)},
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"Traceback" not in done.stderr


def test_what_was_said_before_the_end_is_answered(tmp_path: Path):
    """A file as input: all of it, and its end, is there at once."""
    params = {"processId": None, "rootUri": None, "capabilities": {}}
    lens = {"textDocument": {"uri": "file:///nowhere/a.py"}}
    said = [
        {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params},
        *(
            {"jsonrpc": "2.0", "id": n, "method": "textDocument/codeLens", "params": lens}
            for n in range(1, 100)
        ),
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    recorded = tmp_path / "session"
    recorded.write_bytes(b"".join(framed(json.dumps(it).encode()) for it in said))
    with recorded.open("rb") as file:
        done = subprocess.run(
            COMMAND,
            stdin=file,
            capture_output=True,
            env={**os.environ, "SKILLS_LSP_HOME": str(tmp_path)},
            timeout=SECONDS,
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout.count(b"Content-Length") == 100


# -- a run is going ------------------------------------------------------------------------------


def test_shutdown_ends_the_run(connect: Connect, shop: Path):
    client = connect()
    pid = start_run(client, shop, "test_that_takes_for_ever")
    assert client.leave() == 0
    assert is_gone(pid)


def test_shutdown_ends_a_run_that_somebody_waits_for(connect: Connect, shop: Path):
    client = connect()
    pid = start_run(client, shop, "test_that_takes_for_ever", wait=True)
    assert client.leave() == 0
    assert is_gone(pid)
    assert len(client.answers(client.last_asked)) == 1


def test_cancelling_the_request_ends_the_run_that_it_waits_for(connect: Connect, shop: Path):
    client = connect()
    pid = start_run(client, shop, "test_that_takes_for_ever", wait=True)
    client.notify("$/cancelRequest", {"id": client.last_asked})
    poll(lambda: is_gone(pid), GONE_SECONDS)
    assert client.answer(client.last_asked)["result"]["status"] == "cancelled"
    poll(lambda: client.command("skills.history")["invocations"][0]["status"] == "cancelled")
    assert len(client.answers(client.last_asked)) == 1


def test_exit_without_shutdown_ends_the_run(connect: Connect, shop: Path):
    client = connect()
    pid = start_run(client, shop, "test_that_takes_for_ever")
    client.notify("exit", None)
    assert client.process.wait(SECONDS) == 1
    assert is_gone(pid)


def test_a_closed_pipe_ends_the_run(connect: Connect, shop: Path):
    client = connect()
    pid = start_run(client, shop, "test_that_takes_for_ever")
    client.process.stdin.close()
    assert client.process.wait(SECONDS) == 1
    assert is_gone(pid)


def test_a_killed_server_takes_the_run_with_it(connect: Connect, shop: Path):
    client = connect()
    pid = start_run(client, shop, "test_that_takes_for_ever")
    client.process.kill()
    poll(lambda: is_gone(pid), GONE_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_server_ends_the_run(connect: Connect, shop: Path, number: int):
    client = connect()
    pid = start_run(client, shop, "test_that_takes_for_ever")
    client.process.send_signal(number)
    client.process.wait(SECONDS)
    poll(lambda: is_gone(pid), GONE_SECONDS)


def test_cancelling_ends_a_run_that_will_not_go(connect: Connect, shop: Path):
    client = connect()
    pid = start_run(client, shop, "test_that_will_not_go")
    created = client.wait_for_method("window/workDoneProgress/create")
    client.notify("window/workDoneProgress/cancel", {"token": created["params"]["token"]})
    poll(lambda: is_gone(pid), GONE_SECONDS)
    client.wait_for(lambda it: "cancelled" in str(it.get("params", {}).get("message")))
    (invocation,) = client.command("skills.history")["invocations"]
    assert invocation["status"] == "cancelled"


# -- the editor is killed ------------------------------------------------------------------------

EDITOR = """
import subprocess, sys, time
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(server.pid, flush=True)
while True:  # pass on what the test says
    data = sys.stdin.buffer.raw.read(65536)
    if not data:
        time.sleep(1000)
    server.stdin.write(data)
    server.stdin.flush()
"""
# Something else holds the pipe open, as a terminal or a helper of the editor's does.
HOLDER = "import sys, time; sys.stdout.write('held'); sys.stdout.flush(); time.sleep(60)"


def test_an_editor_that_is_killed_leaves_nothing_behind(shop: Path, tmp_path: Path):
    path = shop / "tests" / "test_prices.py"
    text = path.read_text("utf-8")
    line = text.splitlines().index("def test_that_takes_for_ever():")
    editor = subprocess.Popen(
        [sys.executable, "-c", EDITOR, *COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "SKILLS_LSP_HOME": str(tmp_path / "home")},
    )
    assert editor.stdin is not None
    assert editor.stdout is not None
    with editor.stdin, editor.stdout:
        server = int(editor.stdout.readline())
        item = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        run = {"skill": "pytest-run", "uri": path.as_uri(), "line": line}
        messages = (
            (1, "initialize", {"processId": editor.pid, "rootUri": shop.as_uri(),
                               "capabilities": {},
                               "initializationOptions": {"python": sys.executable}}),
            (None, "initialized", {}),
            (None, "textDocument/didOpen", {"textDocument": item}),
            (2, "workspace/executeCommand", {"command": "skills.run", "arguments": [run]}),
        )  # fmt: skip
        for number, method, params in messages:
            message = {"jsonrpc": "2.0", "method": method, "params": params}
            if number is not None:
                message["id"] = number
            editor.stdin.write(framed(json.dumps(message).encode()))
        editor.stdin.flush()
        pid_file = shop / "running.pid"
        poll(lambda: pid_file.exists() and pid_file.read_text())
        run_pid = int(pid_file.read_text())
        editor.kill()
        editor.wait(SECONDS)
        poll(lambda: is_gone(server) and is_gone(run_pid), GONE_SECONDS)


def test_the_server_ends_with_its_parent_even_where_the_pipe_stays_open(connect: Connect):
    parent = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        assert parent.stdout.read(4) == b"held"
        client, far = connect(), connect()
        client.initialize(processId=parent.pid)
        # The process id of an editor on another machine, or outside the container.
        far.initialize(processId=2**22 + 5)
        # It is looked at every two seconds, and must have been seen alive once.
        with pytest.raises(subprocess.TimeoutExpired):
            client.process.wait(2.5)
        parent.kill()
        parent.wait(SECONDS)
        assert client.process.wait(SECONDS) == 1
        assert far.leave() == 0, "a parent that was never there is not waited for"
