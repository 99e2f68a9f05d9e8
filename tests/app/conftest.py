"""A started application for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.session import Session


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    made = await Session(tmp_path).start()
    yield made
    await made.app.stop()
