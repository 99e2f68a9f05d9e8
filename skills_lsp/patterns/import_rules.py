"""Imports that nothing uses, and imports made twice."""

from collections.abc import Iterator
from itertools import groupby

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import import_order, javascript_uses, python_uses
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.imports import Import, imports
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.occurrences import places
from skills_lsp.syntax.source import Source, span_of


def steps(source: Source) -> Iterator[None]:
    """Find what takes long to find out about imports, in steps of a few milliseconds.

    A look at the file that follows, before the next edit, finds it done.
    """
    if source.family is Family.PYTHON:
        yield from python_uses.steps(source)
        yield from import_order.steps(source)
    else:
        yield from javascript_uses.steps(source)


def unused(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield a finding for each import whose name nothing uses."""
    if not look.has_imports:
        return
    source = look.source
    is_python = source.family is Family.PYTHON
    is_package = is_python and source.path.endswith("__init__.py")
    for each in (python_uses if is_python else javascript_uses).unused_imports(source):
        said = f"`{each.name}` is imported and not used"
        if is_package:
            said = f"{said}; `__all__` or `as {each.name}` tells that it is for others"
        yield _finding(each, pattern, each.entry, each.name, said)


def duplicates(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield a finding for each import that an earlier one in the same block already made."""
    if look.has_imports:
        source = look.source
        find = _twice_in_python if source.family is Family.PYTHON else _twice_in_javascript
        yield from source.remember(pattern, lambda: tuple(find(source, pattern)))


def _twice_in_python(source: Source, pattern: str) -> Iterator[Finding]:
    """Yield names that are bound by imports twice with no use in between, or to the same thing."""
    bound: dict[tuple[int, str], Import] = {}
    for each in imports(source):
        if each.name in ("", "*") or each.module == "__future__" or each.statement.has_error:
            continue
        block = each.statement.parent if each.statement.start_point[1] else None
        key = (block.id if block is not None else 0, each.name)
        before = bound.get(key)
        bound[key] = each
        if before is None:
            continue
        if _full(before) == _full(each):
            said = f"`{each.name}` is already imported above"
            yield _finding(each, pattern, each.entry, each.name, said)
        elif not _is_submodule(each) and not _is_submodule(before):
            word = each.name.encode("utf-8", "surrogatepass")
            between = before.entry.end_byte, each.entry.start_byte
            if next(places(source.data, word, *between), None) is None:
                said = (
                    f"`{each.name}` takes the place of the one imported above, which nothing used"
                )
                yield _finding(each, pattern, each.entry, each.name, said)


def _is_submodule(each: Import) -> bool:
    """Say whether an import is one of ``a.b``, which also binds ``a``."""
    return each.statement.type == "import_statement" and each.module != each.origin


def _full(each: Import) -> str:
    """Return what an import loads: ``import a.b`` and ``import a.c`` both bind ``a``."""
    return f"{each.module} {each.origin}"


def _twice_in_javascript(source: Source, pattern: str) -> Iterator[Finding]:
    """Yield modules that are imported by two statements where one could do it."""
    met: dict[tuple[str, bool], set[str]] = {}
    by_statement = groupby(imports(source), key=lambda each: each.statement.start_byte)
    for _, group in by_statement:
        entries = list(group)
        first = entries[0]
        if first.statement.type != "import_statement" or first.statement.has_error:
            continue
        key = (first.module, all(each.is_type_only for each in entries))
        kinds = {each.entry.type for each in entries}
        others = met.setdefault(key, set())
        module = first.statement.child_by_field_name("source")
        if others and module is not None and _can_be_one(kinds, others):
            said = f"{source.text_of(module)} is already imported above, and one import can do both"
            yield _finding(first, pattern, module, first.module, said)
        others |= kinds


def _can_be_one(kinds: set[str], others: set[str]) -> bool:
    """Say whether one statement can import both; it cannot name a module and names of it."""
    both = kinds | others
    if "import_require_clause" in both or "import_statement" in both:
        return False
    is_mixed = {"namespace_import", "import_specifier"} <= both
    return not is_mixed and "namespace_import" not in kinds & others


def _finding(each: Import, pattern: str, here: Node, name: str, message: str) -> Finding:
    span, reach = span_of(here), span_of(each.statement)
    return Finding(pattern, "imports", span, name, message, reach=reach if reach != span else None)
