"""What a project tells pytest to collect, found as pytest finds it.

Source: https://docs.pytest.org/en/stable/reference/customize.html#finding-the-rootdir
"""

import os
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from skills_lsp.domain.project import PytestRules
from skills_lsp.projects.conftest_py import ignored_names
from skills_lsp.projects.files import Memory, folders_up

_MAX_BYTES = 256_000
"""A longer file is not configuration that somebody wrote; TOML of a megabyte takes a second."""

_KEYS = ("python_files", "python_classes", "python_functions", "testpaths", "norecursedirs")
_MENTIONED = re.compile("|".join(_KEYS).encode())
_TABLE = re.compile(rb"^\[tool\.pytest(?:\.ini_options)?\]", re.MULTILINE)
_MAX_VALUES = 100

_Settings: TypeAlias = Mapping[str, tuple[str, ...]]


def pytest_rules(folder: str) -> PytestRules:
    """Return what pytest collects of the files in a folder when it is given one of them.

    The nearest folder counts that has a file with a section for pytest, and in it the first file
    in pytest's order. Nothing that such a file holds is an error here: then the defaults hold.
    """
    folders = folders_up(folder)
    ignored = _ignored(folders)
    for each in folders:
        for name, memory in _FILES:
            settings = memory.of(os.path.join(each, name))  # noqa: PTH118 - asked often
            if settings is not None:
                return _rules(each, settings, ignored)
    return PytestRules(ignored=ignored) if ignored else _DEFAULTS


_DEFAULTS = PytestRules()


def _rules(root: str, settings: _Settings, ignored: tuple[str, ...]) -> PytestRules:
    return PytestRules(
        files=settings.get("python_files", _DEFAULTS.files),
        classes=settings.get("python_classes", _DEFAULTS.classes),
        functions=settings.get("python_functions", _DEFAULTS.functions),
        paths=tuple(_joined(root, each) for each in settings.get("testpaths", ())),
        ignored=ignored,
        skipped=settings.get("norecursedirs", _DEFAULTS.skipped),
    )


def _joined(root: str, path: str) -> str:
    return os.path.normpath(os.path.join(root, path)).replace("\\", "/")  # noqa: PTH118


def _ignored(folders: list[str]) -> tuple[str, ...]:
    """Return the files that a ``conftest.py`` of one of the folders leaves out."""
    return tuple(
        _joined(folder, name)
        for folder in folders
        for name in _CONFTESTS.of(os.path.join(folder, "conftest.py"))  # noqa: PTH118
    )


def _of_toml(*tables: str) -> Callable[[str, bytes], _Settings | None]:
    def read(_path: str, data: bytes) -> _Settings | None:
        if b"pytest" not in data:
            return None
        if _MENTIONED.search(data) is None and _TABLE.search(data) is not None:
            return {}
        return _from_toml(data, tables)

    return read


def _own_toml(path: str, data: bytes) -> _Settings:
    """Read a file that is there for pytest alone: it counts whatever it holds."""
    found = _of_toml("pytest")(path, data)
    return found if found is not None else {}


def _from_toml(data: bytes, tables: tuple[str, ...]) -> _Settings | None:
    import tomllib  # noqa: PLC0415 - most starts of the server need none

    try:
        found: Any = tomllib.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None  # Half-typed, as any file may be.
    for table in tables:
        found = _table(found, table)
    if not found:
        return None
    options = found.get("ini_options")
    return _taken(options if isinstance(options, dict) and len(found) == 1 else found)


def _table(found: dict[str, Any], name: str) -> dict[str, Any]:
    inner = found.get(name)
    return inner if isinstance(inner, dict) else {}


def _taken(table: Mapping[str, object]) -> _Settings:
    taken = {key: _words(table[key]) for key in _KEYS if key in table}
    return {key: words for key, words in taken.items() if words is not None}


def _words(value: object) -> tuple[str, ...] | None:
    """Return a setting as words: a list as it is, a text split as a shell splits it."""
    if isinstance(value, list):
        found = [each for each in value if isinstance(each, str)]
        return tuple(found[:_MAX_VALUES]) if len(found) == len(value) else None
    if not isinstance(value, str):
        return None
    try:
        return tuple(shlex.split(value)[:_MAX_VALUES])
    except ValueError:
        return None


def _of_ini(section: bytes, *, is_always: bool) -> Callable[[str, bytes], _Settings | None]:
    def read(_path: str, data: bytes) -> _Settings | None:
        if b"[" + section + b"]" not in data:
            return {} if is_always else None
        found = _section(data.decode("utf-8-sig", "replace"), section.decode())
        if found is None:
            return {} if is_always else None
        return _taken(found)

    return read


def _section(text: str, wanted: str) -> dict[str, object] | None:
    """Return the settings of a section; a line that is indented goes on with the one before."""
    found: dict[str, object] = {}
    key = ""
    is_wanted = is_there = False
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        if line.startswith("["):
            is_wanted = line.partition("]")[0] == f"[{wanted}"
            is_there = is_there or is_wanted
            key = ""
        elif is_wanted and line[0] in " \t":
            if key:
                found[key] = f"{found[key]}\n{stripped}"
        elif is_wanted:
            name, _, value = _ASSIGNS.sub("\0", stripped, count=1).partition("\0")
            key = name.strip()
            found[key] = value.strip()
    return found if is_there else None


_ASSIGNS = re.compile("[=:]")

_NONE: _Settings | None = None
_DEDICATED = Memory(_of_ini(b"pytest", is_always=True), _NONE, _MAX_BYTES)
_OWN_TOML = Memory(_own_toml, _NONE, _MAX_BYTES)
_FILES: tuple[tuple[str, Memory[_Settings | None]], ...] = (
    ("pytest.toml", _OWN_TOML),
    (".pytest.toml", _OWN_TOML),
    ("pytest.ini", _DEDICATED),
    (".pytest.ini", _DEDICATED),
    ("pyproject.toml", Memory(_of_toml("tool", "pytest"), _NONE, _MAX_BYTES)),
    ("tox.ini", Memory(_of_ini(b"pytest", is_always=False), _NONE, _MAX_BYTES)),
    ("setup.cfg", Memory(_of_ini(b"tool:pytest", is_always=False), _NONE, _MAX_BYTES)),
)
_CONFTESTS: Memory[tuple[str, ...]] = Memory(
    lambda _path, data: ignored_names(data), (), _MAX_BYTES
)
