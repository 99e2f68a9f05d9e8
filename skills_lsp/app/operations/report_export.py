"""Write the history to a file, as JSON or CSV; in a terminal, without a file, to standard output.

`skills-lsp import` reads both, and gives the same history.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from skills_lsp.app.app import App
from skills_lsp.app.exporting import Form, exported
from skills_lsp.app.operations.history import filters
from skills_lsp.errors import UsageError
from skills_lsp.reports.layout import nothing_sentence, plain, plural

_COMMAND = "skills.report.export"


@dataclass(frozen=True, slots=True)
class Params:
    """Where to, in which form, and which runs."""

    path: str = ""
    """The file. Without one it is made in the folder of exports, or goes to standard output in a terminal."""
    format: str = ""
    """json or csv; without it, as the file's name ends, or json."""
    overwrite: bool = False
    """Replace a file that is there."""
    skill: str = ""
    """Only the runs of one skill."""
    project: str = ""
    """Only those of one project."""
    status: str = ""
    """Only those that ended so: passed, failed, error, missing-tool, cancelled, timed-out, interrupted."""
    session: str = ""
    """Only those of one session."""
    language: str = ""
    """Only those in one language, such as python."""
    phase: str = ""
    """Only those of one workflow phase."""
    since: str = ""
    """From when, in ISO-8601, or how long back: 2026-01-31, 2026-01-31T09:30Z, 12h, 7d."""
    until: str = ""
    """Until when, in the same forms."""
    words: str = ""
    """Only those that were offered for code with these words."""


@dataclass(frozen=True, slots=True)
class Result:
    """How many runs were written, and where."""

    message: str
    path: str
    format: str
    n_uses: int
    charts: tuple[dict[str, Any], ...]
    document: str

    def markdown(self) -> str:
        """Return what was done as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Write the file."""
    form, wanted = _form(params), filters(app, params, _COMMAND)
    path = _path(app, params, form)
    pieces = exported(app, wanted, form)
    try:
        n_uses = await _write(path, pieces, is_new=not params.overwrite)
    except FileExistsError:
        raise UsageError(
            "file-exists",
            f"{path} exists.",
            "Name another file, or add --overwrite (`overwrite` in a command).",
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError("bad-path", f"{path} cannot be written: {why}.") from error
    message = f"{plural(n_uses, 'run')} written to {path}."
    if not n_uses and not wanted.is_any:
        message = f"{nothing_sentence()} The export in {path} is empty."
    shown = message.replace(str(path), f"`{plain(str(path), limit=600, code=True)}`")
    document = f"# Export\n\n{shown}\n"
    return Result(message, str(path), form.value, n_uses, (), document)


async def stream(app: App, params: Params) -> AsyncIterator[str] | None:
    """Return the pieces for standard output; None when a file is named."""
    if params.path:
        return None
    form, wanted = _form(params), filters(app, params, _COMMAND)
    return (piece async for piece, _ in exported(app, wanted, form))


def _form(params: Params) -> Form:
    given = params.format or Path(params.path).suffix.removeprefix(".").lower()
    if given in set(Form):
        return Form(given)
    if params.format:
        raise UsageError(
            "bad-format", f"{_COMMAND}: there is no format {given[:40]!r}.", "It is json or csv."
        )
    return Form.JSON


def _path(app: App, params: Params, form: Form) -> Path:
    if params.path:
        return (
            Path(app.workspace_of("") or Path.cwd()) / Path(params.path).expanduser()
        ).absolute()
    folder = app.folders.cache / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"history-{app.now():%Y%m%d-%H%M%S-%f}.{form.value}"


async def _write(path: Path, pieces: AsyncIterator[tuple[str, int]], *, is_new: bool) -> int:
    """Write beside the file and then in its place, so that nobody sees half of it."""
    if is_new and await asyncio.to_thread(path.exists):
        raise FileExistsError(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    file: IO[str] = await asyncio.to_thread(part.open, "w", encoding="utf-8", newline="")
    n_uses = 0
    try:
        async for piece, n in pieces:
            await asyncio.to_thread(file.write, piece)
            n_uses += n
        await asyncio.to_thread(file.close)
        await asyncio.to_thread(part.replace, path)
    finally:
        file.close()
        await asyncio.to_thread(part.unlink, missing_ok=True)
    return n_uses
