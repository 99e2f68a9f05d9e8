"""Names that plain assignments give to other things, and values that are written down."""

import pytest

from skills_lsp.syntax.aliases import alias_names
from skills_lsp.syntax.bindings import origin
from skills_lsp.syntax.constants import constant_value
from skills_lsp.syntax.occurrences import names
from skills_lsp.syntax.source import Source
from skills_lsp.text import Encoding, Span


def meaning(code: str, language: str = "python") -> str | None:
    """Return what the name before ``$`` stands for."""
    at = code.index("$")
    source = Source(code.replace("$", ""), language)
    start = at - len(code[:at].replace("(", " ").split()[-1])
    dotted = code[start:at]
    return origin(source, dotted, start)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import subprocess\nrun = subprocess.run\nrun$(x)", "subprocess.run"),
        ("import subprocess as sp\ns = sp\nr = s.run\ndef f():\n    r$(x)", "subprocess.run"),
        ("def f():\n    run = os.system\n    run$(x)", "os.system"),
        ("a = b = os.system\na$(x)", "os.system"),
        ('run = getattr(os, "system")\nrun$(x)', "os.system"),
        ('o = __import__("os")\nrun = getattr(o, "system")\nrun$(x)', "os.system"),
        (
            'import importlib\nsp = importlib.import_module("subprocess")\nsp.run$(x)',
            "subprocess.run",
        ),
        ("run = getattr(os, name)\nrun$(x)", None),
        ("run: Any = os.system\nrun$(x)", "os.system"),
        ("if x:\n    run = os.system\nelse:\n    run = os.system\nrun$(x)", "os.system"),
        ("run = os.system\nrun = print\nrun$(x)", None),
        ("run = os.system\nrun += 1\nrun$(x)", None),
        ("run = os.system\ndef f():\n    global run\n    run = print\nrun$(x)", None),
        ("run = os.system\ndef f(run):\n    run$(x)", None),
        ("run = os.system\nfor run in y: pass\nrun$(x)", None),
        ("run, b = os.system, c\nrun$(x)", None),
        ("a = b\nb = a\na$(x)", None),
        ("a = a.b\na$(x)", None),
    ],
)
def test_a_name_bound_once_by_assignment_stands_for_what_it_is_given(code, expected) -> None:
    assert meaning(code) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("const cp = require('child_process'); const ex = cp.exec; ex$(x)", "child_process.exec"),
        ("import cp from 'child_process'; const { exec } = cp; exec$(x)", "child_process.exec"),
        ("import cp from 'child_process'; const { exec: e } = cp; e$(x)", "child_process.exec"),
        ("const e = util.promisify(cp.exec); e$(x)", "cp.exec"),
        ("let e = cp.exec; e$(x)", "cp.exec"),
        ("let e = cp.exec; e = 3; e$(x)", None),
        ("const { a: { exec } } = cp; exec$(x)", None),
        ("const e = wrap(cp.exec); e$(x)", None),
    ],
)
def test_names_of_javascript_are_followed(code, expected) -> None:
    assert meaning(code, "javascript") == expected


def constant(code: str, language: str = "python") -> str | None:
    source = Source(code, language)
    return constant_value(source, list(names(source, "x"))[-1])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = 'md5'\nf(x)", "md5"),
        ("y = 'a' 'b'\nx = y\ndef g():\n    f(x)", "ab"),
        ("x = True\nf(x)", "True"),
        ("x = 'a'\nx = 'b'\nf(x)", None),
        ("x = f'{a}'\nf(x)", None),
        ("def g(x='a'):\n    f(x)", None),
        ("with y as x: f(x)", None),
        ("x = x\nf(x)", None),
    ],
)
def test_a_constant_is_found_through_names(code, expected) -> None:
    assert constant(code) == expected


def test_a_constant_of_javascript_may_not_change() -> None:
    assert constant("const x = 'a'; f(x)", "javascript") == "a"
    assert constant("let x = 'a'; x += 'b'; f(x)", "javascript") is None


def test_aliases_are_seen_when_they_are_typed_later() -> None:
    source = Source("import os\n\nrun(x)\n", "python")
    assert alias_names(source, {"os"}) == frozenset()
    at = source.buffer.point_at(1, 0, Encoding.UTF8)
    source.replace(Span(at, at), "r = os\nrun = r.system\n")
    assert alias_names(source, {"os"}) == {"r", "run"}
    assert origin(source, "run", len(source.data) - 8) == "os.system"
