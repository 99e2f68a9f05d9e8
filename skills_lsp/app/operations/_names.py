"""Names of skills that a user gave."""

from difflib import get_close_matches

from skills_lsp.app.app import App
from skills_lsp.errors import UsageError
from skills_lsp.store import usage


async def unknown_skill(app: App, name: str) -> UsageError:
    """Return the error for a name that is no skill's, neither used nor known."""
    none: list[str] = []
    used = await app.stored(lambda store: store.query(usage.skill_names, none), none)
    near = get_close_matches(name, {*used, *app.knowledge.catalogue.by_name}, 1)
    hint = f"Did you mean {near[0]}?" if near else "`skills-lsp report overview` has those in use."
    shown = name if len(name) <= _MAX_SHOWN else f"{name[:_MAX_SHOWN]}…"
    return UsageError("unknown-skill", f"There is no skill {shown!r}.", hint)


_MAX_SHOWN = 80
