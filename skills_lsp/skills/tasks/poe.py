"""Tasks of Poe the Poet: ``[tool.poe.tasks]`` in ``pyproject.toml``."""

from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Problem, ToolKind
from skills_lsp.skills.reading import PROJECT_FILE_LIMIT_BYTES, parse_toml, read_text, shown
from skills_lsp.skills.tasks.task import Found, Task

FILES = ("pyproject.toml",)


def read(workspace: Path) -> Found:
    """Return the public tasks that run without an argument."""
    path = workspace / FILES[0]
    if not path.is_file():
        return [], []
    text = read_text(path, PROJECT_FILE_LIMIT_BYTES)
    data = text if isinstance(text, Problem) else parse_toml(shown(path), text)
    if isinstance(data, Problem):
        return [], [data]
    table: Any = data
    for key in ("tool", "poe", "tasks"):
        table = table.get(key) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        return [], []
    return [_task(name, body, path) for name, body in table.items() if _is_runnable(name, body)], []


def _is_runnable(name: str, body: Any) -> bool:
    if name.startswith("_"):
        return False
    arguments = body.get("args", []) if isinstance(body, dict) else []
    rows = list(arguments.values()) if isinstance(arguments, dict) else arguments
    if not isinstance(rows, list):  # args = true: whatever is given is handed on
        return True
    return not any(isinstance(row, dict) and row.get("required") for row in rows)


def _task(name: str, body: Any, path: Path) -> Task:
    return Task(
        tool="poe",
        name=name,
        args=(name,),
        path=path,
        description=_said(body),
        kind=ToolKind.PYTHON_TOOL,
        install="python -m pip install poethepoet",
        source="https://poethepoet.natn.io",
    )


def _said(body: Any) -> str:
    if isinstance(body, str):
        return body
    if isinstance(body, dict):
        said = body.get("help") or body.get("cmd") or body.get("shell") or body.get("script") or ""
        return said if isinstance(said, str) else ""
    return ""
