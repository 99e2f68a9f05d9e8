"""What it takes to add a pattern: one query, or one module, and one fixture."""

import shutil
from pathlib import Path

import pytest
from checking import check

from skills_lsp.patterns import engine, living
from skills_lsp.patterns.catalogue import ROOT, catalogue
from skills_lsp.patterns.rules import rule_set

QUERY = """; A call of breakpoint stops the program for everybody who runs it.
; Source: https://docs.python.org/3/library/functions.html#breakpoint
((call function: (_) @callee arguments: (_)) @reach
  (#resolves-to? @callee "breakpoint")
  (#set! category "complexity")
  (#set! message "`{name}` stops the program here"))
"""
MODULE = '''"""A call of breakpoint stops the program for everybody who runs it.

Source: https://docs.python.org/3/library/functions.html#breakpoint
"""

from skills_lsp.domain.finding import Finding
from skills_lsp.syntax.source import span_of

CATEGORY = "complexity"
STRUCTURES = ("( call function: ( _ ) @callee arguments: ( _ ) @args ) @reach",)


def find(look):
    for captures in look.matches.get(STRUCTURES[0], ()):
        callee = captures["callee"][0]
        if look.text(callee) == "breakpoint":
            yield Finding("left-breakpoint", CATEGORY, span_of(callee), "breakpoint", "it stops here")
'''
FIXTURE = """def pay(cart):
    breakpoint()
#   ^^^^^^^^^^ left-breakpoint
    return cart.breakpoint()  # near miss: a method of the cart
"""


def look_with(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the patterns of a folder."""
    for module in (engine, living):
        monkeypatch.setattr(module, "rule_set", lambda language: rule_set(language, root))


@pytest.mark.parametrize(
    ("name", "pattern"), [("left-breakpoint.scm", QUERY), ("left_breakpoint.py", MODULE)]
)
def test_a_new_pattern_is_one_file_and_one_fixture(
    name: str, pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in ("python", "javascript", "typescript"):
        shutil.copytree(ROOT / folder, before / folder)
        shutil.copytree(ROOT / folder, after / folder)
    (after / "python" / name).write_text(pattern)
    fixture = tmp_path / "left-breakpoint.py"
    fixture.write_text(FIXTURE)

    look_with(before, monkeypatch)
    with pytest.raises(AssertionError):
        check(fixture)
    look_with(after, monkeypatch)
    check(fixture)

    (added,) = [it for it in catalogue(after) if it.id == "left-breakpoint"]
    assert added.summary.startswith("A call of breakpoint stops")
    assert added.source.startswith("https://docs.python.org/")
