"""Imports: their order by a project's settings, what is used, and that edits change no answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.domain.project import SECTIONS, ImportRules, Project
from skills_lsp.patterns.import_order import unsorted_blocks
from skills_lsp.patterns.import_rules import steps
from skills_lsp.patterns.javascript_uses import unused_imports as unused_in_javascript
from skills_lsp.patterns.python_uses import unused_imports as unused_in_python
from skills_lsp.syntax.source import Source
from skills_lsp.text import Encoding, Span


def reasons(text: str, path: str = "shop/till.py", **rules) -> list[str]:
    rules.setdefault("is_local", lambda _path, dotted: dotted.startswith("shop"))
    project = Project(imports=ImportRules(**rules))
    found = unsorted_blocks(Source(text, "python", path, project))
    return [f"{it.late.start.line + 1}: {it.reason}" for it in found]


SORTED = "import os\nfrom abc import ABC\n\nimport requests\n\nfrom shop import a\n\nfrom . import b\n"


def test_a_sorted_block_is_left_alone() -> None:
    assert reasons(SORTED) == []
    assert reasons(SORTED.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("text", "rules", "expected"),
    [
        ("from a import b, c\n", {"force_single_line": True}, ["1: each of these names wants"]),
        ("from a import b\nfrom a import c\n", {"force_single_line": True}, []),
        (
            "from typing import b, c\n",
            {"force_single_line": True, "single_line_exclusions": frozenset({"typing"})},
            [],
        ),
        ("from b import x\nimport a\n", {"from_first": True}, []),
        ("from b import x\nimport a\n", {"force_sort_within_sections": True}, ["2: this import"]),
        ("import a\nfrom b import x\nimport c\n", {"force_sort_within_sections": True}, []),
        ("from a import b as c, d\n", {"combine_as": True}, []),
        ("from a import b as c, d\n", {}, ["1: a name with an alias"]),
        ("import a\nimport b\nimport ccc\nimport dd\n", {"length_sort": True}, ["4: this import"]),
        ("from a import B, a\n", {"order_by_type": False}, ["1: `a` belongs further up"]),
        ("from . import a\nfrom .. import b\n", {"is_nearest_first": True}, []),
        ("from . import a\nfrom .. import b\n", {}, ["2: this import belongs above"]),
        ("import os\n\n\nx = 1\n", {"lines_after": 2}, []),
        ("import os\n\nx = 1\n", {"lines_after": 2}, ["1: 2 empty lines belong after"]),
        ("import a\n\nfrom b import c\n", {"lines_between_types": 1}, []),
        ("import os\nimport requests\n", {"no_lines_before": frozenset({"third-party"})}, []),
        ("import requests\nimport os\n", {"no_sections": True}, ["2: this import belongs above"]),
        ("import b\nimport a\n", {"force_to_top": frozenset({"b"})}, []),
        ("import odoo\n\nimport a\n", {"sections": ("odoo", *SECTIONS), "known": (("odoo", "odoo"),)}, []),
        ("import b\n\nimport ca\n", {"forced_separate": ("c",)}, []),
        ("# Std\nimport os\n", {"headings": (("standard-library", "# Std"),)}, []),
        ("import os\n", {"headings": (("standard-library", "# Std"),)}, ["1: comments and empty"]),
        ("from a import (\n    b,\n)\n", {}, []),
        ("from a import (\n    b,\n)\n", {"split_on_trailing_comma": False}, ["1: this import fits on"]),
        ("from a import b, c, d, e\n", {"line_length": 20}, ["1: these names belong on a line"]),
        ("import tomllib\n\nimport a\n", {}, []),
        ("import a\n\nimport tomllib\n", {"python": 10}, ["3: these imports are of one section"]),
        ("from a import x\nfrom a import y as z\nfrom a import zz\n", {"is_isort": True}, []),
        ("from a import x\nfrom a import zz\n", {"is_isort": True}, ["2: one import can hold"]),
        ("import b\nimport a\n", {"silent": frozenset({"unsorted-imports"})}, []),
    ],
)  # fmt: skip
def test_settings_of_the_project_are_followed(text: str, rules, expected: list[str]) -> None:
    found = reasons(text, **rules)
    assert len(found) == len(expected)
    assert all(it.startswith(start) for it, start in zip(found, expected, strict=True))


def test_a_stub_wants_one_empty_line_before_a_class() -> None:
    assert reasons("import os\n\nclass A: ...\n", "shop/a.pyi") == []
    assert reasons("import os\n\nclass A: ...\n") == ["1: 2 empty lines belong after the imports"]


def test_a_comment_apart_from_a_class_takes_its_empty_lines() -> None:
    assert reasons("import os\n\n# Apart.\n\n\nclass A: ...\n") == []
    assert reasons("import os\n\n# Its own.\nclass A: ...\n") != []


def test_the_first_module_of_two_that_differ_by_a_dot_or_a_digit() -> None:
    assert reasons("import a.b\nimport a1\n") == []
    assert reasons("import a1\nimport a.b\n", is_isort=True) == []


PYTHON = (
    "import os\nimport sys\nimport json as j\nfrom a import b, c\n\n\n"
    "def f(x=os):\n    return [b for b in x]\n\n\nclass K:\n    j = j\n\n    def m(self):\n"
    "        import sys\n        return sys, c\n\n\n__all__ = ['b']\n"
)
JAVASCRIPT = (
    "import a from 'a';\nimport {b, c as d} from 'b';\nconst {e} = require('e');\n"
    "function f(b) { return b; }\nexport const g = (x = a) => { let d = x; return d; };\n"
    "class K { m() { return e; } }\n/** {@link b} */\n"
)
PIECES = st.sampled_from(
    ["", "\n", " ", "b", "d", "e", "os", "j.", ", c", "(", ")", "#", '"', "def g(os):\n    ", "x = b\n"]
    + ["import b\n", "global os\n", "{", "}", "let b;\n", "b = 1;", "for c in d: ", "    "]
)
EDITS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 40), st.integers(0, 12), PIECES), max_size=10
)


@pytest.mark.parametrize("language", ["python", "javascript", "tsx"])
@settings(max_examples=150, deadline=None)
@given(edits=EDITS)
def test_what_is_known_of_imports_outlives_only_edits_that_leave_it_true(language, edits) -> None:
    is_python = language == "python"
    source = Source(PYTHON if is_python else JAVASCRIPT, language, "a.py" if is_python else "a.js")
    answers(source)
    for line, column, more, piece in edits:
        buffer = source.buffer
        start = buffer.point_at(line % len(buffer.lines), column, Encoding.UTF8)
        end = max(start, buffer.point_at(start.line, column + more, Encoding.UTF8))
        source.replace(Span(start, end), piece)
        found = answers(source)
        fresh = Source(source.buffer.text, language, source.path)
        assert found == answers(fresh)


def answers(source: Source) -> list[object]:
    for _ in steps(source):
        pass
    if source.language == "python":
        unused, order = unused_in_python(source), unsorted_blocks(source)
    else:
        unused, order = unused_in_javascript(source), ()
    return [(it.name, it.entry.start_point) for it in unused] + list(order)


def unused(text: str, language: str = "python", path: str = "a.py") -> list[str]:
    find = unused_in_python if language == "python" else unused_in_javascript
    return [it.name for it in find(Source(text, language, path))]


def test_a_line_that_is_half_typed_takes_no_finding_away_and_brings_none() -> None:
    text = "import os\nimport sys\n\nsys.exit()\n"
    assert unused(text) == ["os"]
    for half in ("def f(\n", "x = [\n", "if sys.\n", "'''\n"):
        assert unused(text + half) == ["os"]
        assert unused(half + text) in (["os"], [])


def test_types_in_comments_count_in_javascript_alone() -> None:
    text = "import { A } from './a';\n/** @type {A} */\nlet x;\nexport { x };\n"
    assert unused(text, "javascript", "a.js") == []
    assert unused(text, "typescript", "a.ts") == ["A"]


def test_jsx_needs_its_factory() -> None:
    text = "import React from 'react';\nimport { h } from 'preact';\nexport default () => <p/>;\n"
    assert unused(text, "tsx", "a.tsx") == []
    assert unused(text.replace("<p/>", "1"), "tsx", "a.tsx") == ["React", "h"]
    assert unused("/** @jsx make */\nimport make, { other } from 'm';\n<p/>;\n", "tsx") == ["other"]


def test_a_file_that_is_not_to_be_checked_is_left_alone() -> None:
    text = "import a from 'a';\n"
    assert unused(text, "typescript", "a.ts") == ["a"]
    assert unused(f"// @ts-nocheck\n{text}", "typescript", "a.ts") == []


def test_a_script_shares_what_it_requires() -> None:
    assert unused("const a = require('a');\n", "typescript", "a.ts") == []
    assert unused("const a = require('a');\nexport {};\nimport 'b';\n", "typescript", "a.ts") == ["a"]


def test_names_that_say_so_need_no_use() -> None:
    project = Project(imports=ImportRules(allowed_unused=frozenset({"a.b"})))
    text = "import a.b\nfrom a.b import c\nfrom a import d\n"
    found = unused_in_python(Source(text, "python", "x.py", project))
    assert [it.name for it in found] == ["d"]


@pytest.mark.parametrize("n_imports", [10, 3_000])
def test_many_imports_that_nothing_uses_are_found_in_one_pass(n_imports: int) -> None:
    text = "".join(f"import a{n}\n" for n in range(n_imports)) + "x = 1\n" * 20_000
    assert len(unused(text)) == n_imports
