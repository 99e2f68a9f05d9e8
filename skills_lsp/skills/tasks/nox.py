"""Sessions of a ``noxfile.py``, read from its syntax tree: the file is never run."""

import ast
from pathlib import Path

from skills_lsp.domain.skill import Problem, ToolKind
from skills_lsp.skills.reading import read_text, shown
from skills_lsp.skills.tasks.task import Found, Task

FILES = ("noxfile.py",)
# Python's compiler warns that a large enough source can overflow the C stack; at this size its
# own limits on nesting come first (tried: brackets, unary operators, calls, elif, lambda).
_LIMIT_BYTES = 256 * 1024


def read(workspace: Path) -> Found:
    """Return the functions under ``@nox.session``, by the names nox knows them by."""
    path = workspace / FILES[0]
    if not path.is_file():
        return [], []
    text = read_text(path, _LIMIT_BYTES)
    if isinstance(text, Problem):
        return [], [text]
    try:
        tasks = _tasks(_parse(text), path)
    except SyntaxError as error:
        return [], [Problem(shown(path), error.lineno or 0, f"is not valid Python: {error.msg}")]
    except (RecursionError, MemoryError, ValueError):
        return [], [Problem(shown(path), 0, "is nested too deeply")]
    return tasks, []


def _parse(text: str) -> ast.Module:
    import warnings  # noqa: PLC0415 - a foreign file's odd escapes are no news of ours

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _tasks(module: ast.Module, path: Path) -> list[Task]:
    return [
        _task(name, ast.get_docstring(node) or "", path)
        for node in module.body
        if isinstance(node, ast.FunctionDef)
        for name in _session_names(node)
    ]


def _session_names(node: ast.FunctionDef) -> list[str]:
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        called = call.func if call else decorator
        # nox.session, and session as it is imported by name.
        if getattr(called, "attr", getattr(called, "id", "")) == "session":
            return [_given_name(call) or node.name]
    return []


def _given_name(call: ast.Call | None) -> str | None:
    for keyword in call.keywords if call else ():
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "name" and isinstance(value, str):
            return value
    return None


def _task(name: str, docstring: str, path: Path) -> Task:
    return Task(
        tool="nox",
        name=name,
        args=("--session", name),
        path=path,
        description=docstring.partition("\n")[0],
        kind=ToolKind.PYTHON_TOOL,
        install="python -m pip install nox",
        source="https://nox.thea.codes",
    )
