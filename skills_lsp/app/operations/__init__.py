"""One file per thing a user can ask. This table feeds the LSP commands, the command line, the docs.

A module here has ``Params`` and ``Result`` (frozen dataclasses), ``async def op(app, params)``, and
a docstring whose first line says what it does. A result with a method ``markdown`` opens as a document
when a person calls its command without arguments; of a module with ``IS_DATA = True`` the message is shown.

Reports
-------
A module ``report_<x_y>.py`` is the LSP command ``skills.report.<xY>`` and the subcommand
``skills-lsp report <x-y>``; nothing else is to be registered.

- Each field of ``Params`` has a default and a sentence below it: the fields become options
  (``n_days`` is ``--n-days``, a ``bool`` a flag, a ``tuple`` one that may be repeated) and the sentences
  their help. A module's ``ARGUMENT = "<field>"`` names the one that is given without ``--``.
  ``op`` checks values and raises UsageError; without any it answers something sensible, for command
  menus call every command bare.
- ``Result`` has ``message`` (one sentence that says what the figures mean; it stands on top of the
  document too), ``charts`` (a tuple of what ``reports/charts.py`` makes, which a dashboard draws),
  ``document`` and ``markdown()``, which returns it. Whatever else it has is plain data.
  ``--json`` prints all of it but the document.
- A module that has ``async def stream(app, params)`` writes to a terminal's standard output itself: it
  returns an iterator over pieces of text, or None where ``op`` is to be asked.
- The document is laid out in ``reports/<x_y>.py`` by pure functions, with ``reports/layout.py`` and
  ``text/markdown.py``: a heading, the sentence, tables. Without history it is one sentence that says
  so and what to do (``layout.nothing_yet``). In a terminal the same document is shown in columns.
- SQL stands in ``store/``, arithmetic that needs scipy in ``stats/questions/``, asked by
  ``await app.analyst().ask(...)``; when that is None the report says so and shows the rest.
"""

import importlib
import pkgutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from skills_lsp.app.app import App

REPORT_PREFIX = "report_"
"""Starts the names of the modules whose operations are reports: ``skills.report.trend``."""

FIX_PREFIX = "fix_"
"""Starts those about the memory of fixes: ``skills.fix.recommend``."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An entry of the table. Its module is imported when something but the name is asked for."""

    name: str  # rerunLast
    module_name: str

    @property
    def command(self) -> str:
        """The LSP command."""
        return f"skills.{self.name}"

    @property
    def module(self) -> ModuleType:
        """The module that it stands in."""
        return importlib.import_module(f"{__name__}.{self.module_name}")

    @property
    def params(self) -> type:
        """The dataclass of its parameters."""
        made: type = self.module.Params
        return made

    @property
    def run(self) -> Callable[[App, Any], Coroutine[Any, Any, Any]]:
        """The function that does it."""
        op: Callable[[App, Any], Coroutine[Any, Any, Any]] = self.module.op
        return op

    @property
    def is_data(self) -> bool:
        """Say whether its result is for a client to show: the module says ``IS_DATA = True``."""
        return bool(getattr(self.module, "IS_DATA", False))

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return (self.module.__doc__ or "").partition("\n")[0]

    @property
    def is_report(self) -> bool:
        """Say whether it is one of ``skills-lsp report``."""
        return self.module_name.startswith(REPORT_PREFIX)


@cache
def table() -> dict[str, Operation]:
    """Return all operations by LSP command; the folder is the registry."""
    operations = {}
    for found in pkgutil.iter_modules(__path__):
        if found.name.startswith("_"):
            continue
        operation = Operation(_name_of(found.name), found.name)
        operations[operation.command] = operation
    return operations


def _name_of(module: str) -> str:
    """Return the name of a module's operation.

    >>> _name_of("rerun_last"), _name_of("report_similar_users"), _name_of("fix_stats")
    ('rerunLast', 'report.similarUsers', 'fix.stats')
    """
    group = next((it for it in (REPORT_PREFIX, FIX_PREFIX) if module.startswith(it)), "")
    first, *rest = module.removeprefix(group).split("_")
    name = first + "".join(word.capitalize() for word in rest)
    return f"{group.removesuffix('_')}.{name}" if group else name
