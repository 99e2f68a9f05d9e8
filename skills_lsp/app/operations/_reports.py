"""Reports shown to a person who asked without arguments."""

import asyncio

from skills_lsp.app.app import App
from skills_lsp.app.client import Level
from skills_lsp.app.documents import write_document


async def show_report(app: App, name: str, markdown: str) -> str:
    """Open a report in the editor, or say where it is; return its path."""
    folder = app.folders.reports
    try:
        path = await asyncio.to_thread(write_document, folder, name, markdown, app.now())
    except OSError as error:
        app.client.show(
            f"The report could not be written to {folder}: {error.strerror}.", Level.ERROR
        )
        return ""
    if not await app.client.open_document(path):
        app.client.show(f"The report is in {path}.")
    return str(path)
