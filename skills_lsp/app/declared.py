"""Which packages a project says it uses: read from its files, nothing is run."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_MAX_BYTES = 2_000_000
_NODE_TABLES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


def declared_packages(folder: Path) -> frozenset[str]:
    """Return the npm and PyPI names that a folder's own project files declare."""
    found: set[str] = set()
    for name in ("package.json", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        path = folder / name
        try:
            changed_at = path.stat().st_mtime_ns
        except OSError:
            continue
        found |= _declared(str(path), changed_at)
    return frozenset(found)


@lru_cache(maxsize=256)
def _declared(path: str, changed_at: int) -> frozenset[str]:  # noqa: ARG001 - part of the key
    try:
        text = Path(path).read_bytes()[:_MAX_BYTES].decode("utf-8", "replace")
        if path.endswith(".json"):
            return frozenset(_node_names(json.loads(text)))
        if path.endswith(".toml"):
            import tomllib  # noqa: PLC0415 - most servers never meet one before they are idle

            return frozenset(_python_names(tomllib.loads(text)))
    except (OSError, ValueError, RecursionError):
        return frozenset()  # `skills check` and the tool itself tell what is wrong with the file
    return frozenset(map(_normal, text.splitlines()))


def _node_names(data: Any) -> set[str]:
    tables = [data.get(it) for it in _NODE_TABLES] if isinstance(data, dict) else []
    return {str(name) for table in tables if isinstance(table, dict) for name in table}


def _python_names(data: dict[str, Any]) -> set[str]:
    """Return the names of PEP 621, PEP 735 and Poetry dependencies."""
    project = _table(data.get("project"))
    lists = [project.get("dependencies"), *_table(project.get("optional-dependencies")).values()]
    lists += _table(data.get("dependency-groups")).values()
    poetry = _table(_table(data.get("tool")).get("poetry"))
    lists += [list(_table(poetry.get("dependencies")))]
    for group in _table(poetry.get("group")).values():
        lists.append(list(_table(_table(group).get("dependencies"))))
    # A tool that is configured is used, wherever it comes from.
    lists.append(list(_table(data.get("tool"))))
    texts = (it for entries in lists if isinstance(entries, list) for it in entries)
    return {_normal(it) for it in texts if isinstance(it, str)} - {""}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _normal(requirement: str) -> str:
    match = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""
