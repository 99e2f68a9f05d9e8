"""Messages in and out: framing, order, and one answer for every request.

pygls reads each message with three hops through a thread pool, which is more than half of what a
warm request costs. Here the pipe is read by the event loop; where it cannot be (Windows, a file
as standard input), pygls' own threaded reader feeds the same receiver.
"""

import asyncio
import contextlib
import json
import os
import re
import stat
import sys
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

_LENGTH = re.compile(rb"content-length:\s*(\d+)\s*\Z", re.IGNORECASE)
_MAX_HEADER_BYTES = 8_192
_MAX_MESSAGE_BYTES = 256_000_000
# After so long with messages still waiting, other tasks get a turn.
_TURN_SECONDS = 0.005

PARSE_ERROR = -32700
INVALID_REQUEST = -32600


class Endpoint(Protocol):
    """What takes the messages."""

    def receive(self, message: dict[str, Any]) -> None:
        """Handle one message."""

    def refuse(self, message_id: Any, code: int, sentence: str) -> None:
        """Answer a request with an error."""


class Receiver(asyncio.Protocol):
    """Cuts the stream into messages and hands them on, in order.

    It reads ahead: a request whose cancellation has already arrived is answered as cancelled
    without being run.
    """

    def __init__(self, endpoint: Endpoint, on_end: Callable[[], None]) -> None:
        self._endpoint = endpoint
        self._on_end = on_end
        self._bytes = bytearray()
        self._messages: deque[dict[str, Any]] = deque()
        self._cancelled: set[Any] = set()
        self._is_working = False
        self._is_over = False

    def data_received(self, data: bytes) -> None:
        """Take bytes from the pipe."""
        self._bytes += data
        for body in frames(self._bytes):
            self._take(body)
        if not self._is_working:
            self._work()

    def eof_received(self) -> bool | None:
        """Notice that the client has closed its end."""
        self.connection_lost(None)
        return None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Notice that the client is gone; what it said before, an `exit` as well, comes first."""
        self._is_over = True
        if not self._messages:
            self._on_end()

    def _take(self, body: bytes) -> None:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            self._endpoint.refuse(None, PARSE_ERROR, "The message is not valid JSON.")
            return
        if not isinstance(message, dict):
            self._endpoint.refuse(None, INVALID_REQUEST, "A message must be one JSON object.")
            return
        if message.get("method") == "$/cancelRequest":
            params = message.get("params")
            cancelled = params.get("id") if isinstance(params, dict) else None
            if any(_is_request(waiting, cancelled) for waiting in self._messages):
                self._cancelled.add(cancelled)
                return
        self._messages.append(message)

    def _work(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + _TURN_SECONDS
        self._is_working = True
        while self._messages:
            message = self._messages.popleft()
            message_id = message.get("id")
            if self._cancelled and _is_hashable(message_id) and message_id in self._cancelled:
                self._cancelled.discard(message_id)
                self._endpoint.refuse(message_id, -32800, "The request was cancelled.")
                continue
            self._endpoint.receive(message)
            if loop.time() > until and self._messages:
                loop.call_soon(self._work)
                return
        self._is_working = False
        if self._is_over:
            self._on_end()


def frames(buffer: bytearray) -> list[bytes]:
    """Cut all whole messages off the front of the buffer.

    Headers are read as liberally as they can be: any case, LF alone as line end, unknown ones
    skipped. Bytes that are no header are dropped up to the next ``Content-Length``.
    """
    bodies: list[bytes] = []
    while True:
        end, n_end = _header_end(buffer)
        if end < 0:
            if len(buffer) > _MAX_HEADER_BYTES and _resynchronise(buffer):
                continue
            return bodies
        length = _content_length(bytes(buffer[:end]))
        if length is None or length > _MAX_MESSAGE_BYTES:
            del buffer[: end + n_end]
            continue
        if len(buffer) < end + n_end + length:
            return bodies
        bodies.append(bytes(buffer[end + n_end : end + n_end + length]))
        del buffer[: end + n_end + length]


def _header_end(buffer: bytearray) -> tuple[int, int]:
    found = buffer.find(b"\r\n\r\n", 0, _MAX_HEADER_BYTES)
    if found >= 0:
        return found, 4
    return buffer.find(b"\n\n", 0, _MAX_HEADER_BYTES), 2


def _content_length(header: bytes) -> int | None:
    for line in reversed(header.splitlines()):
        if match := _LENGTH.search(line):
            return int(match[1])
    return None


def _resynchronise(buffer: bytearray) -> bool:
    found = buffer.lower().find(b"content-length:", 1)
    del buffer[: found if found > 0 else len(buffer) - 20]
    return found > 0


def _is_request(message: dict[str, Any], message_id: Any) -> bool:
    return "method" in message and message_id is not None and message.get("id") == message_id


def _is_hashable(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, type(None)))


async def connect_stdin(receiver: Receiver) -> None:
    """Feed the receiver from standard input, by the event loop where the platform can."""
    loop = asyncio.get_running_loop()
    stdin = sys.stdin.buffer
    with contextlib.suppress(ValueError, NotImplementedError, OSError, AttributeError):
        # asyncio takes any device, and epoll refuses some later: /dev/null.
        if not stat.S_ISCHR(os.fstat(stdin.fileno()).st_mode):
            await loop.connect_read_pipe(lambda: receiver, stdin)
            return
    # A regular file, a console, or Windows' loop: read on a thread instead.
    loop.run_in_executor(None, _pump, stdin, receiver, loop)


def _pump(stdin: Any, receiver: Receiver, loop: asyncio.AbstractEventLoop) -> None:
    while data := stdin.read1(65_536):
        loop.call_soon_threadsafe(receiver.data_received, data)
    loop.call_soon_threadsafe(receiver.connection_lost, None)


class TransportWriter:
    """Writes without ever blocking the loop, however slowly the client reads."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Hand bytes to the transport."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Close the transport once it is empty."""
        self._transport.close()

    async def drain(self, seconds: float = 1.0) -> None:
        """Wait until all is written, or the client has had its time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        # The transport tells nobody when it is empty.
        while self._transport.get_write_buffer_size() and loop.time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


class BlockingWriter:
    """Writes to standard output directly, where the loop cannot (Windows, a regular file)."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, data: bytes) -> None:
        """Write and flush."""
        self._stream.write(data)
        self._stream.flush()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


async def stdout_writer() -> TransportWriter | BlockingWriter:
    """Return a writer on standard output; whatever else prints goes to standard error now."""
    stdout = sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        transport, _ = await asyncio.get_running_loop().connect_write_pipe(asyncio.Protocol, stdout)
    except (ValueError, NotImplementedError, OSError):
        return BlockingWriter(stdout)
    return TransportWriter(transport)


async def listen(receiver: Receiver, protocol: Any, host: str, port: int) -> int:
    """Wait for one client on a socket; return the port."""

    class OneClient(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            server.close()
            protocol.set_writer(TransportWriter(transport))
            transport.set_protocol(receiver)

    server = await asyncio.get_running_loop().create_server(OneClient, host, port)
    return int(server.sockets[0].getsockname()[1])
