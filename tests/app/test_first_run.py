"""What is asked of the store while it is still being opened."""

import asyncio
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from skills_lsp.app.app import App
from skills_lsp.app.client import Client
from skills_lsp.app.folders import Folders
from skills_lsp.errors import StoreError
from skills_lsp.store import Store


def folders_in(root: Path) -> Folders:
    return Folders(root, root / "config", root / "data", root / "cache")


async def test_a_run_that_comes_before_the_database_is_open_is_kept(tmp_path: Path):
    app = App(MagicMock(spec=Client), folders_in(tmp_path))
    opening = asyncio.create_task(app.open_store())
    await asyncio.sleep(0)  # the opening has begun, and goes on in its own thread

    assert app.store is None
    assert await app.stored(lambda store: store is not None, otherwise=False)
    await opening
    await app.stop()


async def test_a_database_that_cannot_be_opened_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_args: object, **_options: object) -> Store:
        raise StoreError("no-database", "The database cannot be opened.")

    monkeypatch.setattr(Store, "open", refuse)
    app = App(MagicMock(spec=Client), folders_in(tmp_path))
    opening = asyncio.create_task(app.open_store())
    await asyncio.sleep(0)

    assert await app.stored(lambda _store: "stored", "went on") == "went on"
    await opening
    await app.stop()
