import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # importlib mode leaves it out

from store_support import Clock, Told, open_store


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "skills" / "skills.db"


@pytest.fixture
def store(path, told, clock):
    opened = open_store(path, told, clock)
    yield opened
    opened.close()
