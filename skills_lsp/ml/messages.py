"""What the server and a helper process say to each other: length-prefixed frames over pipes.

A frame is a mark, two lengths, a JSON object and raw bytes (vectors, arrays). The mark tells a helper
that prints something by accident from one that answers.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PROTOCOL = 1
"""Raised when an older helper would misread a newer server."""

MAX_HEAD_BYTES = 16_000_000
MAX_BODY_BYTES = 256_000_000

_MARK = b"SKLP"
_START = struct.Struct(">4sII")


class GarbledError(Exception):
    """What came is no frame: the other side is broken, and nothing behind it can be read."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said: plain data, and bytes where JSON would be slow."""

    head: dict[str, Any]
    body: bytes = field(default=b"", repr=False)


def packed(message: Message) -> bytes:
    """Return a message as a frame."""
    head = json.dumps(message.head, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _START.pack(_MARK, len(head), len(message.body)) + head + message.body


class Unpacker:
    """Takes bytes as they come and gives messages as they are complete."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that are complete with these bytes. Raises GarbledError."""
        self._data += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> Message | None:
        if not _MARK.startswith(self._data[: len(_MARK)]):
            raise GarbledError(f"{bytes(self._data[:16])!r} is no frame")
        if len(self._data) < _START.size:
            return None
        _, n_head, n_body = _START.unpack_from(self._data)
        if n_head > MAX_HEAD_BYTES or n_body > MAX_BODY_BYTES:
            raise GarbledError(f"a frame of {n_head} and {n_body} bytes is too large")
        end = _START.size + n_head + n_body
        if len(self._data) < end:
            return None
        head = _head(bytes(self._data[_START.size : _START.size + n_head]))
        body = bytes(self._data[_START.size + n_head : end])
        del self._data[:end]
        return Message(head, body)


def _head(data: bytes) -> dict[str, Any]:
    try:
        head = json.loads(data)
    except ValueError as error:
        raise GarbledError(f"a frame's head is no JSON: {error}") from error
    if not isinstance(head, dict):
        raise GarbledError("a frame's head is no JSON object")
    return head
