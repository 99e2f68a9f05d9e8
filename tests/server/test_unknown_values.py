"""Values that no version of the protocol knows, in every place of ``initialize``.

pygls by itself never answers such a message, and the editor waits for ever.
"""

import asyncio
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from skills_lsp.app.folders import Folders
from skills_lsp.server.server import SkillsServer
from tests.server.conftest import Connect
from tests.server.profiles import vscode
from tests.server.raw_client import without_offers

URI = "file:///nowhere/test_a.py"
CAPABILITIES = vscode().capabilities
UNKNOWN: list[Any] = ["unheard-of", 987_654, None, {"x": 1}, [[1]]]
Path_ = tuple[str | int, ...]


def values(of: Any, above: Path_ = ()) -> list[Path_]:
    """Return the places of all values below a value."""
    items = of.items() if isinstance(of, dict) else enumerate(of)
    found: list[Path_] = []
    for key, value in items:
        found.append((*above, key))
        if isinstance(value, (dict, list)):
            found += values(value, (*above, key))
    return found


def at_path(whole: Any, path: Path_) -> Any:
    for key in path:
        whole = whole[key]
    return whole


def changed(path: Path_, value: Any) -> Any:
    """Return the capabilities with another value at a place."""
    copy = deepcopy(CAPABILITIES)
    at_path(copy, path[:-1])[path[-1]] = value
    return copy


LISTS = [path for path in values(CAPABILITIES) if isinstance(at_path(CAPABILITIES, path), list)]
SINGLE = [path for path in values(CAPABILITIES) if not isinstance(path[-1], int)]


class Listener:
    """Takes what the server writes."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        self.said.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None:
        """Have nothing to close."""


class Server:
    """One server that is initialized again and again: making one anew takes 50 ms."""

    def __init__(self, home: Path) -> None:
        self.listener = Listener()
        self.server = SkillsServer(Folders(home, home, home, home))
        self.server.protocol.set_writer(self.listener)

    async def initialize(self, **params: Any) -> list[dict[str, Any]]:
        """Return all that is said to these parameters."""
        self.server.protocol._is_initialized = False
        self.listener.said = []
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
        self.server.protocol.receive(message)
        for _ in range(3):
            await asyncio.sleep(0)
        return self.listener.said


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(tmp_path_factory.mktemp("home"))


def name_of(path: Path_) -> str:
    return ".".join(map(str, path))


@pytest.mark.parametrize("path", LISTS, ids=name_of)
async def test_an_unknown_value_in_a_list_of_capabilities_is_passed_over(
    path: Path_, server: Server
):
    expected = await server.initialize(capabilities=CAPABILITIES)
    known = at_path(CAPABILITIES, path)
    for value in UNKNOWN:
        for corrupted in ([*known, value], [value, *known], [value]):
            said = await server.initialize(capabilities=changed(path, corrupted))
            assert len(said) == 1
            assert "result" in said[0], (value, said)
            if len(corrupted) > 1:  # What else the list says still counts.
                assert said == expected, value


async def test_an_unknown_value_in_any_other_place_is_passed_over(server: Server):
    for path in SINGLE:
        for value in ("unheard-of", 987_654, None, [], {}):
            (said,) = await server.initialize(capabilities=changed(path, value))
            assert "result" in said, (name_of(path), value)


async def test_a_field_may_be_missing_or_one_too_many(server: Server):
    for path in SINGLE:
        without = deepcopy(CAPABILITIES)
        del at_path(without, path[:-1])[path[-1]]
        more = deepcopy(CAPABILITIES)
        at_path(more, path[:-1])["unheardOf"] = {"valueSet": ["x"]}
        for capabilities in (without, more):
            (said,) = await server.initialize(capabilities=capabilities)
            assert "result" in said, name_of(path)


def test_with_an_unknown_value_in_every_list_a_session_works_as_ever(connect: Connect):
    corrupted = deepcopy(CAPABILITIES)
    for path in LISTS:
        known = at_path(corrupted, path)
        known.append("unheard-of" if known and isinstance(known[0], str) else 987_654)
    plain, odd = connect(), connect()
    assert odd.initialize(corrupted) == plain.initialize(CAPABILITIES)
    for client in (plain, odd):
        client.open(URI, "def test_it():\n    assert True\n")
        client.settle(URI, 0)
    assert without_offers(odd.actions(URI, 0)) == without_offers(plain.actions(URI, 0))
    assert odd.lenses(URI) == plain.lenses(URI)


@pytest.mark.parametrize("process_id", [0, 2**31, -1, 10**40, "1", [], {"a": 1}, 1.5, True])
async def test_an_odd_process_id_is_passed_over(server: Server, process_id: Any):
    (said,) = await server.initialize(processId=process_id, rootUri=None, capabilities={})
    assert "result" in said


@pytest.mark.parametrize(
    "params",
    [
        {"capabilities": {}},
        {"processId": None, "rootUri": None, "capabilities": {}, "workspaceFolders": None},
        {"processId": "x", "rootUri": 5, "capabilities": {"workspace": []}, "rootPath": {}},
        {"processId": -1, "rootUri": "::", "capabilities": {}, "initializationOptions": [1]},
        {"capabilities": {}, "workspaceFolders": [{"uri": "file:///%00"}, {"uri": 5}, None, "x"]},
        {"capabilities": {}, "initializationOptions": {"skillsLsp": {"nonsense": 1}}},
        {"capabilities": {}, "initializationOptions": {"minConfidence": 10**400, "python": 5}},
        {"capabilities": {}, "initializationOptions": "x", "trace": "loud", "locale": 5},
        {"capabilities": {}, "clientInfo": {"version": 5}},
        {"capabilities": {"textDocument": {"codeAction": {"resolveSupport": {"properties": 5}}}}},
        {"capabilities": {"general": {"positionEncodings": "utf-8"}}},
        {"capabilities": {"experimental": [1, 2], "unheard": {"of": 1}}},
    ],
)
async def test_odd_parameters_still_make_a_session(server: Server, params: Any):
    (said, *shown) = sorted(await server.initialize(**params), key=lambda it: "id" not in it)
    assert said["result"]["capabilities"]["positionEncoding"] == "utf-16"
    assert {it["method"] for it in shown} <= {"window/showMessage"}


@pytest.mark.parametrize("capabilities", [None, 5, True])
async def test_capabilities_that_are_none_are_named_as_what_is_wrong(
    server: Server, capabilities: Any
):
    (said,) = await server.initialize(capabilities=capabilities)
    assert said["error"]["code"] == -32602
    assert "capabilities" in said["error"]["message"]
