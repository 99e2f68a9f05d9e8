"""``docs/reference/settings.md`` and ``schema/settings.schema.json``."""

import dataclasses
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
from skills_lsp.app import configuration
from skills_lsp.domain.settings import Settings

_INTRODUCTION = f"""\
An editor gives them as `initializationOptions`, or as the section `{configuration.SECTION}` of its
configuration, which is asked for and watched. What is wrong with a value is said in one sentence,
and the rest is used. [`schema/settings.schema.json`](../../schema/settings.schema.json) says the
same for programs.
"""
_EXAMPLE = """\
In Neovim 0.11 and newer, for example:

```lua
vim.lsp.config('skills_lsp', {
  init_options = { maxSuggestions = 4, agentCommand = { 'my-agent', '{prompt}' } },
})
```

Environment variables: `SKILLS_LSP_HOME` puts the database, cache and configuration below one folder,
and `SKILLS_LSP_FASTSTART=0` switches off what makes the server start quicker.
"""


def page() -> str:
    """Return the page."""
    docs, hints = field_docs(Settings), get_type_hints(Settings)
    rows = []
    for it in dataclasses.fields(Settings):
        default = _default(it)
        span = _range(it.name)
        kind = type_in_words(hints[it.name]) + (
            f", {span[0]:,.9g} to {span[1]:,.9g}" if span else ""
        )
        rows.append(
            (code(camel_case(it.name)), kind, code(default_in_json(default)), docs[it.name])
        )
    head = ("setting", "type", "default", "meaning")
    lines = ["# Settings", "", written_by("skills_lsp/domain/settings.py"), "", _INTRODUCTION]
    return "\n".join([*lines, *table(head, rows), "", _EXAMPLE])


def schema() -> str:
    """Return the JSON schema of the settings."""
    names = {it.name: camel_case(it.name) for it in dataclasses.fields(Settings)}
    described = object_schema(Settings, names=names)
    described.pop("required", None)
    for it in dataclasses.fields(Settings):
        entry = described["properties"][names[it.name]]
        default = _default(it)
        entry["default"] = list(default) if isinstance(default, tuple) else default
        if span := _range(it.name):
            entry["minimum"], entry["maximum"] = span
    return as_json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Settings of skills-lsp, section {configuration.SECTION}",
            **described,
        }
    )


def camel_case(name: str) -> str:
    """Return a setting's name as editors write it."""
    return configuration.camel_case(name)


def _range(name: str) -> tuple[float, float] | None:
    return configuration.RANGES.get(name)


def _default(it: "dataclasses.Field[Any]") -> Any:
    if it.default_factory is not dataclasses.MISSING:
        return it.default_factory()
    return it.default
