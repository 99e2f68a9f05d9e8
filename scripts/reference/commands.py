"""``docs/reference/commands.md`` and ``schema/protocol.json``: the table of operations."""

import dataclasses
from types import ModuleType
from typing import Any, get_type_hints

from scripts.reference.layout import (
    as_json,
    code,
    default_in_json,
    field_docs,
    object_schema,
    table,
    type_in_words,
    written_by,
)
from skills_lsp.app.operations import Operation
from skills_lsp.app.operations import table as operations

_INTRODUCTION = """\
Commands of `workspace/executeCommand`. Each takes one JSON object, or nothing: then it does something
sensible at the place where suggestions were last asked for, or says in a message what it needs, and
a *report* opens as a document. Names, types and unknown arguments are checked, and what is wrong is
the sentence of an error (`-32602`). Positions are LSP's: from 0, in the encoding of the session.
[`schema/protocol.json`](../../schema/protocol.json) says the same for programs.

`skills-lsp serve` also sends notifications of its own to a client that asks for them with the
capability `experimental: {"skills": {"notifications": true}}`: `skills/output` (`skill`, `text`),
`skills/finished` (`invocation`, `skill`, and the outcome) and `skills/refused` (`skill`, `message`).
With `"reports": true` beside it, the answer of a report has `markdown`, for the client to show, and no
document is opened. With `"trust": true`, the client is asked by the request `skills/trust` (`skill`,
`uri` of the file that defines it, `runs`) before a skill of a project's own is run, each time, and
answers `{"trusted": true}` or false.
"""


def page() -> str:
    """Return the page."""
    lines = ["# Commands", "", written_by("skills_lsp/app/operations/"), "", _INTRODUCTION]
    rows = [(f"[`{it.command}`](#{_anchor(it)})", it.summary) for it in operations().values()]
    lines += [*table(("command", "what it does"), rows), ""]
    for operation in operations().values():
        lines += _section(operation)
    return "\n".join(lines).rstrip() + "\n"


def _anchor(operation: Operation) -> str:
    return operation.command.replace(".", "").lower()


def _section(operation: Operation) -> list[str]:
    module = _module(operation)
    doc = " ".join((module.__doc__ or "").split())
    lines = [f"## {operation.command}", "", doc, ""]
    docs, hints = field_docs(operation.params), get_type_hints(operation.params)
    rows = [
        (
            code(it.name),
            type_in_words(hints[it.name]),
            code(default_in_json(it.default)),
            docs[it.name],
        )
        for it in dataclasses.fields(operation.params)
    ]
    if rows:
        about = " ".join((operation.params.__doc__ or "").split())
        lines += [f"Parameters: {about[0].lower()}{about[1:]}", ""]
        lines += [*table(("parameter", "type", "default", "meaning"), rows), ""]
    else:
        lines += ["It has no parameters.", ""]
    hints = get_type_hints(module.Result)
    fields = [
        f"{code(it.name)} ({type_in_words(hints[it.name])})"
        for it in dataclasses.fields(module.Result)
    ]
    about = " ".join((module.Result.__doc__ or "").split())
    lines += [f"Answer: {about[0].lower()}{about[1:]} It has {_listed(fields)}."]
    if hasattr(module.Result, "markdown"):
        lines += ["It is a report: called without arguments, it opens as a document."]
    return [*lines, ""]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def schema() -> str:
    """Return the JSON schema of all parameters and results."""
    commands: dict[str, Any] = {}
    for operation in operations().values():
        module = _module(operation)
        commands[operation.command] = {
            "description": operation.summary,
            "isReport": hasattr(module.Result, "markdown"),
            "params": object_schema(operation.params),
            "result": object_schema(module.Result),
        }
    return as_json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Commands of skills-lsp: parameters and results",
            "description": "Written by `make generated` from skills_lsp/app/operations/. Each of "
            "`commands` holds two schemas: of the one argument and of the answer.",
            "commands": commands,
        }
    )


def _module(operation: Operation) -> ModuleType:
    return operation.module
