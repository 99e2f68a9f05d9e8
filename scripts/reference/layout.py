"""What the pages share: tables, JSON, and what dataclasses say of their fields."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from skills_lsp.app.operations._fields import field_docs

_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}
_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def written_by(what: str) -> str:
    """Return the sentence that keeps people from editing a page by hand."""
    return f"<!-- Written by `make generated` from {what}. Do not edit. -->"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return lines + [f"| {' | '.join(map(cell, row))} |" for row in rows]


def cell(text: str) -> str:
    """Return text for a cell: one line, and a bar is no border."""
    return " ".join(text.replace("|", "\\|").split())


def code(text: str) -> str:
    """Return a text as code; nothing for nothing."""
    return f"`{text}`" if text else ""


def as_json(data: Any) -> str:
    """Return a JSON file's text."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def type_in_words(expected: Any) -> str:
    """Return a type as a person says it."""
    if isinstance(expected, UnionType):
        return " or ".join(type_in_words(it) for it in get_args(expected))
    if expected is NoneType:
        return "null"
    if get_origin(expected) is tuple:
        inner = get_args(expected)[0]
        return "list of texts" if inner is str else "list of objects"
    return _WORDS.get(expected, "object")


def json_schema_of(expected: Any) -> dict[str, Any]:
    """Return the JSON schema of a field's type."""
    if isinstance(expected, UnionType):
        options = [json_schema_of(it) for it in get_args(expected)]
        if all(set(it) == {"type"} for it in options):
            return {"type": [it["type"] for it in options]}
        return {"anyOf": options}
    origin, inner = get_origin(expected), get_args(expected)
    if origin is tuple:
        return {"type": "array", "items": json_schema_of(inner[0])}
    if origin is dict:
        values = json_schema_of(inner[1])
        return {"type": "object", **({"additionalProperties": values} if values else {})}
    if expected is Any:
        return {}
    return {"type": _JSON_TYPES[expected]}


def object_schema(made: type, *, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON schema of a dataclass; ``names`` are those it has in JSON, where they differ.

    Fields without a default are required.
    """
    docs, hints = field_docs(made), get_type_hints(made)
    properties, required = {}, []
    for it in dataclasses.fields(made):
        name = (names or {}).get(it.name, it.name)
        properties[name] = json_schema_of(hints[it.name])
        if it.name in docs:
            properties[name]["description"] = docs[it.name]
        if it.default is dataclasses.MISSING:
            required.append(name)
        else:
            default = it.default
            properties[name]["default"] = list(default) if isinstance(default, tuple) else default
    schema: dict[str, Any] = {
        "type": "object",
        "description": " ".join((made.__doc__ or "").split()),
        "properties": properties,
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def default_in_json(value: Any) -> str:
    """Return a default as it stands in a settings file."""
    return json.dumps(list(value) if isinstance(value, tuple) else value)
