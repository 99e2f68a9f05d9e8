"""Vectors that were computed once: a file of its own, as all in it can be made again.

A vector is known by the model that made it and by the hash of its text, so that a changed skill is
embedded alone, and vectors of two models never meet.
"""

import contextlib
import hashlib
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

import apsw

from skills_lsp.store.database import SQLITE_ERRORS, open_writer, rows, use_write_ahead_log, write

MAX_VECTORS = 50_000
"""Some 80 MB; the longest unused go first."""

_CREATE = """
CREATE TABLE IF NOT EXISTS embedding (
    model TEXT NOT NULL,       -- Id of the model that made the vector.
    digest BLOB NOT NULL,      -- Hash of the text and of how much of it was read.
    vector BLOB NOT NULL,      -- 32-bit floats, little-endian, of length 1.
    used_at INTEGER NOT NULL,  -- Unix time in seconds when it was last asked for.
    PRIMARY KEY (model, digest)
) STRICT, WITHOUT ROWID
"""
_SELECT = "SELECT vector FROM embedding WHERE model = ? AND digest = ?"
_INSERT = "INSERT OR REPLACE INTO embedding (model, digest, vector, used_at) VALUES (?, ?, ?, ?)"
_PRUNE = """
DELETE FROM embedding WHERE (model, digest) IN (
    SELECT model, digest FROM embedding ORDER BY used_at DESC LIMIT -1 OFFSET ?)
"""


def digest_of(text: str, max_tokens: int) -> bytes:
    """Return the key of a text that is read up to a number of tokens."""
    data = f"{max_tokens}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).digest()


class Embeddings:
    """The vectors on the disk. Safe from any thread; a disk that refuses only costs time.

    Without a path, and when the file cannot be used, vectors are kept in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._db = _open(path)

    def get(self, model: str, digests: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the vectors that are known."""
        with self._lock, contextlib.suppress(*SQLITE_ERRORS_AND_OS):
            found = {
                digest: rows(self._db, _SELECT, (model, digest))
                for digest in dict.fromkeys(digests)
            }
            return {digest: hit[0][0] for digest, hit in found.items() if hit}
        return {}

    def put(self, model: str, vectors: Mapping[bytes, bytes], now_seconds: int) -> None:
        """Keep vectors; the longest unused make room."""

        def keep(db: apsw.Connection) -> None:
            given = ((model, key, vector, now_seconds) for key, vector in vectors.items())
            db.executemany(_INSERT, given)
            db.execute(_PRUNE, (MAX_VECTORS,))

        with self._lock, contextlib.suppress(*SQLITE_ERRORS_AND_OS):
            write(self._db, keep)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


SQLITE_ERRORS_AND_OS = (SQLITE_ERRORS, OSError)


def _open(path: Path | None) -> apsw.Connection:
    if path is not None:
        for _ in range(2):  # A damaged file is made anew: nothing in it is anybody's work.
            try:
                return _open_file(path)
            except SQLITE_ERRORS_AND_OS:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
    db = open_writer(":memory:")
    db.execute(_CREATE)
    return db


def _open_file(path: Path) -> apsw.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    # What a power cut takes away is computed again.
    db = open_writer(path, synchronous="OFF")
    try:
        use_write_ahead_log(db)
        db.execute(_CREATE)
        rows(db, "SELECT vector FROM embedding LIMIT 1")
    except BaseException:
        db.close()
        raise
    return db
