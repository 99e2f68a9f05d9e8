"""Comments by which people silence a tool on a line; we keep quiet there as well."""

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import silence_javascript, silence_python
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.source import Source


def is_silenced(source: Source, finding: Finding) -> bool:
    """Say whether a comment silences a finding, in the way of the tools of its language."""
    if finding.category in ("tests", "data"):
        return False
    if finding.pattern in source.project.imports.silent:
        return True
    if source.family is Family.PYTHON:
        return silence_python.is_silenced(source, finding)
    return silence_javascript.is_silenced(source, finding)
