"""Classes in the other Python files of a project, read from the files that define them."""

import os
import sys
import time
from functools import lru_cache

from skills_lsp.domain.project import ClassFacts, Project
from skills_lsp.patterns.class_facts import class_facts
from skills_lsp.projects.files import folders_up
from skills_lsp.syntax.source import Source

_MAX_BYTES = 200_000
"""A longer module is not read: parsing takes some 5 ms for each 1,000 lines."""

_MAX_MODULES = 100
"""How many modules are kept for a project; each keeps its tree."""

_MAX_DEPTH = 8
"""How many files a chain of base classes may lead through."""

_FRESH_SECONDS = 1.0
"""How long what was read is believed without a look at the files' times."""

_BESIDE = ("src", "lib")
_STANDARD = sys.stdlib_module_names - {"test"}


class ProjectClasses:
    """Looks up classes of a project by what a file imports. Reads nothing outside its root."""

    def __init__(self, root: str, base: str) -> None:
        self._root = root
        self._base = base
        self._real_root = os.path.realpath(root)
        self._modules: dict[str, tuple[_Stamp, Source]] = {}
        self._found: dict[tuple[str, str], ClassFacts | None] = {}
        self._asked: list[tuple[str, str]] = []  # innermost last, to notice circles
        self._checked_at_seconds = 0.0

    def __call__(self, path: str, dotted: str) -> ClassFacts | None:
        """Return the class that a dotted import in a file stands for."""
        if not self._root or "." not in dotted or dotted.partition(".")[0] in _STANDARD:
            return None
        if not self._asked:
            self._forget_changed()
        file = os.path.join(self._base, path)  # noqa: PTH118 - asked often
        key = (os.path.dirname(file), dotted)  # noqa: PTH120
        if key in self._found:
            return self._found[key]
        if key in self._asked or len(self._asked) >= _MAX_DEPTH:
            return None
        self._asked.append(key)
        try:
            found = self._find(file, dotted)
        finally:
            self._asked.pop()
        self._found[key] = found
        return found

    def _find(self, file: str, dotted: str) -> ClassFacts | None:
        is_relative = dotted.startswith(".")
        for folder, parts in self._starts(file, dotted):
            module, rest = _module_at(folder, parts, is_package=is_relative)
            if module and rest:
                source = self._source(module)
                return class_facts(source, ".".join(rest)) if source is not None else None
        return None

    def _starts(self, file: str, dotted: str) -> list[tuple[str, list[str]]]:
        """Return the folders in which a module may begin, with the names from there on."""
        here = os.path.dirname(file)  # noqa: PTH120
        names = dotted.lstrip(".")
        n_dots = len(dotted) - len(names)
        parts = names.split(".")
        if n_dots:
            ups = folders_up(here, self._root)
            return [(ups[n_dots - 1], parts)] if n_dots <= len(ups) else []
        folders = folders_up(here, self._root)
        folders += [f"{self._root}{os.sep}{each}" for each in _BESIDE]
        return [(folder, parts) for folder in folders]

    def _source(self, path: str) -> Source | None:
        known = self._modules.get(path)
        if known is not None:
            return known[1]
        stamp = _stamp(path)
        if stamp is None or stamp[1] > _MAX_BYTES or not self._is_inside(path):
            return None
        try:
            with open(path, "rb") as opened:  # noqa: PTH123
                data = opened.read(_MAX_BYTES)
        except OSError:
            return None
        project = Project(self._root, base=self._base, classes=self)
        source = Source(data.decode("utf-8-sig", "replace"), "python", path, project)
        if len(self._modules) >= _MAX_MODULES:
            self._modules.clear()
        self._modules[path] = (stamp, source)
        return source

    def _is_inside(self, path: str) -> bool:
        """Say whether a file is in the project, links followed."""
        return os.path.realpath(path).startswith(self._real_root.rstrip(os.sep) + os.sep)

    def _forget_changed(self) -> None:
        now = time.monotonic()
        if now - self._checked_at_seconds < _FRESH_SECONDS:
            return
        self._checked_at_seconds = now
        if any(_stamp(path) != stamp for path, (stamp, _) in self._modules.items()):
            # Each keeps what it found in others, so none of them can be trusted any more.
            self._modules.clear()
            self._found.clear()
        else:
            self._found = {key: facts for key, facts in self._found.items() if facts is not None}


_Stamp = tuple[int, int, int]


@lru_cache(maxsize=64)
def classes_of(root: str, base: str) -> ProjectClasses:
    """Return the one that looks up classes for the files of a project."""
    return ProjectClasses(root, base)


def _module_at(folder: str, parts: list[str], *, is_package: bool) -> tuple[str, list[str]]:
    """Return the file of the module that some names lead to, and the names that are left.

    A relative import starts in a package, whose own names are in its ``__init__.py``.
    """
    for index, part in enumerate(parts):
        if not part.isidentifier():
            return "", []
        below = f"{folder}{os.sep}{part}"
        if os.path.isfile(f"{below}.py"):  # noqa: PTH113
            return f"{below}.py", parts[index + 1 :]
        if not os.path.isdir(below):  # noqa: PTH112
            is_inside = is_package or index > 0
            return (f"{folder}{os.sep}__init__.py", parts[index:]) if is_inside else ("", [])
        folder = below
    return "", []


def _stamp(path: str) -> _Stamp | None:
    try:
        about = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return (about.st_mtime_ns, about.st_size, about.st_ino)
