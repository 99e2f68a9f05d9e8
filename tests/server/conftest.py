"""Sessions with real server processes; none outlives its test, and none touches the user's home."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.raw_client import RawClient

Connect = Callable[..., RawClient]


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Connect]:
    """Return a function that starts a server with a home of its own."""
    clients: list[RawClient] = []

    def start(**options: Any) -> RawClient:
        home = options.pop("home", tmp_path / f"home-{len(clients)}")
        clients.append(RawClient(home, **options))
        return clients[-1]

    yield start
    for client in clients:
        client.kill()


@pytest.fixture(scope="module")
def connect_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connect]:
    """Return the same for servers that a whole module shares."""
    clients: list[RawClient] = []

    def start(**options: Any) -> RawClient:
        clients.append(RawClient(tmp_path_factory.mktemp("home"), **options))
        return clients[-1]

    yield start
    for client in clients:
        client.kill()
