"""Which calls surely give a coroutine (or a promise): functions of this file that are async."""

from tree_sitter import Node

from skills_lsp.patterns.classes import family
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import Kind, is_async_function
from skills_lsp.syntax.async_names import async_names
from skills_lsp.syntax.bindings import binding_node, innermost
from skills_lsp.syntax.languages import Family

_METHODS = {"self.": Family.PYTHON, "cls.": Family.PYTHON, "this.": Family.JAVASCRIPT}
_HARMLESS_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "abstractmethod", "abc.abstractmethod", "override"}
)
_MAX_MEMBERS = 2_000
"""How many members of a class are looked through for a method."""


def is_coroutine_call(look: Look, callee: Node) -> bool:
    """Say whether calling this certainly makes a coroutine that somebody must await.

    True for an ``async def`` (or async function) of this file that nothing else shadows, and for
    methods of the own class by ``self`` or ``this``. A decorated one may return anything.
    """
    dotted = look.dotted(callee)
    if dotted is None or dotted.rpartition(".")[2] not in async_names(look.source):
        return False
    if "." not in dotted:
        found = innermost(look.source, dotted, callee.start_byte)
        nodes = [binding_node(look.source, dotted, each) for each in found]
        return bool(nodes) and all(_is_async_binding(look, each) for each in nodes)
    for prefix in _METHODS:
        name = dotted.removeprefix(prefix)
        if dotted.startswith(prefix) and "." not in name:
            return _is_async_method(look, callee.start_byte, name)
    return False


def _is_async_binding(look: Look, name: Node | None) -> bool:
    holder = name.parent if name is not None else None
    if holder is None:
        return False
    if holder.type == "variable_declarator":
        value = holder.child_by_field_name("value")
        declaration = holder.parent
        is_const = declaration is not None and look.source.data.startswith(
            b"const", declaration.start_byte
        )
        return is_const and value is not None and _is_plain_async(look, value)
    return holder.type in _FUNCTIONS and _is_plain_async(look, holder)


_FUNCTIONS = frozenset({"function_definition", "function_declaration"})


def _is_plain_async(look: Look, function: Node) -> bool:
    """Say whether a function is async, no generator, and nothing that may change it decorates it."""
    if not is_async_function(function):
        return False
    holder = function.parent
    if holder is not None and holder.type == "decorated_definition":
        for each in holder.named_children:
            if (
                each.type == "decorator"
                and look.text(each).lstrip("@ ") not in _HARMLESS_DECORATORS
            ):
                return False
    if look.source.family is Family.JAVASCRIPT:
        return function.type not in ("generator_function", "generator_function_declaration")
    return not _has_yield(look, function)


def _has_yield(look: Look, function: Node) -> bool:
    """Say whether a function's own body yields, which makes it an async generator."""
    data, root = look.source.data, look.source.root
    at = data.find(b"yield", function.start_byte, function.end_byte)
    while at >= 0:
        node = root.descendant_for_byte_range(at, at + 5)
        if node is not None and node.type == "yield":
            return True
        at = data.find(b"yield", at + 5, function.end_byte)
    return False


def _is_async_method(look: Look, at: int, name: str) -> bool:
    for region in look.regions.around(at):
        if region.kind is Kind.CLASS:
            is_python = look.source.family is Family.PYTHON
            related = family(look, region.node) if is_python else [region.node]
            found = next(filter(None, (_method(look, each, name) for each in related)), None)
            return found is not None and _is_plain_async(look, found)
    return False


def _method(look: Look, klass: Node, name: str) -> Node | None:
    """Return the last method of a name in a class's own body; None when a property may hide it."""
    body = klass if klass.type == "class_body" else klass.child_by_field_name("body")
    found = None
    for each in body.named_children[:_MAX_MEMBERS] if body is not None else ():
        member = each
        if each.type == "decorated_definition":
            member = each.child_by_field_name("definition") or each
        if member.type not in ("function_definition", "method_definition"):
            continue
        title = member.child_by_field_name("name")
        if title is not None and look.text(title) == name:
            found = member
    return found
