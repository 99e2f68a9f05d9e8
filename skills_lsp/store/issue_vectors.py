"""Issues by meaning: their vectors in a file of its own, as all in it can be made again.

A comparison with each of 100,000 vectors takes 70 ms. So it is done in two steps: by the signs alone
(bits in a vec0 table, parted by what kind of issue it is), and what is near by those exactly. Issues of
the same kind say most; the others are asked when those are too few. Vectors of two models never meet:
each has its own table, and a model that is no longer used is forgotten.
"""

import contextlib
import json
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

import apsw

from skills_lsp.store.database import SQLITE_ERRORS, open_writer, rows, use_write_ahead_log, write
from skills_lsp.store.vectors import vec0_version

N_OF_KIND, N_OF_ANY = 64, 24
"""Taken by signs, of the same kind and of all, then compared exactly. Each costs 0.15 ms in 100,000."""

_FLOAT_BYTES = 4
_BITS_OF_A_BYTE = 8
_ERRORS = (SQLITE_ERRORS, OSError)
_MODELS = """
CREATE TABLE IF NOT EXISTS model (
    id INTEGER PRIMARY KEY,           -- Number of the model.
    name TEXT NOT NULL UNIQUE,        -- Its id.
    n_dimensions INTEGER NOT NULL     -- Of its vectors.
) STRICT
"""
_VECTORS = """
CREATE TABLE IF NOT EXISTS vector (
    id INTEGER PRIMARY KEY,           -- Number of the vector, as in the table of signs.
    model_id INTEGER NOT NULL,        -- The model that made it.
    digest BLOB NOT NULL,             -- Key of the issue.
    vector BLOB NOT NULL,             -- 32-bit floats, little-endian, of length 1.
    UNIQUE (model_id, digest)
) STRICT
"""

_VECTOR = """
SELECT vector FROM vector
WHERE digest = ? AND model_id = (SELECT id FROM model WHERE name = ?)
"""


class IssueVectors:
    """The index. Safe from any thread; where sqlite-vec cannot be loaded, nothing is found.

    Without a path, or where the file cannot be used, it is in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._db, self.is_usable = _open(path)

    def add(self, model: str, vectors: Mapping[bytes, tuple[str, bytes]]) -> None:
        """Keep kinds and vectors of issues; what stands under a key already stays."""
        sizes = {len(it) for _, it in vectors.values()}
        n_dimensions = sizes.pop() // _FLOAT_BYTES if len(sizes) == 1 else 0
        if not self.is_usable or not n_dimensions or n_dimensions % _BITS_OF_A_BYTE:
            return
        with self._lock, contextlib.suppress(*_ERRORS):
            write(self._db, lambda db: _add(db, model, n_dimensions, vectors))

    def vector(self, model: str, digest: bytes) -> bytes:
        """Return the vector of an issue; empty when there is none."""
        with self._lock, contextlib.suppress(*_ERRORS):
            found = rows(self._db, _VECTOR, (digest, model))
            return bytes(found[0][0]) if found else b""
        return b""

    def missing(self, model: str, digests: Iterable[bytes]) -> list[bytes]:
        """Return the keys that have no vector of this model."""
        with self._lock, contextlib.suppress(*_ERRORS):
            return [it for it in digests if not rows(self._db, _VECTOR, (it, model))]
        return []

    def nearest(
        self, model: str, kind: str, vector: bytes, limit: int
    ) -> list[tuple[bytes, float]]:
        """Return the keys of the nearest issues with their cosines, -1 to 1, nearest first."""
        with self._lock, contextlib.suppress(*_ERRORS):
            found = rows(self._db, "SELECT id, n_dimensions FROM model WHERE name = ?", (model,))
            if found and len(vector) == found[0][1] * _FLOAT_BYTES and limit > 0:
                return _near(self._db, found[0][0], kind, vector, limit)
        return []

    def keep_only(self, model: str) -> None:
        """Forget the vectors of all other models."""
        with self._lock, contextlib.suppress(*_ERRORS):
            others = rows(self._db, "SELECT id FROM model WHERE name <> ?", (model,))
            for (number,) in others:
                write(self._db, lambda db, number=number: _drop(db, number))  # type: ignore[misc]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _add(
    db: apsw.Connection,
    model: str,
    n_dimensions: int,
    vectors: Mapping[bytes, tuple[str, bytes]],
) -> None:
    db.execute(
        "INSERT INTO model (name, n_dimensions) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (model, n_dimensions),
    )
    ((number, known_dimensions),) = rows(
        db, "SELECT id, n_dimensions FROM model WHERE name = ?", (model,)
    )
    if known_dimensions != n_dimensions:
        return
    db.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS signs_{number} USING vec0("
        f"kind TEXT PARTITION KEY, signs bit[{n_dimensions}], chunk_size=256)"
    )
    for digest, (kind, vector) in vectors.items():
        db.execute(
            "INSERT INTO vector (model_id, digest, vector) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (number, digest, vector),
        )
        if db.changes():
            db.execute(
                f"INSERT INTO signs_{number} (rowid, kind, signs)"  # noqa: S608 - a number
                " VALUES (?, ?, vec_quantize_binary(?))",
                (db.last_insert_rowid(), kind, vector),
            )


def _near(
    db: apsw.Connection, number: int, kind: str, vector: bytes, limit: int
) -> list[tuple[bytes, float]]:
    nearest = (
        f"SELECT rowid FROM signs_{number} WHERE signs MATCH vec_quantize_binary(:asked) AND k = :k"  # noqa: S608 - a number
    )
    asked = {"asked": vector, "k": max(N_OF_KIND, limit), "kind": kind}
    ids = [it for (it,) in rows(db, f"{nearest} AND kind = :kind", asked)]
    if len(ids) < limit:
        ids += [it for (it,) in rows(db, nearest, {**asked, "k": N_OF_ANY})]
    found = rows(
        db,
        "SELECT digest, vec_distance_cosine(vector, ?) AS far FROM vector"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY far, id LIMIT ?",
        (vector, json.dumps(ids), limit),
    )
    return [(digest, 1.0 - far) for digest, far in found if far is not None]


def _drop(db: apsw.Connection, number: int) -> None:
    db.execute(f"DROP TABLE IF EXISTS signs_{number}")
    db.execute("DELETE FROM vector WHERE model_id = ?", (number,))
    db.execute("DELETE FROM model WHERE id = ?", (number,))


def _open(path: Path | None) -> tuple[apsw.Connection, bool]:
    if path is not None:
        for _ in range(2):  # A damaged file is made anew: nothing in it is anybody's work.
            try:
                return _open_file(path)
            except _ERRORS:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
    return _prepared(open_writer(":memory:"))


def _open_file(path: Path) -> tuple[apsw.Connection, bool]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    # What a power cut takes away is computed again.
    db = open_writer(path, synchronous="OFF")
    try:
        use_write_ahead_log(db)
        return _prepared(db)
    except BaseException:
        db.close()
        raise


def _prepared(db: apsw.Connection) -> tuple[apsw.Connection, bool]:
    db.execute(_MODELS)
    db.execute(_VECTORS)
    rows(db, "SELECT digest FROM vector LIMIT 1")
    return db, vec0_version(db) is not None
