"""Which modules are a project's own: those that its folders hold."""

import os
from collections.abc import Sequence
from functools import lru_cache

from skills_lsp.domain.project import LocalModules, from_path
from skills_lsp.projects.files import is_there

_MAX_KEPT = 5_000


def local_modules(
    root: str,
    base: str = "",
    sources: Sequence[str] = (".", "src"),
    *,
    same_package: bool = True,
    is_by_name: bool = False,
) -> LocalModules:
    """Return a lookup of a project's modules, which lie in ``sources`` below its root.

    Paths of files are relative to ``base``. A file in a package takes that package for the project's
    own, wherever it lies; and, ``is_by_name``, any file one of the source folders itself.
    """
    if not root:
        return from_path
    folders = tuple(os.path.normpath(os.path.join(root, each)) for each in sources)  # noqa: PTH118
    return _lookup(base or root, folders, same_package, is_by_name)


class _OnDisk:
    """Looks below the folders of a project, and around each file.

    What was found is kept until something appears in one of the folders or goes from it.
    """

    def __init__(
        self, base: str, sources: Sequence[str], *, same_package: bool, is_by_name: bool
    ) -> None:
        self._base = base
        self._is_by_name = is_by_name
        self._sources = sources
        self._same_package = same_package
        self._stamps: list[int] = []
        self._tops: dict[str, frozenset[str]] = {}
        self._packages: dict[str, str] = {}

    def __call__(self, path: str, dotted: str) -> bool:
        stamps = [_changed_at(each) for each in self._sources]
        if stamps != self._stamps or len(self._packages) > _MAX_KEPT:
            self._stamps = stamps
            self._tops = {each: _entries(each) for each in self._sources}
            self._packages.clear()
        top = dotted.partition(".")[0]
        if self._same_package and self._package(path) == top:
            return True
        return any(self._holds(each, top, dotted) for each in self._sources)

    def _holds(self, folder: str, top: str, dotted: str) -> bool:
        if top == os.path.basename(folder) and self._is_by_name:  # noqa: PTH119
            return True
        if not self._tops[folder] & {top, f"{top}.py", f"{top}.pyi"}:
            return False
        at = f"{folder}{os.sep}{dotted.replace('.', os.sep)}"
        return os.path.isdir(at) or is_there(f"{at}.py") or is_there(f"{at}.pyi")  # noqa: PTH112

    def _package(self, path: str) -> str:
        """Return the name of the topmost package that a file is in, empty when it is in none."""
        folder = os.path.dirname(os.path.join(self._base, path))  # noqa: PTH118, PTH120
        if folder not in self._packages:
            found, at = "", folder
            while is_there(f"{at}{os.sep}__init__.py"):
                above, found = os.path.split(at)
                if above == at:
                    break
                at = above
            self._packages[folder] = found
        return self._packages[folder]


@lru_cache(64)
def _lookup(
    base: str, folders: tuple[str, ...], same_package: bool, is_by_name: bool
) -> LocalModules:
    return _OnDisk(base, folders, same_package=same_package, is_by_name=is_by_name)


def _changed_at(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - asked often
    except (OSError, ValueError):
        return 0


def _entries(folder: str) -> frozenset[str]:
    try:
        with os.scandir(folder) as found:
            return frozenset(each.name for each in found)
    except (OSError, ValueError):
        return frozenset()
