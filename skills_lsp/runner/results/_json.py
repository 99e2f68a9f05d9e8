"""JSON from a tool, taken apart without trust: a wrong type reads as an absent value."""

import json
from collections.abc import Iterator
from typing import Any

from skills_lsp.runner.report import unreadable

_LINES_TRIED = 50  # where a tool prints warnings before its JSON
_MAX_NUMBER = 10**9


def load(text: str) -> object:
    """Return the JSON value in a text that may hold other lines before and after it."""
    if not text.strip():
        raise unreadable("it is empty")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    decoder = json.JSONDecoder()
    offset = n_tried = 0
    for line in text.splitlines(keepends=True):
        if line.lstrip()[:1] in ("{", "["):
            n_tried += 1
            try:
                value, end = decoder.raw_decode(text, offset + len(line) - len(line.lstrip()))
            except (ValueError, RecursionError):
                pass
            else:
                if "\n" in text[end : end + 3] or not text[end:].strip():  # not "[info] …"
                    return value
        offset += len(line)
        if n_tried >= _LINES_TRIED:
            break
    raise unreadable("it is not JSON")


def load_object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text."""
    value = load(text)
    if not isinstance(value, dict):
        raise unreadable("it is JSON of another kind")
    return value


def load_list(text: str) -> list[Any]:
    """Return the JSON list in a text."""
    value = load(text)
    if not isinstance(value, list):
        raise unreadable("it is JSON of another kind")
    return value


def load_lines(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a text with one in each line, passing over other lines."""
    for line in text.splitlines():
        if line.startswith("{"):
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                yield value


def object_of(value: object, key: str) -> dict[str, Any]:
    """Return the object under a key, or an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def objects_of(value: object, key: str) -> list[dict[str, Any]]:
    """Return the objects of the list under a key."""
    found = value.get(key) if isinstance(value, dict) else None
    return objects(found)


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list, or nothing."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def strings_of(value: object, key: str) -> list[str]:
    """Return the strings of the list under a key."""
    found = value.get(key) if isinstance(value, dict) else None
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def text_of(value: object, key: str) -> str:
    """Return the string under a key, or an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def number_of(value: object, key: str) -> int | None:
    """Return the whole number under a key, if it is one that can count something."""
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if -1 <= found <= _MAX_NUMBER else None
