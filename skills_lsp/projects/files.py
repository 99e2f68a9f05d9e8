"""Reading of a project's files: only regular ones, not too long, and again only when they changed."""

import os
import stat
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")

_MAX_KEPT = 2_000
"""How many files a memory holds before it starts anew."""


class Memory(Generic[_T]):
    """What was read from files, by path; kept until a file has another time, length or inode."""

    def __init__(self, read: Callable[[str, bytes], _T], otherwise: _T, max_bytes: int) -> None:
        self._read = read
        self._otherwise = otherwise
        self._max_bytes = max_bytes
        self._kept: dict[str, tuple[tuple[int, int, int], _T]] = {}

    def of(self, path: str) -> _T:
        """Return what a file comes to; for what is not a readable file, ``otherwise``."""
        try:
            about = os.stat(path)  # noqa: PTH116 - asked often, and pathlib takes five times as long
        except (OSError, ValueError):
            return self._otherwise
        if not stat.S_ISREG(about.st_mode) or about.st_size > self._max_bytes:
            return self._otherwise
        stamp = (about.st_mtime_ns, about.st_size, about.st_ino)
        known = self._kept.get(path)
        if known is None or known[0] != stamp:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            known = self._kept[path] = (stamp, self._fresh(path))
        return known[1]

    def _fresh(self, path: str) -> _T:
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - as above
                data = file.read(self._max_bytes + 1)
        except (OSError, ValueError):
            return self._otherwise
        return self._read(path, data) if len(data) <= self._max_bytes else self._otherwise


def is_there(path: str) -> bool:
    """Say whether there is anything at a path; False for a path that the system refuses."""
    try:
        os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return False
    return True


def folders_up(folder: str, top: str = "") -> list[str]:
    """Return a folder and those above it, up to ``top`` or the file system's root."""
    found = [folder]
    while folder != top and len(found) < _MAX_FOLDERS:
        above = os.path.dirname(folder)  # noqa: PTH120 - as above
        if above == folder:
            break
        found.append(above)
        folder = above
    return found


_MAX_FOLDERS = 60
