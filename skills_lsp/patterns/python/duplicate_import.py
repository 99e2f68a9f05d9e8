"""A name imported twice: one of the two is noise, and edits go to the wrong one.

Two things of one name are told when nothing uses the first before the second takes its place.

Source: https://docs.astral.sh/ruff/rules/redefined-while-unused/
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import import_rules
from skills_lsp.patterns.look import Look

CATEGORY = "imports"


def find(look: Look) -> Iterator[Finding]:
    """Yield the imports that repeat an earlier one of the same block."""
    yield from import_rules.duplicates(look, "duplicate-import")
