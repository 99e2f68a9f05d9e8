"""The vector extension: found beside its Python package, loaded without importing that package."""

import contextlib
import importlib.util
import sys
from pathlib import Path

import apsw

from skills_lsp.store.database import SQLITE_ERRORS

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
