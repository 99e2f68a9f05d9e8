"""From our words to LSP's: the only place, with ``from_lsp``, that knows both."""

from collections.abc import Sequence
from typing import Any

from lsprotocol import types

from skills_lsp.app.client import Mark
from skills_lsp.domain.invocation import Severity
from skills_lsp.ide.actions import Action
from skills_lsp.ide.fixes import Fix
from skills_lsp.server.profile import ClientProfile
from skills_lsp.text import Encoding, Point, Span, unit_column

SOURCE = "skills-lsp"
RUN = "skills.run"
APPLY_FIX = "skills.fix.apply"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


def source_of(skill: str) -> str:
    """Return what a diagnostic says of where it comes from."""
    return f"{SOURCE} ({skill})"


def position(point: Point, lines: Sequence[str], encoding: Encoding) -> types.Position:
    """Return a point as a position, always one that lies in the text."""
    line = min(point.line, len(lines) - 1)
    column = point.column if line == point.line else 2**31
    return types.Position(line, unit_column(lines[line], column, encoding))


def range_(span: Span, lines: Sequence[str], encoding: Encoding) -> types.Range:
    """Return a span as a range."""
    return types.Range(position(span.start, lines, encoding), position(span.end, lines, encoding))


def diagnostic(mark: Mark, lines: Sequence[str], profile: ClientProfile) -> types.Diagnostic:
    """Return a mark as a diagnostic."""
    description = None
    if mark.url.startswith("https://") and profile.diagnostic_code_description and mark.code:
        description = types.CodeDescription(mark.url)
    return types.Diagnostic(
        range=range_(mark.span, lines, profile.encoding),
        message=mark.message,
        severity=_SEVERITIES[mark.severity],
        code=mark.code or None,
        code_description=description,
        source=source_of(mark.skill),
    )


def run_arguments(
    skill: str, uri: str, cursor: types.Position, selection: types.Range | None, offer: str
) -> dict[str, Any]:
    """Return the one argument of ``skills.run``."""
    arguments = {"skill": skill, "uri": uri, "line": cursor.line, "character": cursor.character}
    if selection is not None:
        arguments["end_line"] = selection.end.line
        arguments["end_character"] = selection.end.character
    if offer:
        arguments["offer"] = offer
    return arguments


def fix_arguments(fix: Fix, check: str, uri: str, cursor: Point) -> dict[str, Any]:
    """Return the one argument of ``skills.fix.apply``."""
    return {"skill": fix.strategy, "uri": uri, "line": cursor.line, "check": check}


def fix_action(
    fix: Fix, arguments: dict[str, Any], diagnostics: list[types.Diagnostic]
) -> types.CodeAction:
    """Return what helped against a problem as its quick fix."""
    return types.CodeAction(
        title=fix.title,
        kind=types.CodeActionKind.QuickFix,
        command=types.Command(fix.title, APPLY_FIX, arguments=[arguments]),
        diagnostics=diagnostics or None,
    )


def code_action(
    action: Action,
    uri: str,
    cursor: types.Position,
    selection: types.Range | None,
    offer: str,
    profile: ClientProfile,
) -> types.CodeAction | types.Command:
    """Return an entry of the menu.

    Only a client that says it can resolve the command gets it later: eglot 1.9 and ALE do nothing,
    silently, with an action that is not whole. A client without literals (``codeActionLiteralSupport``) gets the bare command.
    """
    arguments = run_arguments(action.suggestion.skill.name, uri, cursor, selection, offer)
    command = types.Command(action.title, RUN, arguments=[arguments])
    if not profile.action_literals:
        return command
    if action.disabled:
        disabled = types.CodeActionDisabled(action.disabled)
        return types.CodeAction(action.title, kind=action.kind, disabled=disabled)
    if "command" in profile.action_resolve and profile.action_data:
        return types.CodeAction(action.title, kind=action.kind, data=arguments)
    return types.CodeAction(action.title, kind=action.kind, command=command)
