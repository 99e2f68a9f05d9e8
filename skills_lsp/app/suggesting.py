"""From a place in an open document to ranked suggestions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.app.app import App
from skills_lsp.app.document import Document
from skills_lsp.domain.context import Context, Memory
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.ide.candidates import candidates
from skills_lsp.ide.context import Place, context_at, plain_context
from skills_lsp.ide.order import order
from skills_lsp.text import Point, Span

STRATEGY = "patterns"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A ranked list with what it was made from. ``blocked`` says why some cannot run here."""

    context: Context
    suggestions: list[Suggestion]
    blocked: dict[str, str]
    memory: Memory
    offer: str


def suggest(
    app: App,
    document: Document,
    cursor: Point,
    selection: Span | None = None,
    limit: int | None = None,
    is_wanted: Callable[[Suggestion], bool] | None = None,
) -> Suggested:
    """Return the suggestions for a place: all are ranked, then cut.

    Those that are not wanted go before the cut, so that they take nobody's place.
    Never waits: what the background has not found out yet is left out of the score.
    """
    document.prepare()
    place = place_of(app, document.uri, document.path)
    if document.source is None:
        context = plain_context(place, document.language_id, document.buffer.clamp(cursor))
    else:
        context = context_at(document.source, place, cursor, selection, document.file_findings())
    knowledge = app.knowledge
    memory = knowledge.memory(place.project, context.language)
    availability = knowledge.availability(document.path)
    disabled = frozenset(app.settings.disabled_skills) | availability.unfit
    found = candidates(
        context,
        knowledge.catalogue,
        knowledge.text_scores(context.query),
        memory,
        disabled,
    )
    ranked = order(found, context, memory, availability.blocked)
    kept = [it for it in ranked if it.confidence >= app.settings.min_confidence]
    if is_wanted is not None:
        kept = [it for it in kept if is_wanted(it)]
    kept = kept[: limit or app.settings.max_suggestions]
    blocked = {
        it.skill.name: availability.blocked[it.skill.name]
        for it in kept
        if it.skill.name in availability.blocked
    }
    app.last_place = (document.uri, context.cursor, context.selection)
    offer = app.offers.add(kept, context.query, STRATEGY)
    return Suggested(context, kept, blocked, memory, offer)


def place_of(app: App, uri: str, path: str) -> Place:
    """Return which file of which project a document is."""
    workspace = app.workspace_of(path)
    return Place(uri, path, workspace, Path(workspace).name if workspace else "")
