"""``textDocument/codeAction`` and its resolve."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from skills_lsp.app.document import Document
from skills_lsp.app.suggesting import Suggested, suggest
from skills_lsp.ide.actions import KINDS, QUICK_FIX, actions, could_answer, is_wanted, kind_of
from skills_lsp.server import from_lsp, to_lsp
from skills_lsp.server.answers import answered_now
from skills_lsp.text import Point

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer


def register(server: "SkillsServer") -> None:
    """Register the handlers."""
    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=False)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    @answered_now
    def code_action(params: types.CodeActionParams) -> list[Any]:
        only = None
        if params.context.only is not None:
            only = [str(getattr(kind, "value", kind)) for kind in params.context.only]
        # At save time editors ask for source.* and wait: answered before anything is looked at.
        if not could_answer(only):
            return []
        app = server.app
        document = app.documents.get(params.text_document.uri)
        if document is None:
            return []
        buffer = document.buffer
        cursor = from_lsp.point(params.range.start, buffer, app.encoding)
        selection = from_lsp.selection(params.range, buffer, app.encoding)
        wanted = None if only is None else lambda it: is_wanted(kind_of(it), only)
        suggested = suggest(app, document, cursor, selection, is_wanted=wanted)
        wants_fixes = only is None or is_wanted(QUICK_FIX, only)
        again = _rerun(server, document, cursor, params) if wants_fixes else []
        return [*again, *_offered(server, suggested, only, params)]

    @server.feature(types.CODE_ACTION_RESOLVE)
    @answered_now
    def resolve(action: types.CodeAction) -> types.CodeAction:
        """Fill in the command, which clients that can resolve it are not sent before."""
        if action.command is None and isinstance(action.data, dict) and "skill" in action.data:
            action.command = types.Command(action.title, to_lsp.RUN, arguments=[action.data])
        return action


def _offered(
    server: "SkillsServer",
    suggested: Suggested,
    only: list[str] | None,
    params: types.CodeActionParams,
) -> list[Any]:
    profile = server.profile
    made = []
    lines = server.app.documents[suggested.context.uri].buffer.lines
    cursor = to_lsp.position(suggested.context.cursor, lines, profile.encoding)
    selection = suggested.context.selection
    range_ = to_lsp.range_(selection, lines, profile.encoding) if selection else None
    uri = params.text_document.uri
    for action in actions(suggested.suggestions, only, suggested.blocked):
        # Clients without disabledSupport run what is sent as disabled.
        if action.disabled and not profile.action_disabled:
            continue
        made.append(to_lsp.code_action(action, uri, cursor, range_, suggested.offer, profile))
    return made


def _rerun(
    server: "SkillsServer", document: Document, cursor: Point, params: types.CodeActionParams
) -> list[Any]:
    """Offer to run again what reported a problem on the cursor's line.

    By the line, and not by the diagnostics of the request: Helix and others send only those that
    the cursor's column touches.
    """
    app = server.app
    if app.last_run is None or not server.profile.action_literals:
        return []
    skill = app.last_run.skill.name
    marks = app.problems.marks(document.path)
    if not any(it.skill == skill and it.span.touches_lines(*[cursor.line] * 2) for it in marks):
        return []
    title = f"Run {skill} again"
    ours = [it for it in params.context.diagnostics if it.source == to_lsp.source_of(skill)]
    return [
        types.CodeAction(
            title=title,
            kind=types.CodeActionKind.QuickFix,
            command=types.Command(title, "skills.rerunLast", arguments=[]),
            diagnostics=ours or None,
        )
    ]
