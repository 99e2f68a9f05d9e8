"""``textDocument/hover``."""

from typing import TYPE_CHECKING

from lsprotocol import types

from skills_lsp.app.suggesting import suggest
from skills_lsp.ide.fixes import hover as hover_fixes
from skills_lsp.ide.hover import findings_at, hover_markdown
from skills_lsp.server import from_lsp, to_lsp
from skills_lsp.server.answers import answered_now

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer


def register(server: "SkillsServer") -> None:
    """Register the handler."""
    app = server.app

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    @answered_now
    def hover(params: types.HoverParams) -> types.Hover | None:
        document = app.documents.get(params.text_document.uri)
        if document is None or not app.settings.hover:
            return None
        cursor = from_lsp.point(params.position, document.buffer, app.encoding)
        suggested = suggest(app, document, cursor)
        context = suggested.context
        here = findings_at((*context.findings, *context.file_findings), cursor)
        text = hover_markdown(here, suggested.suggestions, suggested.memory)
        at_hand = [it for it in app.problems.marks(document.path) if it.span.contains(cursor)]
        advised = [(it.code or it.skill, app.fixes.advice_for(it)) for it in at_hand]
        learned = hover_fixes([(name, it) for name, it in advised if it is not None])
        text = "\n\n".join(filter(None, (text, learned)))
        if not text:
            return None
        kind = types.MarkupKind.Markdown
        if not server.profile.markdown_hover:
            kind, text = types.MarkupKind.PlainText, text.replace("**", "").replace("\\", "")
        span = here[0].span if here else at_hand[0].span
        range_ = to_lsp.range_(span, document.buffer.lines, app.encoding)
        return types.Hover(types.MarkupContent(kind, text), range_)
