"""An import whose name nothing uses costs time at start and misleads the reader.

Names in ``__all__``, in string annotations, in a package's ``__init__.py`` and re-exports of the
form ``import x as x`` are used by somebody else. Source: https://docs.astral.sh/ruff/rules/unused-import/
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import import_rules
from skills_lsp.patterns.look import Look

CATEGORY = "imports"


def find(look: Look) -> Iterator[Finding]:
    """Yield the imported names that nothing in the file uses."""
    yield from import_rules.unused(look, "unused-import")
