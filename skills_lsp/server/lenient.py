"""Messages from clients that say more, less or other than the protocol's types know.

pygls does not answer a message that cannot be structured: one unknown enum value in `initialize`
and the editor waits for ever. Here what cannot be structured is taken out and the rest is kept: an
unknown value in an optional place is as if it had not been said. Only what is then still missing
is an error, with the place it is missing from.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import cattrs
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    IterableValidationError,
)

_MAX_ROUNDS = 8
Path = tuple[str | int, ...]


class UnusableError(Exception):
    """A message whose required parts are missing or of a wrong kind."""


def structure(converter: cattrs.Converter, data: dict[str, Any], type_: Any) -> Any:
    """Return the message as its type, leaving out what the type does not know.

    Raises
    ------
    UnusableError
        With one sentence, when the message cannot be used even so.
    """
    try:
        return converter.structure(data, type_)
    except Exception as error:  # noqa: BLE001 - hooks of lsprotocol raise whatever they meet
        first: BaseException = error
    pruned = deepcopy(data)
    last = first
    for _ in range(_MAX_ROUNDS):
        paths = list(_paths(last, ()))
        if not _take_out_all(pruned, paths):
            break
        try:
            return converter.structure(pruned, type_)
        except Exception as error:  # noqa: BLE001 - as above
            last = error
    raise UnusableError(_sentence(first)) from first


def mend_document(method: object, params: Any) -> None:
    """Give a document what some clients leave out or get wrong: its version, its language.

    Without this the whole message would be dropped, and an edit that is dropped makes the text
    wrong from there on.
    """
    document = params.get("textDocument") if isinstance(params, dict) else None
    if not isinstance(document, dict) or method not in _WITH_VERSION:
        return
    version = document.get("version")
    if type(version) is not int or not -(2**31) <= version < 2**31:
        document["version"] = 0
    if method == "textDocument/didOpen" and not isinstance(document.get("languageId"), str):
        document["languageId"] = ""


_WITH_VERSION = ("textDocument/didOpen", "textDocument/didChange")


def _depth_first(path: Path) -> tuple[int, tuple[tuple[bool, Any], ...]]:
    keys = tuple((isinstance(it, int), -it if isinstance(it, int) else it) for it in path)
    return (-len(path), keys)


def _paths(error: BaseException, above: Path) -> Iterator[Path]:
    """Yield the innermost places that the error tells of."""
    if not isinstance(error, (ClassValidationError, IterableValidationError)):
        if above:
            yield above
        return
    noted, others = error.group_exceptions()
    for inner, note in noted:
        key: Any = note.name if isinstance(note, AttributeValidationNote) else note.index
        yield from _paths(inner, (*above, key))
    if others and above:
        yield above


def _take_out_all(data: Any, paths: list[Path]) -> bool:
    """Remove what stands at these places; say whether anything could go."""
    gone: set[Path] = set()
    # Deepest and last first, so that taking one out does not move another.
    for path in sorted(paths, key=_depth_first):
        # A text in place of a list is wrong in each of its characters, and goes once.
        if any(path[:length] in gone for length in range(1, len(path) + 1)):
            continue
        taken = _take_out(data, path)
        if taken:
            gone.add(taken)
    return bool(gone)


def _take_out(data: Any, path: Path) -> Path:
    """Remove what stands at a path, or at the nearest place above it that can go; return which."""
    for length in range(len(path), 0, -1):
        parent = _at(data, path[: length - 1])
        key = path[length - 1]
        if isinstance(parent, dict):
            name = next((it for it in (_camel_case(str(key)), key) if it in parent), None)
            if name is not None and name not in ("params", "method", "id"):
                del parent[name]
                return path[:length]
        elif isinstance(parent, list) and isinstance(key, int) and key < len(parent):
            del parent[key]
            return path[:length]
    return ()


def _at(data: Any, path: Path) -> Any:
    for key in path:
        if isinstance(data, dict):
            data = data.get(_camel_case(str(key)), data.get(key))
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data


def _camel_case(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def _sentence(error: BaseException) -> str:
    path = next(_paths(error, ()), ())
    where = ".".join(_camel_case(key) if isinstance(key, str) else str(key) for key in path)
    return (
        f"Invalid parameters: {where} is missing or of a wrong kind."
        if where
        else ("Invalid parameters.")
    )
