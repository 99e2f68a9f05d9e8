"""What makes a pygls server start in a third of the time; the only place that touches private names.

Building the 554 classes of ``lsprotocol.types`` is 60 % of a pygls server's start, and a session
uses some 120 of them. Three things help:

- an attrs class of lsprotocol is finished when it is first used: made an instance of, or asked for
  its fields. Until then it is as it stands in the source;
- the methods that attrs, cattrs and dataclasses write as text and compile are kept, compiled, in one
  file in the user's cache folder: nine tenths of the time that a dataclass takes. The key is the text
  itself, so a cache can be cold and never wrong;
- the cyclic garbage collector looks only at the youngest objects while modules load, and what was
  loaded is then frozen, so that no later collection, nor the exit, walks it.

``SKILLS_LSP_FASTSTART=0`` switches all of it off. When a library changes so that the names below
are gone, the start is merely slower.
"""

import contextlib
import dataclasses
import gc
import importlib
import marshal
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any, cast

_MODULES = ("attr._make", "cattrs.gen")  # both call the builtin compile(script, filename, "exec")
_MAX_CACHE_BYTES = 16_000_000
# attrs throws away a class for each one it makes, and only a collection frees them (9 MB in all);
# looking at the youngest 20,000 objects now and then costs 5 ms, full collections cost 60.
_YOUNG_OBJECTS = 20_000
_NEVER = 100_000
_Key = tuple[str, str]


def is_enabled() -> bool:
    """Say whether the tricks are on (they are unless SKILLS_LSP_FASTSTART is 0)."""
    return os.environ.get("SKILLS_LSP_FASTSTART", "1") != "0"


@contextlib.contextmanager
def quick_imports(cache_folder: Path) -> Iterator["CodeCache | None"]:
    """Import within this block quickly; afterwards all is as the libraries would have it."""
    if not is_enabled():
        yield None
        return
    thresholds = gc.get_threshold()
    gc.set_threshold(_YOUNG_OBJECTS, _NEVER, _NEVER)
    cache = CodeCache(cache_folder)
    cache.install()
    try:
        import_types_lazily()
        yield cache
    finally:
        gc.freeze()
        gc.set_threshold(*thresholds)


# -- classes that are finished when they are used ----------------------------------------------


def import_types_lazily() -> None:
    """Import ``lsprotocol.types`` with each of its attrs classes finished at its first use."""
    if "lsprotocol.types" in sys.modules:
        return
    import attrs  # noqa: PLC0415 - part of what is timed

    real = attrs.define
    attrs.define = _lazy(real)
    try:
        hooks = importlib.import_module("lsprotocol._hooks")
    except ImportError:
        return
    finally:
        attrs.define = real
    # It would use every class at once; each is resolved as it is finished instead.
    if hasattr(hooks, "_resolved_forward_references"):
        vars(hooks)["_resolved_forward_references"] = True


def _lazy(define: Callable[..., Any]) -> Callable[..., Any]:
    """Return a stand-in for ``attrs.define`` that only marks the class."""

    def lazy_define(cls: type | None = None, **options: Any) -> Any:
        def mark(marked: type) -> type:
            if marked.__module__ != "lsprotocol.types":  # A library that it imports on the way.
                return cast("type", define(marked, **options))
            unfinished = _Unfinished(marked, define, options)
            marked.__attrs_attrs__ = _Fields(unfinished)  # type: ignore[attr-defined]
            marked.__init__ = unfinished.first_init()  # type: ignore[misc]
            return marked

        return mark if cls is None else mark(cls)

    return lazy_define


class _Unfinished:
    """A class as it stands in the source, and how attrs shall finish it, in place."""

    def __init__(self, cls: type, define: Callable[..., Any], options: dict[str, Any]) -> None:
        self._cls, self._define, self._options = cls, define, options

    def finish(self) -> None:
        """Let attrs do its work, and resolve the names in the annotations."""
        from lsprotocol import types  # noqa: PLC0415 - is being imported when this is defined

        cls = self._cls
        if isinstance(vars(cls).get("__attrs_attrs__"), _Fields):
            del cls.__attrs_attrs__  # type: ignore[attr-defined]
            del cls.__init__  # type: ignore[misc] # else attrs takes it for the class's own
            # Slots would make another class than the one the protocol's tables hold.
            self._define(cls, **{**self._options, "slots": False})
            importlib.import_module("attrs").resolve_types(cls, types.ALL_TYPES_MAP, {})

    def first_init(self) -> Callable[..., None]:
        """Return an ``__init__`` that finishes the class and then is the real one."""

        def __init__(instance: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
            self.finish()
            self._cls.__init__(instance, *args, **kwargs)  # type: ignore[misc]

        return __init__


class _Fields:
    """Stands for ``__attrs_attrs__``: asking a class for its fields finishes it."""

    def __init__(self, unfinished: _Unfinished) -> None:
        self._unfinished = unfinished

    def __get__(self, instance: object, owner: type) -> Any:
        self._unfinished.finish()
        return owner.__attrs_attrs__  # type: ignore[attr-defined]


# -- compiled methods --------------------------------------------------------------------------


class CodeCache:
    """Compiled scripts by (file name, script text), kept in one marshal file per Python."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"methods-{sys.implementation.cache_tag}-{sys.hexversion:x}.marshal"
        self._codes: dict[_Key, CodeType] = {}
        self._n_loaded = 0

    def install(self) -> None:
        """Read the file and put our ``compile`` and ``exec`` in front of the builtin ones."""
        self._codes = _read(self.path)
        self._n_loaded = len(self._codes)
        for name in _MODULES:
            # Where a module is gone it is not ours to complain: the real import will.
            with contextlib.suppress(ImportError):
                vars(importlib.import_module(name))["compile"] = self._compile
        vars(dataclasses)["exec"] = self._exec

    def save_if_grown(self) -> None:
        """Write the file anew when this start compiled something; call it when idle."""
        if len(self._codes) == self._n_loaded:
            return
        # A read-only home only costs the next start some time.
        with contextlib.suppress(OSError, ValueError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(handle, "wb") as file:
                data = marshal.dumps(self._codes)
                file.write(_sum_of(data) + data)
            Path(temporary).replace(self.path)
        self._n_loaded = len(self._codes)

    def _compile(self, source: Any, filename: Any, mode: str, *args: Any, **kwargs: Any) -> Any:
        # A __hash__ has the hash of a text in it, which is another one in each process.
        is_lasting = isinstance(source, str) and "__hash__" not in source
        if mode != "exec" or args or kwargs or not is_lasting:
            return compile(source, filename, mode, *args, **kwargs)
        return self._compiled(source, str(filename))

    def _exec(self, source: Any, *names: Any) -> None:
        """Do what ``exec`` does for dataclasses: they run a text that defines a method."""
        code = self._compiled(source, "<string>") if isinstance(source, str) else source
        exec(code, *names)  # noqa: S102 - what dataclasses would run

    def _compiled(self, source: str, filename: str) -> CodeType:
        key = (filename, source)
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = compile(source, filename, "exec")
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
            n_sum, data = len(_sum_of(b"")), file.read()
            if data[:n_sum] != _sum_of(data[n_sum:]):
                return {}
            codes = marshal.loads(data[n_sum:])  # noqa: S302 - ours alone, checked above
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    if not isinstance(codes, dict):
        return {}
    return codes


def _sum_of(data: bytes) -> bytes:
    """Return a check sum: of a file that a full disk cut short, any code might come."""
    return zlib.crc32(data).to_bytes(4, "big")


def _is_private(status: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):  # Windows: the folder is under the user's own profile.
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
