"""An import whose name nothing uses is loaded for nothing and misleads the reader.

Imports for their side effects bind no name and are left alone, and so is ``React`` beside JSX, which
the classic transform needs. Source: https://typescript-eslint.io/rules/no-unused-vars/
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import import_rules
from skills_lsp.patterns.look import Look

CATEGORY = "imports"


def find(look: Look) -> Iterator[Finding]:
    """Yield the imported names that nothing in the file uses."""
    yield from import_rules.unused(look, "unused-import")
