"""Where a project's tools come from: its virtual environment, its node_modules, PATH.

Nothing here starts a process but :func:`find_tool`, and that once per interpreter at most.
"""
# ruff: noqa: PTH100, PTH110, PTH111, PTH112, PTH113, PTH117, PTH118, PTH120
# Asked for every request; pathlib takes ten times as long.

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.domain.skill import Command, ToolKind
from skills_lsp.runner import python_modules

_PROJECT_FILES = (
    "pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "requirements.txt",
    "package.json", "Cargo.toml", "go.mod", "Makefile", ".git",
)  # fmt: skip
_VENV_NAMES = (".venv", "venv")
_IS_WINDOWS = os.name == "nt"
_BIN = "Scripts" if _IS_WINDOWS else "bin"
_PYTHON_NAMES = ("python.exe",) if _IS_WINDOWS else ("python", "python3")
# How long an answer about a tool is believed; who installs one sees it at the next look but one.
_BELIEVED_SECONDS = 5.0
_MAX_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Environment:
    """How a file's project finds its tools. All paths absolute; empty means there is none."""

    workspace: str
    project: str  # folder of the nearest project file, else the workspace, else the file's folder
    python: str  # the project's interpreter
    venv: str  # its virtual environment
    venv_bin: str
    path: str  # PATH without the server's own private virtual environment


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that is there: how its command begins."""

    argv: tuple[str, ...]
    node_bin: str = ""  # the node_modules/.bin it came from


@dataclass(frozen=True, slots=True)
class Missing:
    """A tool that is not there: one sentence, and what to type."""

    tool: str
    message: str
    hint: str = ""


def environment_of(file_path: str, workspace: str, *, configured_python: str = "") -> Environment:
    """Return how the tools of a file's project are found; looks at a handful of paths.

    The interpreter is the first of: the configured one (a path, absolute or from the workspace,
    or a folder with a virtual environment), ``.venv`` or ``venv`` in the nearest folder up to the
    workspace, ``VIRTUAL_ENV``, ``CONDA_PREFIX``, PATH. The virtual environment that holds this
    server is left out unless one of the first three names it.
    """
    folders = tuple(_folders(file_path, workspace))
    project = next((folder for folder in folders if _has_project_file(folder)), "")
    project = project or workspace or (folders[0] if folders else "")
    path = _public_path()
    python = (
        _configured(configured_python, workspace or project)
        or _in_project(folders, workspace)
        or _activated()
        or _on_path(path)
    )
    venv = _venv_of(python)
    # Asked for by name, an interpreter brings its scripts along even where it is in no venv.
    bin_folder = os.path.dirname(python) if venv or configured_python else ""
    return Environment(workspace, project, python, venv, bin_folder if python else "", path)


def find_tool(command: Command, environment: Environment, file_path: str) -> Tool | Missing:
    """Find the command's tool and the modules it needs; may ask an interpreter for its paths.

    The interpreter is asked once (0.05 s, at most 5 s), so call this off the event loop.
    """
    found = _find(command, environment, file_path)
    if isinstance(found, Tool) or not environment.python:
        return found or _missing(command, environment)
    if command.kind in (ToolKind.PYTHON_MODULE, ToolKind.PYTHON_TOOL):
        python_modules.ask_for_folders(environment.python)
        found = _find(command, environment, file_path)
    return found or _missing(command, environment)


def missing_tool(command: Command, environment: Environment, file_path: str) -> Missing | None:
    """Say what a command certainly lacks, without starting anything.

    No interpreter is asked: merely opening a folder must not run a program, in it or with it as
    the current folder. Where only asking would tell, nothing is said to be missing.
    """
    found = _find(command, environment, file_path)
    return found if isinstance(found, Missing) else None


def is_available(
    command: Command, environment: Environment, file_path: str, *, now: float | None = None
) -> bool | None:
    """Say whether the tool is there, without starting anything; None where only asking would tell.

    Remembered for five seconds by tool and place, as it is asked for every candidate.
    """
    now = time.monotonic() if now is None else now
    folder = os.path.dirname(file_path) if command.kind is ToolKind.NODE_TOOL else ""
    key = (command.kind, command.tool, command.needs, environment, folder)
    remembered = _remembered.get(key)
    if remembered is not None and now < remembered[0]:
        return remembered[1]
    found = _find(command, environment, file_path)
    answer = None if found is None else isinstance(found, Tool)
    if len(_remembered) >= _MAX_REMEMBERED:
        _remembered.clear()
    _remembered[key] = (now + _BELIEVED_SECONDS, answer)
    return answer


_remembered: dict[
    tuple[ToolKind, str, tuple[str, ...], Environment, str], tuple[float, bool | None]
] = {}


def _find(command: Command, environment: Environment, file_path: str) -> Tool | Missing | None:
    """Find the tool by looking at the disk; None where an interpreter would have to be asked."""
    is_unknown = False
    for module in _modules(command):
        known = _has_module(module, environment)
        if known is False:
            return _missing(command, environment, module)
        is_unknown = is_unknown or known is None
    tool = _start_of(command, environment, file_path)
    return None if is_unknown and isinstance(tool, Tool) else tool


def _modules(command: Command) -> tuple[str, ...]:
    own = (command.tool,) if command.kind is ToolKind.PYTHON_MODULE else ()
    return own + command.needs


def _has_module(module: str, environment: Environment) -> bool | None:
    if not environment.python:
        return False
    if python_modules.is_script_in(module, environment.workspace or environment.project):
        return True
    return python_modules.has_module(module, environment.python, environment.venv)


def _start_of(command: Command, environment: Environment, file_path: str) -> Tool | Missing:
    if command.kind is ToolKind.PYTHON_MODULE:
        return Tool((environment.python, "-m", command.tool))
    if command.kind is ToolKind.NODE_TOOL:
        return _node_tool(command, environment, file_path)
    first = ""
    if command.kind is ToolKind.PYTHON_TOOL and environment.venv_bin:
        first = environment.venv_bin + os.pathsep
    program = _which(command.tool, first + environment.path)
    return Tool((program,)) if program else _missing(command, environment)


def _node_tool(command: Command, environment: Environment, file_path: str) -> Tool | Missing:
    if not _which("node", environment.path):
        hint = "Install Node.js (https://nodejs.org) and start the editor anew."
        return Missing("node", "Node.js was not found on PATH.", hint)
    for folder in _folders(file_path, environment.workspace):
        bin_folder = os.path.join(folder, "node_modules", ".bin")  # asked often
        program = _which(command.tool, bin_folder)
        if program:
            return Tool((program,), bin_folder)
    program = _which(command.tool, environment.path)
    return Tool((program,)) if program else _missing(command, environment)


def _missing(command: Command, environment: Environment, module: str = "") -> Missing:
    places = {
        ToolKind.PYTHON_MODULE: "in the project's Python environment",
        ToolKind.PYTHON_TOOL: "in the project's Python environment or on PATH",
        ToolKind.NODE_TOOL: "in node_modules or on PATH",
        ToolKind.PROGRAM: "on PATH",
    }
    name = module or command.tool
    place = places[ToolKind.PYTHON_MODULE if module else command.kind]
    hint = f"Install it: {_install(command.install, environment)}" if command.install else ""
    return Missing(name, f"{name} was not found {place}.", hint)


def _install(line: str, environment: Environment) -> str:
    """Return what to type, with the interpreter of the project's own virtual environment.

    The ``python`` of a terminal is that one only where somebody has activated it.
    """
    start = "python -m pip "
    folder = environment.workspace or environment.project
    if not line.startswith(start) or not environment.venv.startswith(folder + os.sep):
        return line
    python = os.path.relpath(environment.python, folder)
    quoted = f'"{python}"' if " " in python else python
    return f"{quoted} -m pip {line.removeprefix(start)}"


# Where to look


def _folders(file_path: str, workspace: str) -> Iterator[str]:
    """Yield the folders from the file's up to the workspace.

    For a file outside any workspace: up to the nearest folder with a project file, else its own.
    """
    own = os.path.dirname(os.path.abspath(file_path)) if file_path else ""
    if not own:
        if workspace:
            yield workspace
        return
    folders = [own, *map(str, Path(own).parents)]
    top = os.path.normpath(workspace) if workspace else ""
    if top not in folders:
        top = next((folder for folder in folders if _has_project_file(folder)), own)
    yield from folders[: folders.index(top) + 1]


def _has_project_file(folder: str) -> bool:
    return any(os.path.exists(f"{folder}/{name}") for name in _PROJECT_FILES)


def _configured(python: str, base: str) -> str:
    if not python:
        return ""
    path = os.path.join(base, os.path.expanduser(python))
    if os.path.isdir(path):  # a virtual environment's folder is named as often
        return _python_in(path)
    if os.path.isfile(path):
        return os.path.abspath(path)  # not resolved: the link is what makes a venv
    return _which(python, _public_path())


def _in_project(folders: tuple[str, ...], workspace: str) -> str:
    names: tuple[str, ...] = _VENV_NAMES
    chosen = os.environ.get("UV_PROJECT_ENVIRONMENT")  # uv's, relative to the project or absolute
    if chosen:
        names = (chosen, *names)
    places = folders if workspace in folders or not workspace else (*folders, workspace)
    for folder in places:
        for name in names:
            python = _python_in(os.path.join(folder, name))
            if python:
                return python
    return ""


def _activated() -> str:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        prefix = os.environ.get(variable)
        python = _python_in(prefix) if prefix else ""
        if python:
            return python
    return ""


def _on_path(path: str) -> str:
    return _which("python3", path) or _which("python", path)


def _python_in(prefix: str) -> str:
    folders = (_BIN, "") if _IS_WINDOWS else (_BIN,)  # conda on Windows has it at the top
    for folder in folders:
        for name in _PYTHON_NAMES:
            path = os.path.join(prefix, folder, name)
            if os.path.isfile(path):
                return path
    return ""


def _venv_of(python: str) -> str:
    prefix = os.path.dirname(os.path.dirname(python))
    return prefix if python and os.path.isfile(f"{prefix}/pyvenv.cfg") else ""


def _which(name: str, path: str) -> str:
    """Return the program's path, or nothing.

    ``shutil.which`` costs 7 ms to import, and looks into relative entries of PATH as well, which
    would run a program that merely lies in the workspace.
    """
    endings = os.environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(";") if _IS_WINDOWS else [""]
    folders = [""] if os.path.isabs(name) else filter(os.path.isabs, path.split(os.pathsep))
    for folder in folders:
        for ending in endings:
            program = os.path.join(folder, name + ending)
            if os.access(program, os.X_OK) and os.path.isfile(program):
                return program
    return ""


def _public_path() -> str:
    """Return PATH without the server's own virtual environment, unless the user activated it.

    A server started as ``…/skills-lsp/bin/skills-lsp`` has tools beside it that are not the
    project's; an editor that put that folder on PATH did so for the server alone.
    """
    path = os.environ.get("PATH", os.defpath)
    if sys.prefix == sys.base_prefix or os.environ.get("VIRTUAL_ENV") == sys.prefix:
        return path
    own = os.path.join(sys.prefix, _BIN)
    return os.pathsep.join(part for part in path.split(os.pathsep) if part != own)
