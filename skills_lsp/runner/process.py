"""Run one planned command: its own group, no input, limits of time and output, a clean end."""

import asyncio
import codecs
import logging
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from skills_lsp.runner.group import Guard, end_group, is_group_alive, start_options
from skills_lsp.runner.plan import Plan

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
KILL_AFTER_SECONDS = 5.0  # between SIGTERM and SIGKILL, as overseer.nvim has it
_LEFTOVER_SECONDS = 0.3  # for workers that end by themselves shortly after their leader
_LAST_OUTPUT_SECONDS = 1.0  # a daemon that left the group may hold the pipe open for ever
_FLOOD_PAUSE_SECONDS = 0.001  # between reads once the limit is passed: at most ~10 % of a core


class Ended(StrEnum):
    """What brought a process to its end."""

    EXITED = "exited"
    TIMED_OUT = "timed-out"
    CANCELLED = "cancelled"
    NOT_STARTED = "not-started"


@dataclass(frozen=True, slots=True)
class Run:
    """What a process did. ``output`` is stdout and stderr as they came, its tail where cut.

    ``stdout`` is kept apart only where ``Plan.separates_stdout``; else it is empty.
    """

    exit_code: int | None  # negative: the signal that ended it
    output: str
    duration_seconds: float
    ended: Ended
    is_truncated: bool = False
    stdout: str = ""


async def execute(
    plan: Plan,
    *,
    on_output: Callable[[str], None] | None = None,
    stop: asyncio.Event | None = None,
) -> Run:
    """Run the command to its end, whichever comes: its own, the time limit, a stop, a cancellation.

    Nothing of its group is left when this returns or raises. Setting ``stop`` is the user's
    cancel: the result is a Run that ended CANCELLED, with what was printed until then. Cancelling
    the *task* does the same to the processes and then raises ``CancelledError``, as always.

    Parameters
    ----------
    on_output
        Called on the event loop with each piece of text as it comes, stdout and stderr mixed.
    """
    started = time.monotonic()
    receiver = _Receiver(plan, on_output)
    guard = Guard()
    try:
        # Starting a process holds its thread for some milliseconds, too long for the event loop.
        await _to_its_end(asyncio.to_thread(guard.start))
        # Cancelled halfway, asyncio would kill the process and know nothing of its children.
        starting = asyncio.create_task(_start(plan, receiver))
        try:
            transport = await _to_its_end(starting)
            if isinstance(transport, OSError | ValueError):
                return Run(None, _reason(transport), time.monotonic() - started, Ended.NOT_STARTED)
            guard.watch(transport.get_pid())
            ended = await _wait(plan, receiver, stop)
        finally:
            await _to_its_end(_finish(starting.result(), receiver))
    finally:
        await _to_its_end(asyncio.to_thread(guard.dismiss))
    return Run(
        exit_code=transport.get_returncode(),
        output=receiver.output.text,
        duration_seconds=time.monotonic() - started,
        ended=ended,
        is_truncated=receiver.output.is_truncated or receiver.stdout.is_truncated,
        stdout=receiver.stdout.text,
    )


async def _start(
    plan: Plan, receiver: "_Receiver"
) -> asyncio.SubprocessTransport | OSError | ValueError:
    loop = asyncio.get_running_loop()
    apart = plan.separates_stdout
    try:
        transport, _ = await loop.subprocess_exec(
            lambda: receiver,
            *plan.argv,
            stdin=subprocess.DEVNULL,  # never the server's own, which is the editor's line to it
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if apart else subprocess.STDOUT,
            cwd=plan.cwd,
            env=dict(plan.env),
            **cast("dict[str, Any]", start_options()),
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL byte somewhere
        return error
    return transport


async def _wait(plan: Plan, receiver: "_Receiver", stop: asyncio.Event | None) -> Ended:
    waits: set[asyncio.Future[Any]] = {receiver.exited}
    stopped = asyncio.ensure_future(stop.wait()) if stop is not None else None
    if stopped is not None:
        waits.add(stopped)
    try:
        done, _ = await asyncio.wait(
            waits, timeout=plan.timeout_seconds, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        if stopped is not None:
            stopped.cancel()
    if receiver.exited in done:
        return Ended.EXITED
    return Ended.CANCELLED if done else Ended.TIMED_OUT


async def _finish(
    transport: asyncio.SubprocessTransport | OSError | ValueError, receiver: "_Receiver"
) -> None:
    """End what is left of the group, take the last output, close the pipes."""
    if isinstance(transport, OSError | ValueError):
        return
    pid = transport.get_pid()
    try:
        if receiver.exited.done():
            await _soon(receiver.closed, _LEFTOVER_SECONDS)
        if not receiver.exited.done() or is_group_alive(pid):
            await end_group(pid, grace_seconds=KILL_AFTER_SECONDS)
        await _soon(receiver.exited, _LAST_OUTPUT_SECONDS)
        await _soon(receiver.closed, _LAST_OUTPUT_SECONDS)
    finally:
        transport.close()


async def _soon(future: "asyncio.Future[None]", seconds: float) -> None:
    await asyncio.wait({future}, timeout=seconds)


async def _to_its_end(work: Awaitable[_T]) -> _T:
    """Await work that must not be left half done; a cancellation waits and is then raised."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    return task.result()


class _Tail:
    """The last bytes of a stream, in bounded memory."""

    __slots__ = ("_data", "_limit", "is_truncated")

    def __init__(self, limit: int) -> None:
        self._data = bytearray()
        self._limit = max(limit, 1)
        self.is_truncated = False

    def add(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > 2 * self._limit:  # In big steps: each cut copies what is kept.
            self._cut()

    @property
    def text(self) -> str:
        if len(self._data) > self._limit:
            self._cut()
        data = bytes(self._data)
        if self.is_truncated:  # Start at a line, not in the middle of one or of a character.
            data = data[data.find(b"\n", 0, 4096) + 1 :]
        return data.decode("utf-8", "replace")

    def _cut(self) -> None:
        del self._data[: len(self._data) - self._limit]
        self.is_truncated = True


class _Receiver(asyncio.SubprocessProtocol):
    """Takes what the process prints and tells when it ended.

    ``asyncio.Process.wait`` is not used: on some versions of Python it also waits for the pipes,
    which a grandchild may hold open.
    """

    def __init__(self, plan: Plan, on_output: Callable[[str], None] | None) -> None:
        loop = asyncio.get_running_loop()
        self.output = _Tail(plan.output_limit_bytes)
        self.stdout = _Tail(plan.output_limit_bytes)
        self.exited: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._apart = plan.separates_stdout
        self._open = {1, 2} if self._apart else {1}
        self._n_seen = 0
        self._limit = plan.output_limit_bytes
        self._on_output = on_output
        decoder = codecs.getincrementaldecoder("utf-8")
        self._decoders = {1: decoder("replace"), 2: decoder("replace")}
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self.output.add(data)
        if self._apart and fd == 1:
            self.stdout.add(data)
        self._n_seen += len(data)
        if self._n_seen > self._limit:
            self._hold(fd)
        self._pass_on(self._decoders[fd].decode(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        del exc  # A broken pipe is an end like any other.
        self._open.discard(fd)
        if not self._open and not self.closed.done():
            self.closed.set_result(None)

    def process_exited(self) -> None:
        if not self.exited.done():
            self.exited.set_result(None)

    def _hold(self, fd: int) -> None:
        """Read a flood slowly, so that it takes neither the loop nor a core."""
        pipe = self._transport.get_pipe_transport(fd) if self._transport else None
        if isinstance(pipe, asyncio.ReadTransport) and not pipe.is_closing():
            pipe.pause_reading()
            self._loop.call_later(_FLOOD_PAUSE_SECONDS, _go_on, pipe)

    def _pass_on(self, text: str) -> None:
        if self._on_output is None or not text:
            return
        try:
            self._on_output(text)
        except Exception:  # noqa: BLE001 - the listener's mistake must not end the run
            _log.exception("the listener of a run's output failed and is dropped")
            self._on_output = None


def _go_on(pipe: asyncio.ReadTransport) -> None:
    if not pipe.is_closing():
        pipe.resume_reading()


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
