"""Which modules are a project's own: those that its folders hold."""

import os
from collections.abc import Sequence
from pathlib import Path

from skills_lsp.domain.project import LocalModules, from_path

_MAX_KNOWN = 5_000


class _OnDisk:
    """Looks below the folders of a project, and around each file; what was found is kept."""

    def __init__(self, root: str, sources: Sequence[str], *, same_package: bool = True) -> None:
        self._root = root
        self._sources = [os.path.normpath(os.path.join(root, each)) for each in sources]  # noqa: PTH118
        self._same_package = same_package
        self._tops: dict[str, frozenset[str]] = {}
        self._known: dict[str, bool] = {}
        self._packages: dict[str, str] = {}

    def __call__(self, path: str, dotted: str) -> bool:
        top = dotted.partition(".")[0]
        if self._same_package and self._package(path) == top:
            return True
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()
        if dotted not in self._known:
            self._known[dotted] = any(self._holds(each, top, dotted) for each in self._sources)
        return self._known[dotted]

    def _holds(self, folder: str, top: str, dotted: str) -> bool:
        if folder not in self._tops:
            self._tops[folder] = _entries(folder)
        tops = self._tops[folder]
        if not tops & {top, f"{top}.py", f"{top}.pyi"}:
            return False
        at = Path(folder, *dotted.split("."))
        return at.is_dir() or at.with_suffix(".py").is_file() or at.with_suffix(".pyi").is_file()

    def _package(self, path: str) -> str:
        """Return the name of the topmost package that a file is in, empty when it is in none."""
        folder = os.path.dirname(os.path.join(self._root, path))  # noqa: PTH118, PTH120
        if folder not in self._packages:
            found = ""
            for each in (Path(folder), *Path(folder).parents):
                if not (each / "__init__.py").is_file():
                    break
                found = each.name
            self._packages[folder] = found
        return self._packages[folder]


def local_modules(
    root: str, sources: Sequence[str] = (".", "src"), *, same_package: bool = True
) -> LocalModules:
    """Return a lookup of a project's modules, which lie in ``sources`` below its root.

    A file in a package takes that package for the project's own, wherever it lies.
    """
    return _OnDisk(root, sources, same_package=same_package) if root else from_path


def _entries(folder: str) -> frozenset[str]:
    try:
        with os.scandir(folder) as found:
            return frozenset(each.name for each in found)
    except OSError:
        return frozenset()
