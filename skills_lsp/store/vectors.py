"""Finding skills by meaning: the vector extension, loaded without importing its package, and an index."""

import contextlib
import importlib.util
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import apsw

from skills_lsp.store.database import SQLITE_ERRORS, rows

_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


def vec0_version(db: apsw.Connection | None = None) -> str | None:
    """Load sqlite-vec into a connection and return its version; None where it cannot be had.

    Without a connection it is only tried, in a database of its own in memory.
    """
    if db is None:
        with contextlib.closing(apsw.Connection(":memory:")) as trial:
            return vec0_version(trial)
    path = extension_path()
    if path is None:
        return None
    try:
        db.enable_load_extension(True)
        db.load_extension(str(path))
        return str(db.execute("SELECT vec_version()").fetchall()[0][0])
    except SQLITE_ERRORS:  # built for another platform: the lexical search remains
        return None
    finally:
        db.enable_load_extension(False)


def extension_path() -> Path | None:
    """Return the path of the extension's library, None when the package is not installed.

    ``import sqlite_vec`` would import numpy (25 MB, about 0.1 s), and all it would tell is this path.
    """
    spec = importlib.util.find_spec("sqlite_vec")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / f"vec0{_SUFFIX}"
        if path.is_file():
            return path
    return None


class VectorIndex:
    """The skills by their vectors: a vec0 table in memory, by cosine. Safe from any thread.

    Where sqlite-vec cannot be loaded, nothing is found.
    """

    def __init__(self, vectors: Mapping[str, bytes]) -> None:
        self._lock = threading.Lock()
        self._names = tuple(vectors)
        self._db = apsw.Connection(":memory:")
        self.n_dimensions = _n_dimensions(vectors) if vec0_version(self._db) is not None else 0
        if not self.n_dimensions:
            return
        # Small chunks: a first row costs 192 kB instead of 1.5 MB.
        self._db.execute(
            "CREATE VIRTUAL TABLE skill USING vec0("
            f"vector float[{self.n_dimensions}] distance_metric=cosine, chunk_size=128)"
        )
        with self._db:
            self._db.executemany(
                "INSERT INTO skill (rowid, vector) VALUES (?, ?)",
                ((number, vectors[name]) for number, name in enumerate(self._names, 1)),
            )

    def nearest(self, vector: bytes, limit: int) -> tuple[tuple[str, float], ...]:
        """Return the nearest skills with their cosines, -1 to 1, nearest first."""
        if len(vector) != self.n_dimensions * _FLOAT_BYTES or limit < 1:
            return ()
        with self._lock:
            hits = rows(
                self._db,
                "SELECT rowid, distance FROM skill WHERE vector MATCH ? AND k = ?",
                (vector, min(limit, _MAX_NEAREST)),
            )
        return tuple((self._names[number - 1], 1.0 - distance) for number, distance in hits)


_FLOAT_BYTES = 4
_MAX_NEAREST = 4_096  # vec0's own limit


def _n_dimensions(vectors: Mapping[str, bytes]) -> int:
    sizes = {len(vector) for vector in vectors.values()}
    return sizes.pop() // _FLOAT_BYTES if len(sizes) == 1 else 0
