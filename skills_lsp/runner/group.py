"""Process groups: how a run is started apart, ended as a whole, and guarded.

POSIX is what is tested. On Windows a run gets a process group of its own and is ended with
``taskkill /T``; nothing guards it there against the death of the server.
"""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_log = logging.getLogger(__name__)
_POLL_SECONDS = 0.02
_AFTER_KILL_SECONDS = (
    1.0  # SIGKILL is not refused; longer than this is a process stuck in the kernel
)
_GUARD = str(Path(__file__).with_name("guard.py"))


def start_options() -> dict[str, int | bool]:
    """Return the options of Popen that put a child into a group of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    # A session, not only a group: the child then has no terminal it could ask a question on.
    return {"start_new_session": True}


async def end_group(pid: int, *, grace_seconds: float) -> None:
    """End every process of the group that ``pid`` leads; return when none is left.

    SIGTERM, then SIGKILL after ``grace_seconds``. The leader may be gone already: as long as the
    group has a member, its number is not given to another.
    """
    if not _signal_group(pid, is_final=False):
        return
    if await _is_gone_within(pid, grace_seconds):
        return
    _signal_group(pid, is_final=True)
    if not await _is_gone_within(pid, _AFTER_KILL_SECONDS):
        _log.warning("process group %d is still there after SIGKILL", pid)


def is_group_alive(pid: int) -> bool:
    """Say whether the group has a member that is not merely waiting to be reaped."""
    if sys.platform == "win32":
        return False  # taskkill /T has waited for them
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # Zombies count for killpg, and where process 1 of a container does not reap they stay for ever.
    return not sys.platform.startswith("linux") or _has_running_member(pid)


class Guard:
    """A small process that ends the group if this process dies without doing so.

    Started before the child, told the child's number after, and killed when the run is over.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the guard; without one a run still works, so a failure is only logged."""
        if sys.platform == "win32" or not sys.executable:
            return
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", _GUARD],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # so that what ends the server's group spares the guard
            )
        except OSError as error:
            _log.warning("a run goes unguarded: %s", error)

    def watch(self, pid: int) -> None:
        """Tell the guard which group to end."""
        if self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(OSError):  # The guard was killed: unguarded, as before it.
            self._process.stdin.write(b"%d\n" % pid)
            self._process.stdin.flush()

    def dismiss(self) -> None:
        """End the guard itself."""
        if self._process is None:
            return
        self._process.kill()  # Before the pipe is closed, which would set it to work.
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._process = None


async def _is_gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_group_alive(pid):
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(_POLL_SECONDS)
    return True


def _signal_group(pid: int, *, is_final: bool) -> bool:
    """Signal the group and say whether there was one to signal."""
    if sys.platform == "win32":
        force = ["/F"] if is_final else []
        subprocess.run(  # a moment, and Windows has no signal to send instead
            ["taskkill", "/T", *force, "/PID", str(pid)], capture_output=True, check=False
        )
        return True
    try:
        os.killpg(pid, signal.SIGKILL if is_final else signal.SIGTERM)
        if not is_final:
            os.killpg(pid, signal.SIGCONT)  # A stopped process acts on SIGTERM once it goes on.
    except ProcessLookupError:
        return False
    except PermissionError:
        _log.warning("process group %d belongs to another user and was left running", pid)
        return False
    return True


def _has_running_member(group: int) -> bool:
    """Look through /proc for a member of the group that is neither zombie nor dead."""
    wanted = str(group).encode()
    for name in os.listdir("/proc"):  # noqa: PTH208 - one level, names only
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 - hot loop
                # The program's name stands in parentheses and may hold both spaces and parentheses.
                state, _parent, process_group = file.read().rpartition(b")")[2].split()[:3]
        except (OSError, ValueError):
            continue  # It ended while we looked.
        if process_group == wanted and state not in (b"Z", b"X"):
            return True
    return False
