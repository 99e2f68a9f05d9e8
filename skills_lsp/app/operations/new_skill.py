"""Write a good start for a skill of the project, and open it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.app.app import App
from skills_lsp.app.document import path_of
from skills_lsp.errors import UsageError
from skills_lsp.skills import template
from skills_lsp.skills.collection import PROJECT_FOLDER


@dataclass(frozen=True, slots=True)
class Params:
    """Its name and kind, and a document of the project it is for."""

    name: str = ""
    """The name: lower-case letters, digits and single hyphens, like pytest-run."""
    kind: str = "command"
    """What it does: command, which runs a program, or agent, which has instructions for one."""
    uri: str = ""
    """A document of the workspace folder that it shall be in; empty for the first folder."""


@dataclass(frozen=True, slots=True)
class Result:
    """The file that was written."""

    path: str
    message: str


async def op(app: App, params: Params) -> Result:
    """Write the file; one that is there is never written over."""
    if not params.name:
        raise UsageError("no-name", "skills.newSkill needs a name, such as check-links.")
    text = template(params.name, params.kind)
    folder = app.workspace_of(path_of(params.uri) if params.uri else "")
    if not folder:
        raise UsageError("no-folder", "A project's skill needs a folder.", "Open a folder first.")
    path = Path(folder, PROJECT_FOLDER, f"{params.name}.toml")
    try:
        await asyncio.to_thread(_write, path, text)
    except FileExistsError:
        raise UsageError("exists", f"{path} exists already.", "Choose another name.") from None
    except OSError as error:
        raise UsageError("not-written", f"{path} cannot be written: {error.strerror}.") from error
    await app.client.open_document(path)
    return Result(str(path), f"Wrote {path}.")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
