"""One file per thing a user can ask. This table feeds the LSP commands, the command line, the docs.

A module here has ``Params`` and ``Result`` (frozen dataclasses), ``async def op(app, params)``, and
a docstring whose first line says what it does. A result with a method ``markdown`` is a report.
"""

import importlib
import pkgutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from typing import Any

from skills_lsp.app.app import App

REPORT_PREFIX = "report_"
"""Starts the names of the modules whose operations are reports: ``skills.report.trend``."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An entry of the table."""

    name: str  # rerunLast
    params: type
    run: Callable[[App, Any], Coroutine[Any, Any, Any]]
    summary: str

    @property
    def command(self) -> str:
        """The LSP command."""
        return f"skills.{self.name}"


@cache
def table() -> dict[str, Operation]:
    """Return all operations by LSP command; the folder is the registry."""
    operations = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        operation = Operation(
            _name_of(module.name),
            loaded.Params,
            loaded.op,
            (loaded.__doc__ or "").partition("\n")[0],
        )
        operations[operation.command] = operation
    return operations


def _name_of(module: str) -> str:
    """Return the name of a module's operation.

    >>> _name_of("rerun_last"), _name_of("report_similar_users")
    ('rerunLast', 'report.similarUsers')
    """
    first, *rest = module.removeprefix(REPORT_PREFIX).split("_")
    name = first + "".join(word.capitalize() for word in rest)
    return f"report.{name}" if module.startswith(REPORT_PREFIX) else name
