"""Suggest skills for a place, best first, with the reasons."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations._places import place
from skills_lsp.app.suggesting import Suggested, suggest
from skills_lsp.errors import UsageError
from skills_lsp.ide.explain import context_json, suggestion_json


@dataclass(frozen=True, slots=True)
class Params:
    """The place (by default the last one shown) and how many."""

    uri: str = ""
    """The document; empty for the place where suggestions were last asked for."""
    line: int = 0
    """The line, from 0."""
    character: int = 0
    """The character in the line, from 0, in the position encoding of the session."""
    limit: int = 0
    """How many at most; 0 for the setting maxSuggestions."""


@dataclass(frozen=True, slots=True)
class Result:
    """The context that was seen and the suggestions for it."""

    context: dict[str, Any]
    suggestions: tuple[dict[str, Any], ...]
    message: str

    def markdown(self) -> str:
        """Return the suggestions as a list."""
        lines = [self.message, ""]
        for it in self.suggestions:
            why = "; ".join(it["reasons"])
            lines.append(f"{it['rank']}. **{it['title']}** ({it['confidence']:.2f}) {why}")
        return "\n".join(lines) + "\n"


async def op(app: App, params: Params) -> Result:
    """Return what fits the place."""
    suggested = await suggested_at(app, "skills.suggest", params)
    found = tuple(suggestion_json(it) for it in suggested.suggestions)
    return Result(context_json(suggested.context), found, first_sentence(suggested))


async def suggested_at(
    app: App, command: str, params: Any, *, is_explained: bool = False
) -> Suggested:
    """Return the suggestions that the parameters ask for."""
    if params.limit < 0:
        raise UsageError("bad-limit", f"{command}: limit must be 0 or more, not {params.limit}.")
    document, cursor, selection = await place(
        app, command, params.uri, params.line, params.character
    )
    limit = params.limit or None
    return suggest(app, document, cursor, selection, limit, is_explained=is_explained)


def first_sentence(suggested: Suggested) -> str:
    """Return one sentence that says what came out."""
    where = f"line {suggested.context.cursor.line + 1}"
    n_found = len(suggested.suggestions)
    if not n_found:
        return f"Nothing fits {where}."
    best = suggested.suggestions[0]
    noun = "suggestion" if n_found == 1 else "suggestions"
    return f"{n_found} {noun} for {where}; the best is {best.skill.name}."
