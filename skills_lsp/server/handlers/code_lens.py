"""``textDocument/codeLens`` and its resolve."""

from typing import TYPE_CHECKING

from lsprotocol import types

from skills_lsp.ide.lenses import lens_title, lenses
from skills_lsp.server import to_lsp
from skills_lsp.server.answers import answered_now

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer


def register(server: "SkillsServer") -> None:
    """Register the handlers."""
    app = server.app

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())
    @answered_now
    def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        # Shown by Neovim 0.10 and lsp-mode, which do not announce it: never ask for the capability.
        document = app.documents.get(params.text_document.uri)
        if document is None or not app.settings.code_lens or not document.path:
            return []
        knowledge = app.knowledge
        availability = knowledge.availability(document.path)
        skills = [
            skill
            for skill in knowledge.catalogue.skills
            if document.language in skill.languages and skill.name not in availability.unfit
        ]
        runs = app.last_runs.get(document.path, {})
        lines, uri = document.buffer.lines, document.uri
        made = []
        for lens in lenses(document.last_look(), skills, availability.blocked, runs):
            range_ = to_lsp.range_(lens.span, lines, app.encoding)
            arguments = to_lsp.run_arguments(lens.skill, uri, range_.start, None, "")
            command = types.Command(lens.title, to_lsp.RUN, arguments=[arguments])
            data = {**arguments, "what": lens.what, "path": document.path, "test_id": lens.test_id}
            made.append(types.CodeLens(_from_its_line(range_, lines), command, data))
        return made

    @server.feature(types.CODE_LENS_RESOLVE)
    @answered_now
    def resolve(lens: types.CodeLens) -> types.CodeLens:
        """Give a lens that a client stripped of its command the newest title."""
        data = lens.data if isinstance(lens.data, dict) else {}
        if data.get("skill") in app.knowledge.catalogue.by_name:
            runs = app.last_runs.get(str(data.get("path")), {})
            title = lens_title(str(data.get("what")), runs.get(str(data.get("test_id"))))
            arguments = {it: data.get(it) for it in ("skill", "uri", "line", "character")}
            lens.command = types.Command(title, to_lsp.RUN, arguments=[arguments])
        return lens


def _from_its_line(range_: types.Range, lines: list[str]) -> types.Range:
    """Begin where the line does: Neovim indents a lens as far as its range, to the definition."""
    line = lines[range_.start.line]
    indentation = len(line) - len(line.lstrip(" \t"))
    return types.Range(types.Position(range_.start.line, indentation), range_.end)
