"""Imports in no order are read twice and merged badly.

The order is isort's by default: sections (future, standard library, third party, this project,
relative) with an empty line between them, plain imports before ``from`` imports, then by name.
Source: https://pycqa.github.io/isort/docs/configuration/options.html
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.import_order import unsorted_blocks
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.source import span_of, span_over

CATEGORY = "imports"


def find(look: Look) -> Iterator[Finding]:
    """Yield one finding for each block of imports that is not sorted, at the first that is late."""
    for block in unsorted_blocks(look.source) if look.has_imports else ():
        yield Finding(
            "unsorted-imports",
            CATEGORY,
            span_of(block.late),
            "",
            block.reason,
            reach=span_over(block.first, block.last),
        )
