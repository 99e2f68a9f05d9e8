"""How a project sorts its imports: ruff's or isort's settings, and which modules are its own."""

from skills_lsp.domain.project import ImportRules
from skills_lsp.projects.local_modules import local_modules


def by_default(root: str) -> ImportRules:
    """Return the rules of a project that configures nothing."""
    return ImportRules(is_local=local_modules(root))
