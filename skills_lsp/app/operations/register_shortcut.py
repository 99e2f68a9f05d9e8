"""Register a keyboard shortcut for a skill; kept over restarts, clashes refused."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.app.operations._places import skill_named
from skills_lsp.app.operations.list_shortcuts import predefined
from skills_lsp.errors import StoreError, UsageError


@dataclass(frozen=True, slots=True)
class Params:
    """The skill and the keys, such as ``ctrl+k ctrl+g t``."""

    skill: str = ""
    """The name of the skill."""
    keys: str = ""
    """Up to four strokes, the first with a modifier or a function key."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was registered."""

    skill: str
    keys: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Register the shortcut."""
    if not params.skill or not params.keys:
        raise UsageError(
            "no-shortcut",
            'skills.registerShortcut needs a skill and keys, such as {"skill": "pytest-run", '
            '"keys": "ctrl+shift+t"}.',
        )
    skill = skill_named(app, "skills.registerShortcut", params.skill)
    store = app.store
    if store is None:
        raise StoreError("no-store", "The shortcut cannot be kept: the database is not open.")
    held = {name: keys for name, keys in predefined(app).items() if name != skill.name}
    await app.on_store_thread(store.register_shortcut, skill.name, params.keys, predefined=held)
    keys = (await app.on_store_thread(store.shortcuts)).get(skill.name, params.keys)
    return Result(skill.name, keys, f"{keys} now stands for {skill.name}.")
