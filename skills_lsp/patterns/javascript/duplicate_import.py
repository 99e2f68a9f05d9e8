"""A module imported twice: one of the two is noise, and edits go to the wrong one.

Types are told apart from values, and a namespace from names, which one import cannot hold together.

Source: https://eslint.org/docs/latest/rules/no-duplicate-imports
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import import_rules
from skills_lsp.patterns.look import Look

CATEGORY = "imports"


def find(look: Look) -> Iterator[Finding]:
    """Yield the imports that repeat an earlier one."""
    yield from import_rules.duplicates(look, "duplicate-import")
