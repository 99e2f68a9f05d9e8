"""What a name means at a place: an import, something local, or the language's own."""

from dataclasses import dataclass

from tree_sitter import Node

from skills_lsp.syntax import javascript_scopes, python_scopes
from skills_lsp.syntax.imports import by_name_node
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.occurrences import possible_bindings
from skills_lsp.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Binding:
    """A place that gives a name a meaning, valid between two offsets."""

    start: int
    end: int
    node: Node
    origin: str | None  # dotted, when an import binds it


def bindings(source: Source, name: str) -> tuple[Binding, ...]:
    """Return all places of the file that bind a name, in order."""
    return source.remember(("bindings", name), lambda: tuple(_find(source, name)))


def innermost(source: Source, name: str, at: int) -> tuple[Binding, ...]:
    """Return the bindings of a name that hold at an offset: those of the innermost scope."""
    around = [each for each in bindings(source, name) if each.start <= at < each.end]
    if not around:
        return ()
    narrowest = min(each.end - each.start for each in around)
    return tuple(each for each in around if each.end - each.start == narrowest)


def origin(source: Source, dotted: str, at: int) -> str | None:
    """Return what a dotted name stands for at an offset.

    An import is followed; a name that nothing binds stands for itself (a builtin, a global, or an
    import still to be typed); a name bound to something local stands for nothing we know.
    """
    head, _, rest = dotted.partition(".")
    bound = innermost(source, head, at)
    if not bound:
        return dotted
    start = next((each.origin for each in reversed(bound) if each.origin is not None), None)
    if start is None:
        return None
    return f"{start}.{rest}" if rest else start


def bound_scope(source: Source, name: Node) -> Node | None:
    """Return the scope in which this occurrence of a name binds it, None when it does not."""
    if source.family is Family.PYTHON:
        return python_scopes.bound_scope(name)
    return javascript_scopes.bound_scope(name)


def _find(source: Source, name: str) -> list[Binding]:
    imported = by_name_node(source)
    found = []
    for node in possible_bindings(source, name):
        scope = bound_scope(source, node)
        if scope is not None:
            by_import = imported.get(node.start_byte)
            dotted = by_import.origin if by_import is not None else None
            found.append(Binding(scope.start_byte, scope.end_byte + 1, node, dotted))
    return found
