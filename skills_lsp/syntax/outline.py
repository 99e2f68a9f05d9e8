"""The definitions of a file, and those around a place in it."""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Symbol
from skills_lsp.syntax.nodes import ancestors, field
from skills_lsp.syntax.source import Source, span_of, span_over
from skills_lsp.text import Point, Span

_FUNCTIONS = frozenset(
    {"function_definition", "function_declaration", "generator_function_declaration"}
)
_METHODS = frozenset({"method_definition"})
_CLASSES = frozenset(
    {"class_definition", "class_declaration", "abstract_class_declaration", "interface_declaration"}
)
_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
_HOLDERS = frozenset({"variable_declarator", "public_field_definition", "field_definition"})
_WRAPPERS = frozenset({"decorated_definition", "export_statement"})
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
_ROOTS = frozenset({"module", "program"})
_BODIES = frozenset({"block", "class_body", "interface_body"})


def enclosing_symbols(source: Source, point: Point) -> tuple[Symbol, ...]:
    """Return the definitions around a point, outermost first.

    A cursor on a decorator is in what it decorates; one in an import is in the block of imports
    (a symbol of kind ``imports`` without a name).
    """
    node = _node_at(source, point)
    if node is None:
        return ()
    found: list[Symbol] = []
    seen: set[int] = set()
    for each in (node, *ancestors(node)):
        symbol = _symbol(source, each)
        if symbol is not None and symbol[0].id not in seen:
            seen.add(symbol[0].id)
            found.append(symbol[1])
        elif each.type in _IMPORTS:
            found.append(Symbol("imports", "", _block_of_imports(each), span_of(each)))
    return tuple(reversed(found))


def definitions(source: Source) -> tuple[Symbol, ...]:
    """Return the functions and classes of the file's top level and of its classes, in order."""
    return source.remember("definitions", lambda: tuple(_definitions(source)))


def context_span(source: Source, point: Point) -> Span:
    """Return the extent of the innermost function or class around a point, else of its statement.

    Decorators and ``export`` are part of it. A function handed to a call, as tests in JavaScript
    are, counts with the whole call. Without anything around, the line's own span is returned.
    """
    node = _node_at(source, point)
    if node is None:
        return Span(source.buffer.clamp(point), source.buffer.clamp(point))
    top = node
    for each in (node, *ancestors(node)):
        if each.type in _ROOTS:
            break
        if each.type in _IMPORTS:
            return _block_of_imports(each)
        if each.type in _VALUES or _definition_in(each) is not None:
            return span_of(_whole(each))
        top = each
    if top.type in _ROOTS:
        number = source.buffer.clamp(point).line
        return Span(Point(number, 0), source.buffer.clamp(Point(number, 1 << 30)))
    return span_of(top)


def _definitions(source: Source) -> Iterator[Symbol]:
    bodies = [source.root]
    while bodies:
        body = bodies.pop()
        for child in body.named_children:
            for holder in _declared(child):
                found = _symbol(source, holder)
                if found is None:
                    continue
                yield found[1]
                inner = field(found[0], "body") if found[0].type in _CLASSES else None
                if inner is not None:
                    yield from _members(source, inner)


def _members(source: Source, body: Node) -> Iterator[Symbol]:
    for child in body.named_children:
        found = _symbol(source, child)
        if found is not None:
            yield found[1]


def _declared(statement: Node) -> tuple[Node, ...]:
    """Return what a statement declares: itself, or the declarators of ``const a = ..., b = ...``."""
    inner = statement
    if statement.type == "export_statement":
        inner = field(statement, "declaration") or statement
    if inner.type in _DECLARATIONS:
        return tuple(inner.named_children)
    return (statement,)


def _symbol(source: Source, node: Node) -> tuple[Node, Symbol] | None:
    """Return the definition that a node (or what it wraps) is, as node and as symbol."""
    definition = _definition_in(node)
    if definition is None:
        return None
    holder = node if node.type in _HOLDERS else definition
    name = field(holder, "name") or field(holder, "property")
    if name is None:
        return None
    symbol = Symbol(
        _kind(definition), source.text_of(name), span_of(_whole(definition)), span_of(name)
    )
    return definition, symbol


def _definition_in(node: Node) -> Node | None:
    kind = node.type
    if kind in _FUNCTIONS or kind in _METHODS or kind in _CLASSES:
        return node
    if kind in _WRAPPERS:
        inner = field(node, "definition") or field(node, "declaration")
        return _definition_in(inner) if inner is not None and inner.type not in _WRAPPERS else None
    if kind in _HOLDERS:
        value = field(node, "value")
        return value if value is not None and value.type in _VALUES else None
    return None


def _kind(definition: Node) -> str:
    if definition.type in _CLASSES or definition.type == "class":
        return "class"
    if definition.type in _METHODS:
        return "method"
    for each in ancestors(definition):
        if each.type in _CLASSES or each.type == "class_body":
            return "method"
        if each.type in _FUNCTIONS or each.type in _VALUES:
            return "function"
    return "function"


def _whole(definition: Node) -> Node:
    """Return a definition with what belongs to it: decorators, ``export``, the assigned name."""
    node = definition
    parent = node.parent
    if parent is not None and parent.type in _HOLDERS and node.type in _VALUES:
        node, parent = parent, parent.parent
        if parent is not None and parent.type in _DECLARATIONS:
            node, parent = parent, parent.parent
    elif parent is not None and parent.type == "arguments" and parent.parent is not None:
        node, parent = parent.parent, parent.parent.parent
        if parent is not None and parent.type == "expression_statement":
            node, parent = parent, parent.parent
    if parent is not None and parent.type in _WRAPPERS:
        return parent
    return node


def _block_of_imports(statement: Node) -> Span:
    first = last = statement
    while first.prev_named_sibling is not None and first.prev_named_sibling.type in _IMPORTS:
        first = first.prev_named_sibling
    while last.next_named_sibling is not None and last.next_named_sibling.type in _IMPORTS:
        last = last.next_named_sibling
    return span_over(first, last)


def _node_at(source: Source, point: Point) -> Node | None:
    """Return the innermost node at a cursor; on blank space beside code, that of the code."""
    number, column = source.buffer.clamp(point)
    line = source.buffer.line(number)
    text = line.encode("utf-8", "surrogatepass")
    stripped = text.strip()
    if stripped:
        first = len(text) - len(text.lstrip())
        column = min(max(column, first), first + len(stripped) - 1)
    at = (number, column)
    return source.root.descendant_for_point_range(at, at)
