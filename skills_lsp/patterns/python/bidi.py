"""Characters that turn the direction of text make code look different from what it does.

Source: https://trojansource.codes/
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.directions import turning
from skills_lsp.patterns.look import Look

CATEGORY = "security"


def find(look: Look) -> Iterator[Finding]:
    """Yield the characters that turn the direction of what follows."""
    yield from turning(look, "bidi")
