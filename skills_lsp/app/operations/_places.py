"""Places named by arguments: an open document, a file on disk, the last place shown."""

import asyncio
from pathlib import Path

from skills_lsp.app.app import App
from skills_lsp.app.document import Document, path_of
from skills_lsp.domain.skill import Skill
from skills_lsp.errors import UsageError
from skills_lsp.projects import project_of
from skills_lsp.text import Point, Span

_MAX_FILE_BYTES = 8_000_000


async def place(
    app: App,
    command: str,
    uri: str,
    line: int,
    character: int,
    end: tuple[int, int] | None = None,
) -> tuple[Document, Point, Span | None]:
    """Return the document, cursor and selection that the arguments name.

    Lines and characters are LSP's, from 0, in the negotiated encoding. Without a URI it is where
    suggestions were last asked for.
    """
    if not uri:
        if app.last_place is None or app.last_place[0] not in app.documents:
            raise UsageError(
                "no-place",
                f"{command} needs a place: a uri and a line.",
                "Put the cursor into a file and ask for code actions first.",
            )
        last_uri, cursor, selection = app.last_place
        return app.documents[last_uri], cursor, selection
    document = app.documents.get(uri) or await _from_disk(app, uri)
    cursor = document.buffer.point_at(line, character, app.encoding)
    selection = None
    if end is not None:
        selection = Span(*sorted((cursor, document.buffer.point_at(*end, app.encoding))))
    return document, cursor, selection


def skill_named(app: App, command: str, name: str) -> Skill:
    """Return a skill of the catalogue."""
    skill = app.knowledge.catalogue.by_name.get(name)
    if skill is None:
        from difflib import get_close_matches  # noqa: PLC0415 - only for this sentence

        near = get_close_matches(name, app.knowledge.catalogue.by_name, 1)
        hint = f"Did you mean {near[0]}?" if near else "skills.listSkills lists all."
        raise UsageError("unknown-skill", f"{command}: there is no skill {name!r}.", hint)
    return skill


async def _from_disk(app: App, uri: str) -> Document:
    path = path_of(uri)
    if not path:
        raise UsageError("unknown-document", f"The document {uri} is not open.")
    try:
        data = await asyncio.to_thread(_read, path)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise UsageError("unknown-file", f"Cannot read {path}: {reason}.") from error
    text = data.decode("utf-8-sig", "replace")
    workspace = app.workspace_of(path)
    document = Document(uri, "", None, text, workspace, project_of(path, workspace))
    await app.meet(document)
    return document


def _read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(_MAX_FILE_BYTES)
