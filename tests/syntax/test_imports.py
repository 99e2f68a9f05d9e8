"""What imports bind, and what names stand for."""

import pytest

from skills_lsp.syntax.bindings import origin
from skills_lsp.syntax.imports import import_table, imported_modules
from skills_lsp.syntax.source import Source


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("import a", {"a": "a"}),
        ("import a.b.c", {"a": "a"}),
        ("import a.b as c", {"c": "a.b"}),
        ("from a.b import c as d, e", {"d": "a.b.c", "e": "a.b.e"}),
        ("from . import a", {"a": ".a"}),
        ("from ..a import b", {"b": "..a.b"}),
        ("from a import *", {}),
        ("from a import (b,\n  c)", {"b": "a.b", "c": "a.c"}),
        ("def f():\n  import a", {"a": "a"}),
        ("'import a'  # import b", {}),
        ("important = 1", {}),
    ],
)
def test_python_imports(text: str, table: dict[str, str]) -> None:
    assert import_table(Source(text, "python")) == table


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ('import a from "m"', {"a": "m"}),
        ('import a, { b, c as d } from "m"', {"a": "m", "b": "m.b", "d": "m.c"}),
        ('import * as a from "node:fs"', {"a": "fs"}),
        ('import { default as a } from "m"', {"a": "m"}),
        ('import test from "node:test"', {"test": "node:test"}),
        ('import "m"', {}),
        ('const a = require("m")', {"a": "m"}),
        ('const a = require("m").b', {"a": "m.b"}),
        ('const { a, b: c } = require("m")', {"a": "m.a", "c": "m.b"}),
        ("const a = require(name)", {}),
        ('"import a from x" // import b from "m"', {}),
    ],
)
@pytest.mark.parametrize("language", ["javascript", "typescript", "tsx"])
def test_javascript_imports(text: str, table: dict[str, str], language: str) -> None:
    assert import_table(Source(text, language)) == table


def test_typescript_imports_of_types_and_modules() -> None:
    text = 'import type { A } from "a"\nimport { type B } from "b"\nimport c = require("c")'
    table = import_table(Source(text, "typescript"))
    assert table == {"A": "a.A", "B": "b.B", "c": "c"}


def test_modules_are_named_once_in_order() -> None:
    text = "import b.c\nfrom a import x\nfrom a import y\nimport b.c as d"
    assert imported_modules(Source(text, "python")) == ("b.c", "a")


def stands_for(text: str, language: str = "python") -> str | None:
    """Return what the dotted name before ``$0`` stands for."""
    before, after = text.split("$0")
    name = before.split()[-1].lstrip("({[")
    return origin(Source(before + after, language), name, len(before) - len(name))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("import numpy as np\nnp.load$0()", "numpy.load"),
        ("from subprocess import run as r\nr$0()", "subprocess.run"),
        ("eval$0(x)", "eval"),
        ("def eval(x): ...\neval$0(x)", None),
        ("import os\ndef f(os):\n  os.system$0(x)", None),
        ("import os\ndef f(os): ...\nos.system$0(x)", "os.system"),
        ("import os\ndef f():\n  os = 1\n  def g():\n    os.system$0(x)", None),
        ("def f():\n  import os as o\n  o.system$0(x)", "os.system"),
        ("import os\nlambda os: os.x$0", None),
        ("import os\nfor os in x:\n  os.y$0", "os.y"),
        ("import os\nwith x as (os, y):\n  pass\ndef f():\n  with a as os:\n    os.y$0", None),
        ("class A:\n  def eval(self): ...\n  def f(self):\n    eval$0(x)", "eval"),
        ("try:\n  import a as json\nexcept ImportError:\n  json = None\njson.x$0", "a.x"),
        ("import a\n[a for a in x]\na.b$0", "a.b"),
        ("import a\nf(a=1)\nx.a = 1\na.b$0", "a.b"),
        ("def f(x: int = 1, *eval, **k):\n  eval$0", None),
        ("import a\ndef f():\n  try: ...\n  except a.B as e:\n    a.b$0", "a.b"),
        ("import a\ndef f():\n  try: ...\n  except a as e:\n    a.b$0", "a.b"),
        ("def f():\n  if (eval := x):\n    eval$0", None),
    ],
)
def test_a_python_name_stands_for_its_nearest_binding(text: str, meaning: str | None) -> None:
    assert stands_for(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ('import cp from "child_process"; cp.exec$0()', "child_process.exec"),
        ('import { exec as e } from "node:child_process"; e$0()', "child_process.exec"),
        ("eval$0(x)", "eval"),
        ("function f(eval) { eval$0(x) }", None),
        ("const f = eval => eval$0(x)", None),
        ("{ let it = 1 } it$0(x)", "it"),
        ("{ let it = 1; it$0(x) }", None),
        ("function f() { { var it = 1 } it$0(x) }", None),
        ("function f({ a: it }) { it$0(x) }", None),
        ("function f({ it: a }) { it$0(x) }", "it"),
        ("try {} catch (it) { it$0(x) }", None),
        ("for (const it of x) { it$0(x) }", None),
        ("function it() {}\nit$0(x)", None),
        ("class A { it() {} m() { it$0(x) } }", "it"),
        ('import { test as it } from "m"; test$0(x)', "test"),
    ],
)
@pytest.mark.parametrize("language", ["javascript", "tsx"])
def test_a_javascript_name_stands_for_its_nearest_binding(text, meaning, language) -> None:
    assert stands_for(text, language) == meaning
