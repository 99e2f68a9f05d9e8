"""``textDocument/codeAction`` and its resolve."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from skills_lsp.app.document import Document
from skills_lsp.app.offers import Showing
from skills_lsp.app.suggesting import Suggested, suggest
from skills_lsp.ide.actions import KINDS, QUICK_FIX, actions, could_answer, is_wanted, kind_of
from skills_lsp.ide.fixes import fixes
from skills_lsp.server import from_lsp, to_lsp
from skills_lsp.server.answers import answered_now
from skills_lsp.text import Point

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer

_MAX_FIXES = 3


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
        showing = _showing(params.context.trigger_kind)
        suggested = suggest(app, document, cursor, selection, is_wanted=wanted, showing=showing)
        wants_fixes = only is None or is_wanted(QUICK_FIX, only)
        again = _rerun(server, document, cursor, params) if wants_fixes else []
        learned = _fixes(server, document, cursor, params) if wants_fixes else []
        offered = _offered(server, suggested, only, params)
        n_first = 1 if suggested.step and offered else 0  # what comes next stands first
        return [*offered[:n_first], *learned, *again, *offered[n_first:]]

    @server.feature(types.CODE_ACTION_RESOLVE)
    @answered_now
    def resolve(action: types.CodeAction) -> types.CodeAction:
        """Fill in the command, which clients that can resolve it are not sent before."""
        if action.command is None and isinstance(action.data, dict) and "skill" in action.data:
            action.command = types.Command(action.title, to_lsp.RUN, arguments=[action.data])
        return action


def _showing(trigger: types.CodeActionTriggerKind | None) -> Showing:
    """Say whether the user opened the menu; who does not say so asks only then."""
    is_automatic = trigger == types.CodeActionTriggerKind.Automatic
    return Showing.LOOKED if is_automatic else Showing.OPENED


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
    for action in actions(suggested.suggestions, only, suggested.blocked, suggested.step):
        # Clients without disabledSupport run what is sent as disabled.
        if action.disabled and not profile.action_disabled:
            continue
        made.append(to_lsp.code_action(action, uri, cursor, range_, suggested.offer, profile))
    return made


def _fixes(
    server: "SkillsServer", document: Document, cursor: Point, params: types.CodeActionParams
) -> list[Any]:
    """Offer what helped against problems like those on the cursor's line."""
    app = server.app
    made: dict[str, types.CodeAction] = {}
    blocked = app.knowledge.availability(document.path).blocked if document.path else {}
    marks = app.problems.marks(document.path) if server.profile.action_literals else []
    for mark in (it for it in marks if it.span.touches_lines(cursor.line, cursor.line)):
        advice = app.fixes.advice_for(mark)
        if advice is None:
            continue
        runnable = app.knowledge.catalogue.by_name.keys() - blocked.keys()
        source = to_lsp.source_of(mark.skill)
        ours = [it for it in params.context.diagnostics if it.source == source]
        for fix in fixes(advice.recommendation, runnable):
            arguments = to_lsp.fix_arguments(fix, mark.skill, document.uri, cursor)
            made.setdefault(fix.title, to_lsp.fix_action(fix, arguments, ours))
    return [*made.values()][:_MAX_FIXES]


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
