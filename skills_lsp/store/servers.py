"""Which server processes are alive, so that the runs of dead ones can be called interrupted.

A process id is not enough: ids are used again, and a container sees other ids than its host. So each
server holds a lock on a file of its own for as long as it lives; the system takes the lock away
when the process ends, however it ends.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FileLock:
    """An exclusive lock on a file, held until :meth:`release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def try_to_take(cls, path: Path) -> Self | None:
        """Take the lock now, or return None when a living process has it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(descriptor):
            return cls(path, descriptor)
        os.close(descriptor)
        return None

    def release(self) -> None:
        """Give the lock back; the file stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class Servers:
    """The folder of lock files beside a database, and this process's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: FileLock | None = None
        self.start_id = os.urandom(16).hex()

    def announce(self) -> None:
        """Say that this process lives."""
        if self._own is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own = FileLock.try_to_take(self._path(self.start_id))

    def is_gone(self, start_id: str) -> bool:
        """Say whether the server of that start has ended."""
        path = self._path(start_id)
        if start_id == self.start_id or not path.exists():
            return start_id != self.start_id
        lock = FileLock.try_to_take(path)
        if lock is None:
            return False
        lock.release()
        return True

    def n_alive(self) -> int:
        """Return how many servers hold their lock; this one's own counts too."""
        found = [it.stem for it in self._folder.glob("*.lock")]
        return sum(not self.is_gone(start_id) for start_id in found)

    def forget(self, start_id: str) -> None:
        """Remove the file of a server that is gone."""
        with contextlib.suppress(OSError):  # another server was first, or Windows still has it open
            self._path(start_id).unlink()

    def leave(self) -> None:
        """Say that this process is done."""
        if self._own is not None:
            self._own.release()
            self._own = None
            self.forget(self.start_id)

    def _path(self, start_id: str) -> Path:
        return self._folder / f"{start_id}.lock"


def _lock(descriptor: int) -> bool:
    """Lock an open file without waiting; say whether it was possible."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # Windows says the latter
        return False
    return True
