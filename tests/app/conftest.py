"""A started application for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.session import Session


@pytest.fixture
async def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Session]:
    # Our own plugins take each run of a test project three times as long.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    made = await Session(tmp_path).start()
    yield made
    await made.app.stop()
