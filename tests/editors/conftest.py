"""One session for each test: its own project, home and database, and no process left behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    it = Session(tmp_path)
    it.prepare()
    yield it
    left = it.left_behind()
    assert not left, f"still running after the editor has ended: {left}"
