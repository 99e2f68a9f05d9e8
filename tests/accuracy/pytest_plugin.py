"""A plugin for pytest that writes down what was collected, and where Python says it is defined.

It is copied beside no project's own ``tests`` before it is loaded, so it imports nothing of ours.
"""

import functools
import inspect
import json
import os
import sys
from pathlib import Path

import pytest

_MAX_WRAPPERS = 50


class Collected:
    """What a session collects."""

    def __init__(self) -> None:
        self.items: list[dict[str, object]] = []
        self.files: list[str] = []
        self.broken: dict[str, str] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Write an item down."""
        if isinstance(item, pytest.Function):
            self.items.append(_described(item))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Write down which files could be collected."""
        path = report.nodeid.partition("::")[0]
        if report.outcome != "passed":
            self.broken[path] = f"{report.outcome}: {str(report.longrepr)[-300:]}"
        elif report.nodeid.endswith(".py"):
            self.files.append(path)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write all of it to the file that the judge reads."""
        found = {
            "root": str(session.config.rootpath),
            "items": self.items,
            "files": self.files,
            "broken": self.broken,
        }
        Path(os.environ["COLLECTED"]).write_text(json.dumps(found), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Take part."""
    config.pluginmanager.register(Collected(), "collected")


def _described(item: pytest.Function) -> dict[str, object]:
    name = item.originalname or item.name.partition("[")[0]
    classes = [each for each in item.listchain() if isinstance(each, pytest.Class)]
    holder = next((it for it in _mro(item.cls) if name in vars(it)), None)
    code = _code(item.obj)
    return {
        "path": str(item.path),
        "id": "::".join([*(each.name for each in classes), name]),
        "name": name,
        "holder": holder.__qualname__ if holder is not None else "",
        "holder_file": _file(holder.__module__) if holder is not None else str(item.path),
        "class": item.cls.__qualname__ if item.cls is not None else "",
        "class_file": _file(item.cls.__module__) if item.cls is not None else "",
        "code_file": code.co_filename if code is not None else "",
        "code_line": code.co_firstlineno if code is not None else 0,
    }


def _mro(cls: type | None) -> tuple[type, ...]:
    return cls.__mro__ if cls is not None else ()


def _file(module: str) -> str:
    return str(getattr(sys.modules.get(module), "__file__", ""))


def _code(function: object) -> "inspect.types.CodeType | None":
    """Return the code of the function that stands in the text, whatever was wrapped around it."""
    for _ in range(_MAX_WRAPPERS):
        hypothesis = getattr(function, "hypothesis", None)
        if hasattr(hypothesis, "inner_test"):
            function = hypothesis.inner_test
        elif isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif hasattr(function, "__func__"):
            function = function.__func__
        else:
            break
    return getattr(function, "__code__", None)
