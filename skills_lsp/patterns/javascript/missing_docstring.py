"""An exported function or class without JSDoc shows nothing on hover and in the reference.

What is short tells what it does by itself and is left alone, and so are tests. Source:
https://github.com/gajus/eslint-plugin-jsdoc/blob/main/docs/rules/require-jsdoc.md
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.javascript_documents import STRUCTURE, undocumented
from skills_lsp.patterns.look import Look

CATEGORY = "docs"
STRUCTURES = (STRUCTURE,)


def find(look: Look) -> Iterator[Finding]:
    """Yield what is exported, long enough to need words, and has none."""
    yield from undocumented(look, "missing-docstring")
