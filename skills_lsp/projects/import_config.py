"""How a project sorts its imports: what it tells ruff or isort, found as they find it.

Where both have something to say the nearer counts, and in one folder the one that is asked to sort:
ruff, when it selects its rule or has settings for it. Sources: https://docs.astral.sh/ruff/configuration/ ,
https://pycqa.github.io/isort/docs/configuration/config_files.html
"""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from skills_lsp.domain.project import ImportRules
from skills_lsp.projects import isort_config, ruff_config
from skills_lsp.projects.files import Memory, folders_up
from skills_lsp.projects.local_modules import local_modules

_MAX_BYTES = 256_000

_Table: TypeAlias = dict[str, Any]


def import_rules(path: str, root: str, base: str) -> ImportRules:
    """Return the rules for a file of a project, whose name in findings is relative to a base."""
    folders = folders_up(os.path.dirname(path))  # noqa: PTH120 - pathlib takes five times as long
    ruff_at, ruff = _ruff(folders)
    isort_at, isort = _isort(folders)
    is_nearer = len(isort_at) > len(ruff_at)
    if isort and (is_nearer or not ruff_config.is_about_imports(ruff)):
        rules = isort_config.rules(isort, isort_at, path, base)
        silent = ruff_config.silent({} if is_nearer else ruff, ruff_at, path)
        return replace(rules, silent=rules.silent | (silent - {"unsorted-imports"}))
    python = ruff_config.python(ruff) or _required_python(folders)
    return ruff_config.rules(ruff, ruff_at or root, path, base, python)


def by_default(root: str) -> ImportRules:
    """Return the rules of a project that configures nothing."""
    return ImportRules(is_local=local_modules(root))


def _ruff(folders: list[str]) -> tuple[str, _Table]:
    """Return ruff's settings in the nearest folder that has any, and that folder."""
    for folder in folders:
        for name in (".ruff.toml", "ruff.toml"):
            own = _TOML.of(f"{folder}{os.sep}{name}")
            if own is not None:
                return folder, _extended(own, folder)
        found = _inner(_TOML.of(f"{folder}{os.sep}pyproject.toml"), "tool", "ruff")
        if found is not None:
            return folder, _extended(found, folder)
    return "", {}


def _extended(table: _Table, folder: str) -> _Table:
    """Return settings with those of the files that they extend."""
    for _ in range(_MAX_EXTENDED):
        above = table.get("extend")
        if not isinstance(above, str):
            break
        path = os.path.normpath(os.path.join(folder, os.path.expanduser(above)))  # noqa: PTH111, PTH118
        found = _TOML.of(path)
        if path.endswith("pyproject.toml"):
            found = _inner(found, "tool", "ruff")
        folder = os.path.dirname(path)  # noqa: PTH120 - as above
        table = _merged(found or {}, {key: table[key] for key in table if key != "extend"})
    return table


_MAX_EXTENDED = 5


def _merged(below: _Table, above: _Table) -> _Table:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict) and key in ("lint", "isort")
        merged[key] = _merged(old or {}, value) if both else value
    return merged


def _required_python(folders: list[str]) -> int:
    """Return the oldest minor version of Python 3 that the nearest project names, 0 for none."""
    for folder in folders:
        project = _inner(_TOML.of(f"{folder}{os.sep}pyproject.toml"), "project")
        if project is not None:
            return ruff_config.required(project.get("requires-python"))
    return 0


def _isort(folders: list[str]) -> tuple[str, _Table]:
    for folder in folders:
        for name, memory, tables in _ISORT_FILES:
            read = memory.of(f"{folder}{os.sep}{name}")
            for table in tables:
                found = _inner(read, *table)
                if found is not None:
                    return folder, found
    return "", {}


def _inner(table: _Table | None, *names: str) -> _Table | None:
    found: Any = table
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _of_toml(_path: str, data: bytes) -> _Table | None:
    import tomllib  # noqa: PLC0415 - most starts of the server need none

    try:
        return tomllib.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None  # Half-typed, as any file may be.


def _of_ini(_path: str, data: bytes) -> _Table | None:
    if b"isort" not in data and b"settings" not in data:
        return None
    import configparser  # noqa: PLC0415 - as above

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(data.decode("utf-8-sig", "replace"))
    except configparser.Error:
        return None
    return {name: dict(parser.items(name)) for name in parser.sections()}


_Read: TypeAlias = Callable[[str, bytes], _Table | None]


def _memory(read: _Read) -> Memory[_Table | None]:
    return Memory(read, None, _MAX_BYTES)


_TOML = _memory(_of_toml)
_INI = _memory(_of_ini)
_SECTIONS = (("settings",), ("isort",), ("tool:isort",))
_ISORT_FILES = (
    (".isort.cfg", _INI, _SECTIONS),
    ("pyproject.toml", _TOML, (("tool", "isort"),)),
    ("setup.cfg", _INI, _SECTIONS[1:]),
    ("tox.ini", _INI, _SECTIONS[1:]),
)
