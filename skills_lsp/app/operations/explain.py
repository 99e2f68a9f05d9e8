"""Explain the order of the suggestions for a place: every part of every score."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations.suggest import Params, first_sentence, suggested_at
from skills_lsp.ide.explain import context_json, explanation_markdown, parts_json, suggestion_json


@dataclass(frozen=True, slots=True)
class Result:
    """The suggestions with their parts, and the same as a document."""

    context: dict[str, Any]
    suggestions: tuple[dict[str, Any], ...]
    message: str
    document: str

    def markdown(self) -> str:
        """Return the explanation as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the scores with their parts."""
    suggested = await suggested_at(app, "skills.explain", params)
    explained = tuple(
        {**suggestion_json(it), "parts": parts_json(it)} for it in suggested.suggestions
    )
    document = explanation_markdown(
        suggested.context, suggested.suggestions, suggested.memory, suggested.blocked
    )
    return Result(context_json(suggested.context), explained, first_sentence(suggested), document)
