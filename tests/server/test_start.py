"""A server starts light, and the tricks that make it start fast change nothing but the time."""

import marshal
import os
import re
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import Connect
from tests.server.profiles import vscode
from tests.server.raw_client import RawClient, at, without_offers

URI = "file:///nowhere/tests/test_shop.py"
TEXT = "import os\n\n\ndef test_it():\n    assert eval(os.name)\n"
SHOP = "export const a = eval(b);\n"


# -- imports -------------------------------------------------------------------------------------

HEAVY = (
    "numpy", "scipy", "sklearn", "pandas", "torch", "onnxruntime", "tokenizers", "transformers",
    "sentence_transformers", "sqlite_vec", "sqlite3", "yaml", "click", "jsonschema", "xml", "email",
    "http", "unittest", "pytest", "hypothesis", "mypy", "multiprocessing",
)  # fmt: skip


def test_a_started_server_has_imported_nothing_heavy(connect: Connect):
    client = connect(command=(sys.executable, "-X", "importtime", "-m", "skills_lsp", "serve"))
    client.initialize(vscode().capabilities)
    client.open(URI, TEXT)
    client.open("file:///nowhere/a.ts", SHOP, "typescript")
    assert client.actions(URI, 3)
    assert client.lenses(URI)
    assert client.hover(URI, 4, 12)
    client.settle(URI, 3)
    assert client.leave() == 0
    imported = set(re.findall(r"^import time:[\s\d|]*\| +(\S+)$", client.stderr(), re.MULTILINE))
    assert "pygls" in {name.partition(".")[0] for name in imported}, "the listing was understood"
    assert "tree_sitter" in {name.partition(".")[0] for name in imported}
    assert [name for name in sorted(imported) if name.partition(".")[0] in HEAVY] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_started_server_has_mapped_no_heavy_library(connect: Connect):
    client = connect()
    client.initialize()
    client.open(URI, TEXT)
    assert client.actions(URI, 3)
    maps = Path(f"/proc/{client.process.pid}/maps").read_text()
    assert "tree_sitter" in maps
    assert [name for name in ("numpy", "scipy", "sklearn", "torch", "onnx") if name in maps] == []


# -- with and without the tricks -----------------------------------------------------------------


def session(client: RawClient) -> list[Any]:
    """Go through a session and return all that was answered in it."""
    said: list[Any] = [client.initialize(vscode().capabilities)]
    client.open(URI, TEXT)
    client.settle(URI, 3)
    said += [client.actions(URI, line) for line in (0, 3, 4)]
    said += [client.result("codeAction/resolve", it) for it in said[-1]]
    said += [client.lenses(URI), client.hover(URI, 4, 12)]
    diagnostic = {"range": at(URI, 4)["range"], "message": "m", "severity": 1, "data": {"a": [1]}}
    said.append(client.actions(URI, 4, diagnostics=[diagnostic], only=["quickfix"]))
    change = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}}
    params = {
        "textDocument": {"uri": URI, "version": 2},
        "contentChanges": [{**change, "text": ""}],
    }
    client.notify("textDocument/didChange", params)
    said.append(client.lenses(URI))
    said.append(client.command("skills.suggest", {"uri": URI, "line": 3}))
    said.append(client.error("workspace/executeCommand", {"command": "skills.none"}))
    said.append(client.error("textDocument/hover", {"textDocument": {}}))
    assert client.leave() == 0
    return [without_offers(it) for it in said]


def short_session(client: RawClient) -> list[Any]:
    """Go through the least of a session: for damages, of which there are many."""
    said: list[Any] = [client.initialize(vscode().capabilities)]
    client.open(URI, TEXT)
    said += [client.lenses(URI), client.hover(URI, 0, 0)]
    assert client.leave() == 0
    return said


@pytest.fixture(scope="module")
def short(connect_once: Connect) -> list[Any]:
    """What a server without any trick says in it."""
    return short_session(connect_once(env={"SKILLS_LSP_FASTSTART": "0"}))


@pytest.fixture(scope="module")
def plain(connect_once: Connect) -> list[Any]:
    """What a server without any trick says."""
    return session(connect_once(env={"SKILLS_LSP_FASTSTART": "0"}))


@pytest.fixture(scope="module")
def cached(connect_once: Connect) -> Path:
    """The cache as the first start leaves it."""
    client = connect_once()
    session(client)
    (file,) = (path for path in (client.home / "cache").rglob("*") if is_cache(path))
    return file


def is_cache(path: Path) -> bool:
    return path.is_file() and "reports" not in path.parts


def in_home(cached: Path, home: Path) -> Path:
    """Return where the cache file is looked for below another home."""
    path = home / "cache" / cached.name
    path.parent.mkdir(parents=True)
    return path


def test_no_trick_means_no_cache(connect: Connect):
    client = connect(env={"SKILLS_LSP_FASTSTART": "0"})
    client.initialize()
    assert client.leave() == 0
    assert not [path for path in (client.home / "cache").rglob("*") if is_cache(path)]


def test_the_first_start_works_as_one_without_tricks(connect: Connect, plain: list[Any]):
    assert session(connect()) == plain


def test_the_second_start_works_as_one_without_tricks(
    connect: Connect, plain: list[Any], cached: Path, tmp_path: Path
):
    home = tmp_path / "second"
    path = in_home(cached, home)
    path.write_bytes(cached.read_bytes())
    path.chmod(0o600)
    before = path.read_bytes()
    assert session(connect(home=home)) == plain
    assert path.read_bytes() == before, "nothing had to be compiled"
    of_dataclasses = [text for file, text in codes_in(before) if file == "<string>"]
    assert len(of_dataclasses) > 100


def test_the_cache_is_for_its_owner_alone(cached: Path):
    assert cached.stat().st_mode & 0o077 == 0
    assert cached.parent.stat().st_mode & 0o022 == 0


def codes_in(data: bytes) -> Any:
    """Return what a cache holds."""
    return marshal.loads(data[4:])


def as_cache(value: Any) -> bytes:
    """Return a cache with its check sum."""
    data = marshal.dumps(value)
    return zlib.crc32(data).to_bytes(4, "big") + data


def poisoned(value: Any, path: Path) -> Any:
    """Return cached codes that all leave a trace when they are run."""
    evil = compile(f"open({str(path)!r}, 'w').write('run')", "<evil>", "exec")
    if isinstance(value, dict):
        return {key: poisoned(item, path) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(poisoned(item, path) for item in value)
    return evil if isinstance(value, type(evil)) else value


@pytest.mark.parametrize("mode", [0o666, 0o620, 0o602])
def test_a_cache_that_others_can_write_is_not_run(
    connect: Connect, short: list[Any], cached: Path, tmp_path: Path, mode: int
):
    trace, home = tmp_path / "trace", tmp_path / "open"
    path = in_home(cached, home)
    path.write_bytes(as_cache(poisoned(codes_in(cached.read_bytes()), trace)))
    path.chmod(mode)
    assert short_session(connect(home=home)) == short
    assert not trace.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give")
def test_a_cache_of_somebody_else_is_not_run(
    connect: Connect, short: list[Any], cached: Path, tmp_path: Path
):
    trace, home = tmp_path / "trace", tmp_path / "foreign"
    path = in_home(cached, home)
    path.write_bytes(as_cache(poisoned(codes_in(cached.read_bytes()), trace)))
    path.chmod(0o600)
    os.chown(path, 65534, 65534)
    assert short_session(connect(home=home)) == short
    assert not trace.exists()


def test_the_poison_would_work(connect: Connect, cached: Path, tmp_path: Path):
    """Our own cache is run: the two tests above can fail."""
    trace, home = tmp_path / "trace", tmp_path / "own"
    path = in_home(cached, home)
    path.write_bytes(as_cache(poisoned(codes_in(cached.read_bytes()), trace)))
    path.chmod(0o600)
    client = connect(home=home)
    client.ask("initialize", {"capabilities": {}})
    client.process.stdin.close()
    client.process.wait(15)
    assert trace.exists()


def _flipped(data: bytes, share: float) -> bytes:
    place = int(len(data) * share)
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "text": lambda _: b"this is not marshal",
    "half": lambda data: data[: len(data) // 2],
    "no sum": lambda data: data[4:],
    "no table": lambda _: as_cache([1, 2, 3]),
    "a number": lambda _: as_cache(5),
    "zeros": lambda data: bytes(len(data)),
    "wrong values": lambda data: as_cache(dict.fromkeys(codes_in(data), None)),
    "wrong keys": lambda _: as_cache({1: 2, "a": b"b"}),
    "too large": lambda data: data + bytes(20_000_000),
    "a flipped byte early": lambda data: _flipped(data, 0.1),
    "a flipped byte": lambda data: _flipped(data, 0.5),
    "a flipped byte late": lambda data: _flipped(data, 0.9),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_cache_is_passed_over(
    connect: Connect, short: list[Any], cached: Path, tmp_path: Path, name: str
):
    home = tmp_path / "damaged"
    path = in_home(cached, home)
    path.write_bytes(DAMAGES[name](cached.read_bytes()))
    path.chmod(0o600)
    assert short_session(connect(home=home)) == short


def test_a_folder_in_place_of_the_cache_is_passed_over(
    connect: Connect, short: list[Any], cached: Path, tmp_path: Path
):
    home = tmp_path / "folder"
    in_home(cached, home).mkdir()
    assert short_session(connect(home=home)) == short


def test_a_home_that_cannot_be_written_is_no_reason_to_stop(connect: Connect, tmp_path: Path):
    (tmp_path / "home-0" / "cache").parent.mkdir()
    (tmp_path / "home-0" / "cache").write_text("a file where a folder should be")
    client = connect()
    client.initialize()
    client.open(URI, TEXT)
    assert client.actions(URI, 3)
    assert client.leave() == 0


# -- libraries that have changed -----------------------------------------------------------------

CHANGES = {
    "modules are gone": "faststart._MODULES = ('attr._gone', 'cattrs.gone')",
    "they compile elsewhere": "faststart._MODULES = ('json.decoder', 'json.encoder')",
    "no hooks": """
real = faststart.importlib.import_module
def without_hooks(name, package=None):
    if name == "lsprotocol._hooks":
        raise ImportError(name)
    return real(name, package)
faststart.importlib = type("importlib", (), {"import_module": staticmethod(without_hooks)})
""",
    "types came before": "import lsprotocol.types",
}


@pytest.mark.parametrize("name", CHANGES)
def test_where_a_private_name_is_gone_the_start_is_merely_slower(
    connect: Connect, plain: list[Any], name: str
):
    script = "\n".join(
        (
            "import sys",
            "from skills_lsp.server import faststart",
            CHANGES[name],
            "sys.argv = ['skills-lsp', 'serve']",
            "from skills_lsp.__main__ import main",
            "main()",
        )
    )
    assert session(connect(command=(sys.executable, "-c", script))) == plain
