"""From a place in an open document to ranked suggestions."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from skills_lsp.app.app import App
from skills_lsp.app.client import Mark
from skills_lsp.app.document import Document
from skills_lsp.app.offers import Showing
from skills_lsp.domain.context import Context, Memory
from skills_lsp.domain.finding import Finding
from skills_lsp.domain.foresight import NO_FORESIGHT, WORKFLOW_AWARE
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.ide.candidates import candidates
from skills_lsp.ide.context import Place, context_at, plain_context
from skills_lsp.ide.exploring import as_ranked
from skills_lsp.ide.order import DEFAULT_WEIGHTS, Weights, order
from skills_lsp.text import Point, Span

FAILED_RUN = "failed-run"
"""The pattern of what a run reported and nothing has cleared since."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A ranked list with what it was made from. ``blocked`` says why some cannot run here."""

    context: Context
    suggestions: list[Suggestion]
    blocked: dict[str, str]
    memory: Memory
    offer: str
    strategy: str
    weights: Weights
    step: str  # the skill that most likely comes next after the run that has just ended


def suggest(
    app: App,
    document: Document,
    cursor: Point,
    selection: Span | None = None,
    limit: int | None = None,
    is_wanted: Callable[[Suggestion], bool] | None = None,
    *,
    is_explained: bool = False,
    showing: Showing = Showing.NONE,
) -> Suggested:
    """Return the suggestions for a place: all are ranked, then cut.

    Those that are not wanted go before the cut, so that they take nobody's place.
    Never waits: what the background has not found out yet is left out of the score.
    ``is_explained`` adds reasons that take longer than a suggestion may; ``showing`` says whether the
    list is for the user's eyes, so that it is learned from.
    """
    document.prepare()
    place = place_of(app, document.uri, document.path)
    if document.source is None:
        context = plain_context(place, document.language_id, document.buffer.clamp(cursor))
    else:
        context = context_at(document.source, place, cursor, selection, document.file_findings())
    context = with_failures(context, app.problems.marks(document.path))
    knowledge = app.knowledge
    memory = knowledge.memory(place.project, context.language)
    availability = knowledge.availability(document.path)
    disabled = frozenset(app.settings.disabled_skills) | availability.unfit
    strategy = app.strategy_for("")
    learning = app.learning if strategy == WORKFLOW_AWARE else None
    following = learning.following(context) if learning is not None else {}
    found = candidates(
        context,
        knowledge.catalogue,
        knowledge.text_scores(context.query),
        memory,
        disabled,
        following,
    )
    weights, foresight = DEFAULT_WEIGHTS, NO_FORESIGHT
    if learning is not None:
        weights = learning.weights(strategy)
        foresight = learning.foresight(context, found, following, is_explained=is_explained)
    ranked = order(found, context, memory, availability.blocked, weights, foresight)
    step = learning.next_step(context) if learning is not None else ""
    least = app.settings.min_confidence
    kept = [it for it in ranked if it.confidence >= least or it.skill.name == step]
    if is_wanted is not None:
        kept = [it for it in kept if is_wanted(it)]
    kept.sort(key=lambda it: it.skill.name != step)  # the rest stays as it is
    kept = kept[: limit or app.settings.max_suggestions]
    shown = as_ranked(kept)
    if showing is not Showing.NONE and app.learning is not None:
        shown = app.learning.explored(kept, document.uri, context, availability.blocked, step)
    kept = [replace(it, rank=place) for place, it in enumerate(shown.suggestions, 1)]
    blocked = {
        it.skill.name: availability.blocked[it.skill.name]
        for it in kept
        if it.skill.name in availability.blocked
    }
    app.last_place = (document.uri, context.cursor, context.selection)
    offer = app.offers.add(kept, context.query, strategy, document.uri)
    if app.learning is not None:
        app.learning.shown(offer, shown, context, strategy, showing)
    return Suggested(context, kept, blocked, memory, offer, strategy, weights, step)


def with_failures(context: Context, marks: list[Mark]) -> Context:
    """Return the context with what the last runs reported in the same definition."""
    symbol = context.symbol
    first = last = context.cursor.line
    if symbol is not None:
        first, last = symbol.span.start.line, symbol.span.end.line
    failures = tuple(
        Finding(FAILED_RUN, "runs", mark.span, mark.skill, mark.message.partition("\n")[0])
        for mark in marks
        if mark.span.touches_lines(first, last)
    )
    return replace(context, findings=(*context.findings, *failures)) if failures else context


def place_of(app: App, uri: str, path: str) -> Place:
    """Return which file of which project a document is."""
    return Place(uri, path, app.workspace_of(path), app.project_of(path))
