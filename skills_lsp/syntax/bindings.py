"""What a name means at a place: an import, something local, or the language's own."""

from dataclasses import dataclass
from itertools import islice

from tree_sitter import Node

from skills_lsp.syntax import javascript_scopes, python_scopes
from skills_lsp.syntax.aliases import alias_at, assigned_value, is_reassigned
from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.imports import import_at, import_table
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.nodes import ancestors
from skills_lsp.syntax.occurrences import name_at, possible_bindings
from skills_lsp.syntax.source import Source

_EVERYWHERE = 1 << 62
_MAX_STEPS = 5
"""How many assignments from name to name are followed."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A place that gives a name a meaning, which holds between two offsets."""

    start: int
    end: int
    at: int  # offset of the name
    origin: str | None  # dotted, when an import binds it


def bindings(source: Source, name: str) -> tuple[Binding, ...]:
    """Return all places of the file that bind a name, in order."""
    return source.remember(("bindings", name), lambda: _bindings(source, name))


def innermost(source: Source, name: str, at: int) -> tuple[Binding, ...]:
    """Return the bindings of a name that hold at an offset: those of the innermost scope.

    The functions around are searched first: what one of them binds hides the rest of the file, which
    may hold a common name a thousand times.
    """
    source.ask(name)
    for start, end in _functions_around(source, at):
        own = _bound_within(source, name, start, end)
        found = _narrowest(own, at)
        if found:
            return found
    return _narrowest(bindings(source, name), at)


def _narrowest(found: tuple[Binding, ...], at: int) -> tuple[Binding, ...]:
    around = [each for each in found if each.start <= at < each.end]
    if not around:
        return ()
    narrowest = min(each.end - each.start for each in around)
    return tuple(each for each in around if each.end - each.start == narrowest)


def _bound_within(source: Source, name: str, start: int, end: int) -> tuple[Binding, ...]:
    """Return the bindings of a name in a function that hold nowhere outside of it."""
    return source.remember_briefly(
        ("bound within", name, start),
        lambda: tuple(
            each
            for each in _find(source, name, start, end)
            if start <= each.start and each.end <= end + 1
        ),
    )


def _functions_around(source: Source, at: int) -> tuple[tuple[int, int], ...]:
    return source.remember_briefly(("functions around", at), lambda: _extents_around(source, at))


def _extents_around(source: Source, at: int) -> tuple[tuple[int, int], ...]:
    node = source.root.descendant_for_byte_range(at, at)
    if node is None:
        return ()
    extents = (
        (each.start_byte, each.end_byte) for each in ancestors(node) if each.type in _FUNCTIONS
    )
    return tuple(islice(extents, _MAX_FUNCTIONS))


_FUNCTIONS = javascript_scopes.FUNCTIONS | {"function_definition"}
_MAX_FUNCTIONS = 3
"""How many functions around a place are searched before the file is."""


def binding_node(source: Source, name: str, binding: Binding) -> Node | None:
    """Return the node of the name where it is bound."""
    return name_at(source, binding.at, binding.at + len(name.encode("utf-8", "surrogatepass")))


def origin(source: Source, dotted: str, at: int) -> str | None:
    """Return what a dotted name stands for at an offset.

    An import is followed, and a name that one plain assignment makes another name for something
    (``run = subprocess.run``); a name that nothing binds stands for itself (a builtin, a global, or
    an import still to be typed); a name bound to something local stands for nothing we know.
    """
    for _ in range(_MAX_STEPS):
        head, _, rest = dotted.partition(".")
        bound = innermost(source, head, at)
        if not bound:
            return dotted
        start = next((each.origin for each in reversed(bound) if each.origin is not None), None)
        if start is not None:
            return f"{start}.{rest}" if rest else start
        alias = _alias(source, head, bound)
        if alias is None or alias.partition(".")[0] == head:
            return None
        dotted, at = f"{alias}.{rest}" if rest else alias, bound[0].at
    return None


def bound_values(source: Source, name: str, at: int) -> tuple[Node, ...]:
    """Return the values that a name may have at an offset, where plain assignments give them all.

    Nothing when the name is not bound here, or is a parameter, a loop's target, an import, or is
    changed in place.
    """
    bound = innermost(source, name, at)
    return source.remember(
        ("values", name, bound[0].at if bound else -1), lambda: _values(source, name, bound)
    )


def _values(source: Source, name: str, bound: tuple[Binding, ...]) -> tuple[Node, ...]:
    found: list[Node] = []
    for each in bound[:_MAX_VALUES]:
        node = binding_node(source, name, each)
        value = assigned_value(node) if node is not None else None
        if node is None or value is None:
            return ()
        found.append(value)
    is_open = len(bound) > _MAX_VALUES or _may_change(source, name, bound)
    return () if is_open else tuple(found)


_MAX_VALUES = 8


def _alias(source: Source, name: str, bound: tuple[Binding, ...]) -> str | None:
    """Return what a name is another name for, when nothing else is ever bound to it."""
    if len(bound) > _MAX_VALUES:
        return None
    return source.remember(("alias", bound[0].at), lambda: _find_alias(source, name, bound))


def _find_alias(source: Source, name: str, bound: tuple[Binding, ...]) -> str | None:
    nodes = [binding_node(source, name, each) for each in bound]
    found = {alias_at(source, node) if node is not None else None for node in nodes}
    dotted = found.pop() if len(found) == 1 else None
    return None if dotted is None or _may_change(source, name, bound) else dotted


def _may_change(source: Source, name: str, bound: tuple[Binding, ...]) -> bool:
    """Say whether a name of JavaScript is assigned to after it is declared."""
    if source.family is Family.PYTHON or not bound:
        return False  # Each assignment is a binding.
    node = binding_node(source, name, bound[0])
    return node is not None and is_reassigned(source, node)


def bound_scope(source: Source, name: Node) -> Node | None:
    """Return the scope in which this occurrence of a name binds it, None when it does not."""
    if source.family is Family.PYTHON:
        return python_scopes.bound_scope(name)
    return javascript_scopes.bound_scope(name)


@dataclass(frozen=True, slots=True)
class _AtModuleLevel(Lasting):
    """The places that bind a name when all of them do so for the whole file, and which import it.

    That is the rule for imports and for builtins that nobody hides, and it outlives edits that come
    near none of its places.
    """

    word: bytes
    at: tuple[int, ...]
    is_import: tuple[bool, ...]

    def after(self, change: Change) -> "_AtModuleLevel | None":
        if change.holds(self.word):
            return None
        moved: list[int] = []
        for start in self.at:
            by = change.moved(start, start + len(self.word))
            if by is None:
                return None
            moved.append(start + by)
        return _AtModuleLevel(self.word, tuple(moved), self.is_import)


def _bindings(source: Source, name: str) -> tuple[Binding, ...]:
    key = ("bindings", name)
    known = source.lasting(key, _AtModuleLevel)
    if known is not None:
        # Without an import inside a function, the table has the last one of the module.
        stands_for = import_table(source).get(name)
        return tuple(
            Binding(0, _EVERYWHERE, at, stands_for if is_import else None)
            for at, is_import in zip(known.at, known.is_import, strict=True)
        )
    found = _find(source, name)
    imported = next((each.origin for each in reversed(found) if each.origin is not None), None)
    is_told_by_table = imported is None or import_table(source).get(name) == imported
    if is_told_by_table and all(each.end == _EVERYWHERE for each in found):
        word = name.encode("utf-8", "surrogatepass")
        is_import = tuple(each.origin is not None for each in found)
        source.keep(key, _AtModuleLevel(word, tuple(each.at for each in found), is_import))
    return tuple(found)


def _find(source: Source, name: str, start: int = 0, stop: int | None = None) -> list[Binding]:
    found = []
    for node in possible_bindings(source, name, start, stop):
        scope = bound_scope(source, node)
        if scope is None:
            continue
        at = node.start_byte
        by_import = import_at(source, node) if _may_import(source, node) else None
        dotted = by_import.origin if by_import is not None else None
        if scope.parent is None:
            found.append(Binding(0, _EVERYWHERE, at, dotted))
        else:
            found.append(Binding(scope.start_byte, scope.end_byte + 1, at, dotted))
    return found


def _may_import(source: Source, name: Node) -> bool:
    """Say whether an import may bind a name here."""
    parent = name.parent
    if parent is None or parent.type in _IMPORT_PARTS:
        return True
    if source.family is Family.PYTHON:
        return False
    return source.data.find(b"require", name.end_byte, name.end_byte + _REQUIRE_BYTES) >= 0


_IMPORT_PARTS = frozenset(
    {
        "dotted_name", "aliased_import", "import_statement", "import_from_statement",
        "import_specifier", "import_clause", "namespace_import", "import_require_clause",
    }
)  # fmt: skip
_REQUIRE_BYTES = 4_000
"""How far behind a name its ``require`` can be: ``const { …, … } = require("x")``."""
