"""Environments of tox: ``tox.ini``, ``setup.cfg``, ``tox.toml`` or ``pyproject.toml``."""

import re
from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Problem, ToolKind
from skills_lsp.skills.reading import PROJECT_FILE_LIMIT_BYTES, parse_toml, read_text, shown
from skills_lsp.skills.tasks.task import Found, Task

FILES = ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml")  # tox's own order
MAX_ENVIRONMENTS = 100
_MAX_ENTRY = 500  # each pair of braces copies the entry; 20,000 pairs took 6 s
_NAME = re.compile(r"[A-Za-z0-9][\w.\-]*", re.ASCII)
_SECTION = re.compile(r"\[testenv:([^\]]+)\]")
_BRACES = re.compile(r"\{([^{}]*)\}")


def read(workspace: Path) -> Found:
    """Return the environments of the first file that configures tox."""
    for file in FILES:
        path = workspace / file
        if not path.is_file():
            continue
        text = read_text(path, PROJECT_FILE_LIMIT_BYTES)
        if isinstance(text, Problem):
            # pyproject.toml is for many tools; whoever else reads it reports it.
            return [], [text] if file.startswith("tox") else []
        names, problem = _environments(path, text)
        if problem:
            return [], [problem] if file.startswith("tox") else []
        if names:
            return [_task(name, said, path) for name, said in names.items()], []
    return [], []


def expand(pattern: str) -> list[str]:
    """Return the names that tox makes of one entry with braces, at most a hundred.

    >>> expand("py{311,312}-{a,b}")
    ['py311-a', 'py311-b', 'py312-a', 'py312-b']
    """
    done: list[str] = []
    waiting = [pattern] if len(pattern) <= _MAX_ENTRY else []
    while waiting and len(done) < MAX_ENVIRONMENTS:
        entry = waiting.pop(0)
        braces = _BRACES.search(entry)
        if not braces:
            done.append(entry.strip())
            continue
        head, tail = entry[: braces.start()], entry[braces.end() :]
        options = braces[1].split(",")[:MAX_ENVIRONMENTS]
        waiting = [head + option.strip() + tail for option in options] + waiting
    return done


def _environments(path: Path, text: str) -> tuple[dict[str, str], Problem | None]:
    if path.suffix == ".toml":
        return _from_toml(path, text)
    listing = "tox:tox" if path.name == "setup.cfg" else "tox"
    return _from_ini(text, listing), None


def _from_toml(path: Path, text: str) -> tuple[dict[str, str], Problem | None]:
    if path.name == "pyproject.toml" and "tox" not in text:
        return {}, None
    data = parse_toml(shown(path), text)
    if isinstance(data, Problem):
        return {}, data
    table: Any = data if path.name == "tox.toml" else _get(data, "tool", "tox")
    if not isinstance(table, dict):
        return {}, None
    if isinstance(table.get("legacy_tox_ini"), str):
        return _from_ini(table["legacy_tox_ini"], "tox"), None
    listed = table.get("env_list", [])
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    described = table.get("env", {}) if isinstance(table.get("env"), dict) else {}
    said = {name: _get(described, name, "description") or "" for name in [*names, *described]}
    return {name: str(text) for name, text in said.items() if _NAME.fullmatch(name)}, None


def _from_ini(text: str, listing: str) -> dict[str, str]:
    names: dict[str, str] = {}
    section = key = last = ""
    for line in text.splitlines():
        if line.startswith("["):
            section, key, last = line.strip().strip("[]"), "", ""
            named = _SECTION.match(line)
            last = named[1].strip() if named else ""
            for name in expand(last) if last else ():
                names.setdefault(name, "")
            continue
        if line[:1] not in (" ", "\t"):
            key, _, value = (part.strip() for part in line.partition("="))
        else:
            value = line.strip()
        if section == listing and key in ("envlist", "env_list"):
            for name in _split(value.partition("#")[0]):
                names.setdefault(name, "")
        elif last in names and key == "description" and value:
            names[last] = names[last] or value
    return {name: said for name, said in names.items() if _NAME.fullmatch(name)}


def _split(value: str) -> list[str]:
    """Split at commas that stand in no braces, and at blanks; then expand."""
    entries = re.findall(r"(?:\{[^{}]*\}|[^,\s{}])+", value)
    return [name for entry in entries[:MAX_ENVIRONMENTS] for name in expand(entry)]


def _get(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _task(name: str, said: str, path: Path) -> Task:
    return Task(
        tool="tox",
        name=name,
        args=("-e", name),
        path=path,
        description=said,
        kind=ToolKind.PYTHON_TOOL,
        install="python -m pip install tox",
        source="https://tox.wiki",
        keywords=("test", "environment") if name.startswith("py") else (),
    )
