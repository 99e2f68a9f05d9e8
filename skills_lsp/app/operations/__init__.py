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
            _camel_case(module.name),
            loaded.Params,
            loaded.op,
            (loaded.__doc__ or "").partition("\n")[0],
        )
        operations[operation.command] = operation
    return operations


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
