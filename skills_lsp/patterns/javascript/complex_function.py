"""A function with a cognitive complexity over 15 is hard to follow, whatever its length.

As in Campbell (2018), Cognitive Complexity. Source: https://www.sonarsource.com/resources/cognitive-complexity/
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.complexity import complex_functions
from skills_lsp.patterns.look import Look

CATEGORY = "complexity"


def find(look: Look) -> Iterator[Finding]:
    """Yield the functions that are over the threshold."""
    yield from complex_functions(look, "complex-function")
