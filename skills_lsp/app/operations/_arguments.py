"""Arguments from outside, checked against an operation's parameters."""

import dataclasses
import types
from difflib import get_close_matches
from typing import Any, get_args, get_origin, get_type_hints

from skills_lsp.errors import UsageError

_MAX_SHOWN = 60
_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def decode(command: str, params_type: type, arguments: Any) -> Any:
    """Return the parameters of a command from its LSP arguments: one JSON object, or nothing.

    Raises
    ------
    UsageError
        With a sentence that names the argument, what was given and what is expected.
    """
    given = _one_object(command, arguments)
    hints = get_type_hints(params_type)
    known = {field.name: field for field in dataclasses.fields(params_type)}
    values = {}
    for key, value in given.items():
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"It knows: {', '.join(known)}."
            raise UsageError("unknown-argument", f"{command} has no argument {key!r}.", hint)
        values[key] = _checked(command, key, value, hints[key])
    return params_type(**values)


def _one_object(command: str, arguments: Any) -> dict[str, Any]:
    if isinstance(arguments, dict):
        return arguments
    # cattrs makes tuples of JSON's lists, from 25 on.
    given = list(arguments) if isinstance(arguments, (list, tuple)) else [arguments]
    if given in ([], [None]):
        return {}
    if len(given) == 1 and isinstance(given[0], dict):
        return given[0]
    raise UsageError("bad-arguments", f"{command} takes one JSON object, or nothing.")


def _checked(command: str, key: str, value: Any, expected: Any) -> Any:
    options = get_args(expected) if isinstance(expected, types.UnionType) else (expected,)
    for option in options:
        if option is types.NoneType and value is None:
            return None
        if option is float and type(value) is int and abs(value) < 2**53:  # longer is no float
            return float(value)
        if option in _NAMES and type(value) is option:
            return value
        if get_origin(option) is tuple and isinstance(value, (list, tuple)):
            return tuple(_checked(command, key, item, get_args(option)[0]) for item in value)
    wanted = " or ".join(_NAMES.get(it, "a list") for it in options if it is not types.NoneType)
    raise UsageError(
        "wrong-argument-type", f"{command}: {key} must be {wanted}, not {_shown(value)}."
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"
