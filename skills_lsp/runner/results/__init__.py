"""Readers of what tools report, one file each; the folder is the registry.

A reader is a module with ``read(text, plan, run) -> Report``; ``ruff-json`` is ``ruff_json.py``.
``text`` is the result file, or what the tool printed where the plan has none. A reader raises
``RunError`` for a result that is not what was asked for, and leaves the exit code to its caller.
Names that begin with ``_`` are shared by readers and are none themselves.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from skills_lsp.errors import RunError
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report

Reader = Callable[[str, Plan, Run], Report]


def reader(name: str) -> Reader:
    """Return the reader with this name."""
    if name not in reader_names():
        raise RunError("unknown-reader", f"There is no reader for results called {name!r}.")
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    return cast("Reader", module.read)


def reader_names() -> tuple[str, ...]:
    """Return the names of all readers, sorted."""
    files = Path(__file__).parent.glob("[!_]*.py")
    return tuple(sorted(file.stem.replace("_", "-") for file in files))
