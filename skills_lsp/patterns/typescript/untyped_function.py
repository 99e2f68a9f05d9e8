"""A parameter without a type is any, in silence: nothing that the function does with it is checked.

Source: https://typescript-eslint.io/rules/explicit-module-boundary-types/
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.javascript_documents import STRUCTURE, untyped
from skills_lsp.patterns.look import Look

CATEGORY = "types"
STRUCTURES = (STRUCTURE,)


def find(look: Look) -> Iterator[Finding]:
    """Yield the exported functions with a parameter that has no type."""
    yield from untyped(look, "untyped-function")
