"""Math.random and its like can be foretold: no secret may come from them.

``Math.random()`` is fine for most of what it is used for, so it is seen only where its result gets
the name of a secret. Source: https://cwe.mitre.org/data/definitions/338.html
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.javascript_random import foretold
from skills_lsp.patterns.look import Look

CATEGORY = "security"


def find(look: Look) -> Iterator[Finding]:
    """Yield the random numbers that can be foretold where a secret is made of them."""
    yield from foretold(look, "insecure-random")
