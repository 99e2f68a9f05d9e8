"""Imports that nothing uses, and imports made twice."""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.python_uses import unused_imports
from skills_lsp.syntax.bindings import bindings, bound_scope
from skills_lsp.syntax.imports import Import, imports
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.nodes import ancestors, is_field
from skills_lsp.syntax.occurrences import in_strings, names
from skills_lsp.syntax.source import Source, span_of

_NOT_VALUES = {"attribute": "attribute", "keyword_argument": "name"}


def unused(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield a finding for each import that is looked at and whose name nothing uses."""
    if look.source.family is Family.PYTHON:
        for each in unused_imports(look.source) if look.has_imports else ():
            yield _finding(each, pattern, f"`{each.name}` is imported and not used")
        return
    for each in imports(look.source) if look.has_imports else ():
        if not look.touches(span_of(each.statement)) or _is_kept(look.source, each):
            continue
        if not _is_used(look.source, each):
            message = f"`{each.name}` is imported and not used"
            yield _finding(each, pattern, message)


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


def _is_kept(source: Source, each: Import) -> bool:
    """Say whether an import is there for another reason than its use in this file."""
    if each.name in ("", "*") or each.module == "__future__" or each.statement.has_error:
        return True
    if source.family is Family.JAVASCRIPT:
        return each.name == "React" and (b"</" in source.data or b"/>" in source.data)
    if each.name.startswith("__") and each.name.endswith("__"):
        return True  # A module's own ``__doc__`` or ``__version__`` is there for others to read.
    taken = each.entry.child_by_field_name("name") if each.entry.type == "aliased_import" else None
    return taken is not None and source.text_of(taken) == each.name


def _is_used(source: Source, each: Import) -> bool:
    scopes = bindings(source, each.name)
    own = next((b for b in scopes if b.at == each.name_node.start_byte), None)
    others = [b for b in scopes if b.origin is None]
    if own is not None and any((b.start, b.end) == (own.start, own.end) for b in others):
        return True  # One of two ways to get the name (``try``/``except``); the other is its use.
    for node in names(source, each.name):
        at = node.start_byte
        if own is not None and not own.start <= at < own.end:
            continue
        if any(
            b.start <= at < b.end and own and b.end - b.start < own.end - own.start for b in others
        ):
            continue  # A local name of the same spelling.
        if not _in_import(each.statement, at) and _is_value(source, node):
            return True
    if source.family is Family.PYTHON:
        return any(_reads(source, string) for string in in_strings(source, each.name))
    return False


def _in_import(statement: Node, at: int) -> bool:
    return statement.start_byte <= at < statement.end_byte


def _is_value(source: Source, node: Node) -> bool:
    """Say whether an occurrence of a name reads it."""
    parent = node.parent
    if parent is None:
        return False
    in_field = _NOT_VALUES.get(parent.type)
    if in_field is not None and is_field(parent, in_field, node):
        return False
    if parent.type in _IMPORT_PARTS or (parent.type == "dotted_name" and _is_imported(parent)):
        return False
    return bound_scope(source, node) is None or parent.type == "augmented_assignment"


_IMPORT_PARTS = frozenset(
    {"import_specifier", "import_clause", "namespace_import", "aliased_import"}
)
_STATEMENTS = frozenset({"import_statement", "import_from_statement"})


def _is_imported(dotted: Node) -> bool:
    parent = dotted.parent
    return parent is not None and parent.type in (*_STATEMENTS, "aliased_import")


def _reads(source: Source, string: Node) -> bool:
    """Say whether a string is one whose words are names: ``__all__`` or an annotation."""
    for each in ancestors(string):
        if each.type == "type":
            return True
        if each.type in ("assignment", "augmented_assignment"):
            left = each.child_by_field_name("left")
            return left is not None and source.text_of(left) == "__all__"
        if each.type == "call":
            callee = each.child_by_field_name("function")
            return callee is not None and source.text_of(callee) in _READ_BY
        if each.type == "subscript":
            return True
        if each.type in ("block", "module"):
            return False
    return False


_READ_BY = frozenset(
    {"cast", "typing.cast", "TypeVar", "typing.TypeVar", "__all__.extend", "__all__.append"}
)
