"""Imports that nothing uses, and imports made twice."""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import javascript_uses, python_uses
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.imports import Import, imports
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.source import Source, span_of


def unused(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield a finding for each import whose name nothing uses."""
    if not look.has_imports:
        return
    source = look.source
    uses = python_uses if source.family is Family.PYTHON else javascript_uses
    for each in uses.unused_imports(source):
        yield _finding(each, pattern, f"`{each.name}` is imported and not used")


def duplicates(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield a finding for each import that an earlier one in the same block already made."""
    if look.has_imports:
        source = look.source
        yield from source.remember(pattern, lambda: tuple(_duplicates(source, pattern)))


def _duplicates(source: Source, pattern: str) -> Iterator[Finding]:
    seen: set[tuple[int, str, str, bool]] = set()
    for each in imports(source):
        block = each.statement.parent
        key = (block.id if block is not None else 0, each.name, _full(each), each.is_type_only)
        if each.name and each.module != "__future__" and key in seen:
            yield _finding(each, pattern, f"`{each.name}` is already imported above")
        seen.add(key)


def _full(each: Import) -> str:
    """Return what an import loads: ``import a.b`` and ``import a.c`` both bind ``a``."""
    return f"{each.module} {each.origin}"


def _finding(each: Import, pattern: str, message: str) -> Finding:
    span, reach = span_of(each.entry), span_of(each.statement)
    return Finding(
        pattern, "imports", span, each.name, message, reach=reach if reach != span else None
    )
