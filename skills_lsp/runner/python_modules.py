"""Which modules an interpreter has, told from the names on its disk; nothing is imported."""
# ruff: noqa: PTH113, PTH116, PTH118, PTH120, PTH123, PTH208
# Asked for every suggestion; pathlib takes ten times as long.

import json
import os
import re
import subprocess
import sys

# Asked with -I, so that no module of the current folder is imported; what that leaves out is added.
_ASK = (
    "import json, os, site, sys; "
    "more = [site.getusersitepackages(), *os.environ.get('PYTHONPATH', '').split(os.pathsep)]; "
    "print(json.dumps([path for path in [*sys.path, *more] if path]))"
)
_ASK_SECONDS = 5.0
_SEPARATORS = re.compile(r"[-_.]+")  # as package names are compared (PEP 503)
_SUFFIXES = (".py", ".pyd", ".so")

# What each interpreter answered, by its path and the time it was last changed.
_told: dict[tuple[str, int], tuple[str, ...]] = {}
# The names in a folder, by its path, with the time the folder was last changed.
_listed: dict[str, tuple[int, frozenset[str]]] = {}


def has_module(module: str, python: str, venv: str) -> bool | None:
    """Say whether the interpreter would find the module's top package.

    Without having asked the interpreter (:func:`ask_for_folders`), its folders are guessed: for a
    virtual environment the guess is good, for another only a yes is, and None stands for unknown.
    """
    name = module.partition(".")[0]
    if name in sys.stdlib_module_names:  # The same for all versions that matter, near enough.
        return True
    told = _told.get((python, _changed_at(python)))
    folders = told or _guessed_folders(python, venv)
    if any(_normal(name) in _names_in(folder) for folder in folders):
        return True
    return False if told is not None or (venv and folders) else None


def ask_for_folders(python: str) -> None:
    """Ask the interpreter for its module folders, once; where it fails, the guess stands."""
    key = (python, _changed_at(python))
    if key in _told:
        return
    try:
        answer = subprocess.run(
            [python, "-I", "-c", _ASK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASK_SECONDS,
            check=True,
        )
        folders = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        folders = []
    _told[key] = tuple(folder for folder in folders if isinstance(folder, str))


def is_script_in(module: str, folder: str) -> bool:
    """Say whether ``python -m module`` would run a file of this folder."""
    if not folder:
        return False
    path = os.path.join(folder, *module.split("."))
    # A bare folder is not enough: "coverage" is where JavaScript tools leave their reports.
    return os.path.isfile(path + ".py") or os.path.isfile(os.path.join(path, "__main__.py"))


def _guessed_folders(python: str, venv: str) -> tuple[str, ...]:
    """Return where packages usually are for this interpreter."""
    if not venv:
        python = os.path.realpath(python)
    prefix = venv or os.path.dirname(os.path.dirname(python))
    if venv and _sees_system_packages(venv):
        return ()  # The rest lies where only the interpreter knows.
    libraries = [f"{prefix}/{name}" for name in ("lib", "lib64", "Lib", "local/lib")]
    folders = [f"{prefix}/Lib/site-packages"]
    for library in libraries:
        for entry in _entries(library):
            # Debian has dist-packages, and them also without a minor version.
            if entry.startswith("python3"):
                folders += [f"{library}/{entry}/site-packages", f"{library}/{entry}/dist-packages"]
    return tuple(filter(os.path.isdir, folders))


def _sees_system_packages(venv: str) -> bool:
    try:
        with open(f"{venv}/pyvenv.cfg", encoding="utf-8", errors="replace") as file:
            return bool(
                re.search(r"(?im)^include-system-site-packages\s*=\s*true", file.read(4096))
            )
    except OSError:
        return False


def _names_in(folder: str) -> frozenset[str]:
    """Return the normalised names of the modules and distributions in a folder."""
    changed_at = _changed_at(folder)
    listed = _listed.get(folder)
    if listed is not None and listed[0] == changed_at:
        return listed[1]
    try:
        entries = os.listdir(folder)  # names only
    except OSError:
        entries = []
    names = frozenset(_normal(_module_name(entry)) for entry in entries)
    _listed[folder] = (changed_at, names)
    return names


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _module_name(entry: str) -> str:
    """Return the module or distribution that an entry stands for.

    Examples
    --------
    >>> [_module_name(entry) for entry in ("mypy", "six.py", "_x.cpython-311.so", "pip_audit-2.9.dist-info")]
    ['mypy', 'six', '_x', 'pip_audit']
    """
    if entry.endswith((".dist-info", ".egg-info", ".egg-link")):
        return entry.rpartition(".")[0].partition("-")[0]  # An editable install has only this.
    return entry.partition(".")[0] if entry.endswith(_SUFFIXES) else entry


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()


def _changed_at(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
