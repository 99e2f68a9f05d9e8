"""Every report opens in a plain client, without any plugin."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from skills_lsp.app.operations import table
from tests.app.planted import fill, history
from tests.server.profiles import Editor, eglot_1_9, vscode
from tests.server.pytest_lsp_client import Editing, editing

REPORTS = [it.command for it in table().values() if it.is_report]


@pytest.mark.parametrize("editor", [vscode, eglot_1_9])
async def test_every_report_opens_or_says_where_it_is(
    tmp_path: Path, editor: Callable[[], Editor]
) -> None:
    home, folder = tmp_path / "home", tmp_path / "project"
    folder.mkdir()
    (home / "data").mkdir(parents=True)
    fill(home / "data" / "skills.db", history(n_rows=1_000)[0])
    async with editing(editor(), folder, home) as at:
        for report in REPORTS:
            data = await at.command(report)
            assert data["message"], report
            page = opened(at).read_text("utf-8")
            assert page.startswith("# "), report
            assert page.count("\n") > 1, report
        answer = await at.command(REPORTS[0], {})
        assert answer["message"]
        assert not at.client.shown_documents  # a program asked, for its data


def opened(at: Editing) -> Path:
    """Return the document that was opened, or of which the editor was told where it is."""
    if at.client.shown_documents:
        return Path(unquote(urlsplit(at.client.shown_documents.pop().uri).path))
    told = [it.message for it in at.client.messages if it.message.startswith("The report is in ")]
    at.client.messages.clear()
    return Path(told[-1].removeprefix("The report is in ").removesuffix("."))
