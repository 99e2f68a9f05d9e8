"""List the keyboard shortcuts: those that skills suggest and those that the user registered."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.ide.plain_text import one_line
from skills_lsp.text.markdown import table


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class Result:
    """Keys by skill name; the user's own stand above the predefined."""

    shortcuts: dict[str, str]
    registered: tuple[str, ...]
    message: str

    def markdown(self) -> str:
        """Return the shortcuts as a table."""
        cells = [
            (f"`{one_line(keys)}`", name, "you" if name in self.registered else "the skill")
            for name, keys in self.shortcuts.items()
        ]
        shown = table(("keys", "skill", "set by"), cells)
        return f"# Shortcuts\n\n{self.message}\n\n{shown}\n"


async def op(app: App, _params: Params) -> Result:
    """Return all shortcuts."""
    nothing: dict[str, str] = {}
    registered = await app.stored(lambda store: store.shortcuts(), nothing)
    every = {**predefined(app), **registered}
    ordered = dict(sorted(every.items()))
    message = (
        f"{len(ordered)} shortcuts. A language server cannot bind keys: the VS Code and Neovim "
        "clients do, and other editors bind the command skills.run."
    )
    return Result(ordered, tuple(sorted(registered)), message)


def predefined(app: App) -> dict[str, str]:
    """Return the shortcuts that skills bring themselves."""
    return {it.name: it.shortcut for it in app.knowledge.catalogue.skills if it.shortcut}
