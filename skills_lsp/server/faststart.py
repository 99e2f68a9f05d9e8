"""What makes a pygls server start in half the time; the only place that touches private names.

Building the 554 classes of ``lsprotocol.types`` is 60 % of a pygls server's start, and most of that
is ``compile()`` of methods that attrs and cattrs write as text. Two things help:

- the compiled methods are kept in one file in the user's cache folder. The key is the text itself,
  so a cache can be cold and never wrong;
- the cyclic garbage collector is off while modules load, and what was loaded is then frozen, so
  that no later collection, nor the exit, walks it.

``SKILLS_LSP_FASTSTART=0`` switches all of it off. When attrs or cattrs change so that the names
below are gone, the start is merely slower.
"""

import contextlib
import gc
import importlib
import marshal
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

_MODULES = ("attr._make", "cattrs.gen")  # both call the builtin compile(script, filename, "exec")
_MAX_CACHE_BYTES = 16_000_000
_Key = tuple[str, str]


def is_enabled() -> bool:
    """Say whether the tricks are on (they are unless SKILLS_LSP_FASTSTART is 0)."""
    return os.environ.get("SKILLS_LSP_FASTSTART", "1") != "0"


@contextlib.contextmanager
def quick_imports(cache_folder: Path) -> Iterator["CodeCache | None"]:
    """Import within this block with the collector off and compiled methods from the cache."""
    if not is_enabled():
        yield None
        return
    gc.disable()
    cache = CodeCache(cache_folder)
    try:
        cache.install()
        yield cache
    finally:
        gc.freeze()
        gc.enable()


class CodeCache:
    """Compiled scripts by (file name, script text), kept in one marshal file per Python."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"methods-{sys.implementation.cache_tag}-{sys.hexversion:x}.marshal"
        self._codes: dict[_Key, CodeType] = {}
        self._n_loaded = 0

    def install(self) -> None:
        """Read the file and put our ``compile`` in front of the builtin one in both modules."""
        self._codes = _read(self.path)
        self._n_loaded = len(self._codes)
        for name in _MODULES:
            # Where a module is gone it is not ours to complain: the real import will.
            with contextlib.suppress(ImportError):
                vars(importlib.import_module(name))["compile"] = self._compile

    def save_if_grown(self) -> None:
        """Write the file anew when this start compiled something; call it when idle."""
        if len(self._codes) == self._n_loaded:
            return
        # A read-only home only costs the next start some time.
        with contextlib.suppress(OSError, ValueError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(handle, "wb") as file:
                marshal.dump(self._codes, file)
            Path(temporary).replace(self.path)
        self._n_loaded = len(self._codes)

    def _compile(self, source: Any, filename: Any, mode: str, *args: Any, **kwargs: Any) -> Any:
        if mode != "exec" or args or kwargs or not isinstance(source, str):
            return compile(source, filename, mode, *args, **kwargs)
        key = (str(filename), source)
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = compile(source, filename, mode)
        return code


def _read(path: Path) -> dict[_Key, CodeType]:
    """Return the cached codes; nothing when the file is absent, damaged or not only ours to write.

    Unmarshalled code is run, so a file that somebody else could have written is not read.
    """
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > _MAX_CACHE_BYTES or not _is_private(status):
                return {}
            codes = marshal.load(file)  # noqa: S302 - ours alone, checked above
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    if not isinstance(codes, dict):
        return {}
    return codes


def _is_private(status: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):  # Windows: the folder is under the user's own profile.
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
