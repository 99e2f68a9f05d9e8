"""One helper process: started when it is first needed, ended when idle, never waited for long."""

import asyncio
import itertools
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.ml.messages import PROTOCOL, GarbledError, Message, Unpacker, packed

_log = logging.getLogger(__name__)

_KILL_AFTER_SECONDS = 2.0
_MOST_DOUBLINGS = 16
_MAX_WAITING = 64
"""Requests beyond this are refused at once: who asks has a poorer answer at hand."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the server is with a helper; all in seconds."""

    start: float = 20.0
    answer: float = 10.0
    idle: float = 600.0
    first_pause: float = 0.5  # after a death; doubled with each further one
    longest_pause: float = 60.0


DEFAULT_LIMITS = Limits()


def role(name: str, *arguments: str) -> tuple[str, ...]:
    """Return the command that starts a helper in one of its roles."""
    # Isolated from the project (-P): its folder may hold a numpy.py of its own.
    return (sys.executable, "-P", "-m", "skills_lsp.ml.worker", name, *arguments)


class Worker:
    """The server's end of a helper process.

    :meth:`ask` returns None whenever there is no good answer: the process is dead, slow, hung,
    speaks nonsense, or is in its pause after a death. It costs its caller quality, never an error.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        limits: Limits = DEFAULT_LIMITS,
        environment: Mapping[str, str] | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._command = command
        self._limits = limits
        self._environment = environment
        self._on_change = on_change
        self._pipe: _Pipe | None = None
        self._starting: asyncio.Task[_Pipe | None] | None = None
        self._n_deaths = 0
        self._not_before = 0.0
        self._idle: asyncio.TimerHandle | None = None
        self._is_closed = False
        self._ending: set[asyncio.Task[None]] = set()
        self.trouble = ""

    @property
    def is_ready(self) -> bool:
        """Say whether a request would be answered without starting a process."""
        return self._pipe is not None and self._pipe.is_open

    @property
    def hello(self) -> Mapping[str, Any]:
        """What the running helper said of itself; empty while none runs."""
        return self._pipe.hello if self._pipe is not None and self._pipe.is_open else {}

    @property
    def process_id(self) -> int | None:
        """The helper's process id, None while none runs."""
        return self._pipe.process_id if self._pipe is not None and self._pipe.is_open else None

    async def ask(
        self, head: Mapping[str, Any], body: bytes = b"", *, seconds: float | None = None
    ) -> Message | None:
        """Return the helper's answer, None when there is none within the time (start included)."""
        limit = self._limits.answer if seconds is None else seconds
        try:
            async with asyncio.timeout(limit):
                pipe = await self._running()
                answer = await pipe.ask(head, body) if pipe is not None else None
        except TimeoutError:
            if seconds is None and self._pipe is not None:
                self._lose("did not answer in time")
            return None
        if answer is None:
            return None
        if "error" in answer.head:
            _log.warning("A helper could not do what was asked: %s", answer.head["error"])
            return None
        self._n_deaths = 0
        return answer

    def wake(self) -> None:
        """Start the process if it is not there, without waiting for it."""
        if not self.is_ready and self._starting is None and self._may_start():
            self._starting = asyncio.ensure_future(self._start())

    async def close(self) -> None:
        """End the process and start no other."""
        self._is_closed = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._idle is not None:
            self._idle.cancel()
        self._let_go()
        await asyncio.gather(*self._ending)

    async def _running(self) -> "_Pipe | None":
        if self._pipe is not None and self._pipe.is_open:
            self._rest_later()
            return self._pipe
        self.wake()
        # Several callers wait for one start, and one that gives up must not stop it.
        return await asyncio.shield(self._starting) if self._starting is not None else None

    def _may_start(self) -> bool:
        now = asyncio.get_running_loop().time()
        return not self._is_closed and now >= self._not_before

    async def _start(self) -> "_Pipe | None":
        pipe = _Pipe(self._ended)
        try:
            async with asyncio.timeout(self._limits.start):
                await pipe.start(self._command, self._environment)
        except (OSError, ValueError, TimeoutError, GarbledError, EOFError) as error:
            await pipe.close()
            self._pause(str(error) or "it was not ready in time")
            return None
        except asyncio.CancelledError:
            await pipe.close()
            raise
        finally:
            self._starting = None
        self._pipe = pipe
        self.trouble = ""
        self._rest_later()
        self._on_change()
        return pipe

    def _ended(self, reason: str) -> None:
        """Take note that the process is gone; those who wait get nothing."""
        if not self._is_closed and self._pipe is not None:
            self._let_go()
            self._pause(reason)

    def _lose(self, reason: str) -> None:
        if self._pipe is not None:
            self._pipe.kill()
            self._let_go()
            self._pause(reason)

    def _let_go(self) -> None:
        """See the process to its end without waiting for it here."""
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            task = asyncio.ensure_future(pipe.close())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def _pause(self, reason: str) -> None:
        limits = self._limits
        doubled = 2 ** min(self._n_deaths, _MOST_DOUBLINGS)
        pause = min(limits.longest_pause, limits.first_pause * doubled)
        self._n_deaths += 1
        self._not_before = asyncio.get_running_loop().time() + pause
        self.trouble = reason
        _log.info(
            "A helper ended (%s); it is started again in %.1f s at the earliest", reason, pause
        )
        self._on_change()

    def _rest_later(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._limits.idle, self._rest)

    def _rest(self) -> None:
        """End a process that nobody has asked for a while; the next request starts another."""
        self._let_go()
        self._on_change()


class _Pipe(asyncio.SubprocessProtocol):
    """One running process: frames in, frames out."""

    def __init__(self, on_end: Callable[[str], None]) -> None:
        self._on_end = on_end
        self._unpacker = Unpacker()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message | None]] = {}
        self._transport: asyncio.SubprocessTransport | None = None
        self._last_words = b""
        loop = asyncio.get_running_loop()
        self._greeted: asyncio.Future[Message] = loop.create_future()
        self._exited: asyncio.Future[None] = loop.create_future()
        self.hello: Mapping[str, Any] = {}
        self.is_open = False

    @property
    def process_id(self) -> int | None:
        return self._transport.get_pid() if self._transport is not None else None

    async def start(self, command: Sequence[str], environment: Mapping[str, str] | None) -> None:
        """Start the program and wait for its greeting."""
        loop = asyncio.get_running_loop()
        await loop.subprocess_exec(
            lambda: self,
            *command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
        hello = await self._greeted
        if hello.head.get("hello") != PROTOCOL:
            raise GarbledError("it is of another version")
        self.hello = hello.head
        self.is_open = True

    async def ask(self, head: Mapping[str, Any], body: bytes) -> Message | None:
        """Send a request and wait for its answer."""
        if len(self._waiting) >= _MAX_WAITING or self._transport is None:
            return None
        number = next(self._numbers)
        answer: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        pipe = self._transport.get_pipe_transport(0)
        try:
            if pipe is None or pipe.is_closing():
                # It is gone, and the loop has not yet had the time to say so.
                self._fail(EOFError("it closed its pipe"))
                return None
            assert isinstance(pipe, asyncio.WriteTransport)
            pipe.write(packed(Message({**head, "id": number}, body)))
            return await answer
        finally:
            del self._waiting[number]

    # -- what the loop says ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd != 1:
            self._last_words = (self._last_words + data)[-2_000:]
            return
        try:
            for message in self._unpacker.feed(data):
                self._take(message)
        except GarbledError as error:
            self._fail(error)
            self.kill()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == 0 and exc is not None:
            self._fail(EOFError("it closed its pipe"))

    def process_exited(self) -> None:
        assert self._transport is not None
        code = self._transport.get_returncode()
        said = self._last_words.decode("utf-8", "replace").strip().rpartition("\n")[2]
        self._fail(EOFError(said or f"it ended with {code}"))
        if not self._exited.done():
            self._exited.set_result(None)
        self._transport.close()

    def _take(self, message: Message) -> None:
        if "hello" in message.head:
            if not self._greeted.done():
                self._greeted.set_result(message)
            return
        answer = self._waiting.get(message.head.get("id", 0))
        if answer is not None and not answer.done():
            answer.set_result(message)

    def _fail(self, error: Exception) -> None:
        was_open, self.is_open = self.is_open, False
        if not self._greeted.done():
            self._greeted.set_exception(error)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_result(None)
        if was_open:
            self._on_end(str(error))

    # -- the end ---------------------------------------------------------------------------------

    def end(self) -> None:
        """Let the process end by itself: its input is closed."""
        self.is_open = False
        pipe = self._transport.get_pipe_transport(0) if self._transport is not None else None
        if pipe is not None:
            pipe.close()

    def kill(self) -> None:
        """End the process now."""
        if self._transport is not None and self._transport.get_returncode() is None:
            self._transport.kill()

    async def close(self) -> None:
        """End the process and wait until it is gone."""
        self.end()
        if self._greeted.done() and not self._greeted.cancelled():
            self._greeted.exception()  # Nobody else may have looked at it.
        if self._transport is None:
            return
        try:
            async with asyncio.timeout(_KILL_AFTER_SECONDS):
                await asyncio.shield(self._exited)
        except TimeoutError:
            self.kill()
            await self._exited
