"""Explain the order of the suggestions for a place: every part of every score."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations.suggest import Params, first_sentence, suggested_at
from skills_lsp.app.suggesting import Suggested
from skills_lsp.ide.explain import (
    Ranking,
    context_json,
    explanation_markdown,
    parts_json,
    suggestion_json,
)


@dataclass(frozen=True, slots=True)
class Result:
    """The suggestions with their parts, and the same as a document."""

    context: dict[str, Any]
    suggestions: tuple[dict[str, Any], ...]
    ranking: dict[str, Any]
    message: str
    document: str

    def markdown(self) -> str:
        """Return the explanation as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the scores with their parts."""
    suggested = await suggested_at(app, "skills.explain", params, is_explained=True)
    explained = tuple(
        {**suggestion_json(it), "parts": parts_json(it)} for it in suggested.suggestions
    )
    ranking = _ranking(app, suggested)
    document = explanation_markdown(
        suggested.context, suggested.suggestions, suggested.memory, suggested.blocked, ranking
    )
    return Result(
        context_json(suggested.context),
        explained,
        ranking.data(),
        first_sentence(suggested),
        document,
    )


def _ranking(app: App, suggested: Suggested) -> Ranking:
    learning = app.learning
    if learning is None:
        return Ranking(suggested.strategy, suggested.weights)
    return Ranking(
        suggested.strategy,
        suggested.weights,
        learning.trust,
        learning.learner.next_skill.n_events,
        learning.n_picks,
        suggested.step,
    )
