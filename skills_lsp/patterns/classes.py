"""Python classes and those of their bases that are in the same file."""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.patterns.look import Look
from skills_lsp.syntax.bindings import binding_node, innermost

_MAX_BASES = 20
"""How many base classes are followed within the file; a cycle is half-typed code."""


def bases(klass: Node) -> list[Node]:
    """Return the base classes of a class that are written as names."""
    listed = klass.child_by_field_name("superclasses")
    return [] if listed is None else [each for each in listed.named_children if each.type in _NAMES]


_NAMES = frozenset({"identifier", "attribute"})


def family(look: Look, klass: Node) -> Iterator[Node]:
    """Yield a class and those of its bases that are defined in this file."""
    todo, seen = [klass], {klass.id}
    for _ in range(_MAX_BASES):
        if not todo:
            return
        each = todo.pop()
        yield each
        for base in bases(each):
            dotted = look.dotted(base) or ""
            for binding in innermost(look.source, dotted, base.start_byte) if dotted else ():
                parent = class_at(binding_node(look.source, dotted, binding))
                if parent is not None and parent.id not in seen:
                    seen.add(parent.id)
                    todo.append(parent)


def class_at(name: Node | None) -> Node | None:
    """Return the class that a name names where it is defined."""
    parent = name.parent if name is not None else None
    return parent if parent is not None and parent.type == "class_definition" else None
