"""Imports in no order are read twice and merged badly.

The order is isort's by default: sections (future, standard library, third party, this project,
relative) with an empty line between them, plain imports before ``from`` imports, then by name; what
the project configures for ruff or isort is followed.
Source: https://docs.astral.sh/ruff/rules/unsorted-imports/
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.import_order import unsorted_blocks
from skills_lsp.patterns.look import Look

CATEGORY = "imports"


def find(look: Look) -> Iterator[Finding]:
    """Yield one finding for each block of imports that is not sorted, at the first that is late."""
    if not look.has_imports:
        return
    for block in unsorted_blocks(look.source):
        yield Finding("unsorted-imports", CATEGORY, block.late, "", block.reason, reach=block.reach)
