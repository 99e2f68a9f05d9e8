"""Which imports of a Python file nothing uses, by the rules of scope.

An import is judged with all else that binds its name in its scope: what is bound last is what the
scope ends with, and a use of the name is a use of them all. That is how pyflakes and ruff have it.
"""

import re
from collections.abc import Generator, Iterator
from itertools import chain

from tree_sitter import Node

from skills_lsp.patterns.import_uses import STEP, at_once, counted, deciding_code, known_uses
from skills_lsp.patterns.python_roles import Role, bound_from, bound_in, role, scopes
from skills_lsp.patterns.python_strings import reads_in_string
from skills_lsp.syntax.imports import Import, imports
from skills_lsp.syntax.nodes import nearest
from skills_lsp.syntax.occurrences import places
from skills_lsp.syntax.source import Source

_SCOPES = frozenset({"function_definition", "class_definition", "module"})
_IN_ATTRIBUTE = re.compile(rb"\.[ \t]*\Z")


def unused_imports(source: Source) -> tuple[Import, ...]:
    """Return the imports that nothing uses, in order."""
    return source.remember("unused imports", lambda: at_once(_unused(source)))


def steps(source: Source) -> Iterator[None]:
    """Find the imports that nothing uses in small steps, so that others get a turn in between."""
    found = yield from _unused(source)
    source.remember("unused imports", lambda: found)


def _unused(source: Source) -> Generator[None, None, tuple[Import, ...]]:
    by_name: dict[str, list[Import]] = {}
    known = known_uses(source)
    for each in imports(source):
        is_known = each.name in known and not each.statement.start_point[1]
        if each.name not in ("", "*") and not is_known:
            by_name.setdefault(each.name, []).append(each)
    # What is imported inside of something is only looked for there.
    of_module = {it.name for it in imports(source) if not it.statement.start_point[1]}
    counts = yield from counted(source, len(of_module & by_name.keys()))
    names = _Names(source)
    found: list[Import] = []
    for number, (name, group) in enumerate(by_name.items(), 1):
        n_words = counts.get(name.encode("utf-8", "surrogatepass"), 0)
        is_alone = 0 < n_words <= len(group)
        found.extend(_unused_of(names, name, group, is_alone=is_alone))
        if not number % STEP:
            yield
    return tuple(sorted(found, key=lambda each: each.entry.start_byte))


def _unused_of(
    names: "_Names", name: str, group: list[Import], *, is_alone: bool
) -> Iterator[Import]:
    """Yield the last import of a name in each scope that nobody reads it from."""
    by_scope: dict[int, list[Import]] = {}
    nodes: dict[int, Node] = {}
    for each in group:
        scope = _scope(names.source, each.statement)
        by_scope.setdefault(scope.id, []).append(each)
        nodes[scope.id] = scope
    for number, together in by_scope.items():
        scope, last = nodes[number], together[-1]
        if scope.type == "class_definition" or not _is_judged(names.source, last):
            continue
        at = last.name_node.start_byte
        if not is_alone and names.last_binding(name, scope, at) != at:
            continue
        if not _is_used_by_alias(names, last, scope):
            yield last


def _is_used_by_alias(names: "_Names", each: Import, scope: Node) -> bool:
    """Say whether ``import a.b`` is there for a use of ``c.b`` after ``import a as c``."""
    if each.module == each.name or each.entry.type != "dotted_name" or each.origin != each.name:
        return False
    return any(
        other.module == each.name and other.name != each.name and names.is_used(other.name, scope)
        for other in imports(names.source)
        if other.statement.type == "import_statement"
    )


def _scope(source: Source, statement: Node) -> Node:
    """Return the scope that a statement stands in; at the start of a line it is the module."""
    if not statement.start_point[1]:
        return source.root
    return nearest(statement, _SCOPES) or statement


def _is_judged(source: Source, each: Import) -> bool:
    """Say whether an import is there to be used in this file."""
    if each.module == "__future__" or each.statement.has_error:
        return False
    allowed = source.project.imports.allowed_unused
    full = each.module if each.entry.type == "dotted_name" else each.origin
    if allowed and any(
        f"{one}.".startswith(f"{it}.") for it in allowed for one in {full, each.origin}
    ):
        return False
    taken = each.entry.child_by_field_name("name") if each.entry.type == "aliased_import" else None
    return taken is None or source.text_of(taken) != each.name  # ``x as x`` is a re-export.


def _is_imported(name: Node) -> bool:
    parent = name.parent
    return parent is not None and parent.type in ("dotted_name", "aliased_import")


class _Names:
    """The occurrences of names in one state of a file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._data = bytes(source.data)
        # In broken code nobody knows what a name does, so each occurrence may be a use.
        self._is_broken = source.root.has_error
        self._bound: dict[tuple[str, int], list[int]] = {}
        self._known = known_uses(source)

    def is_used(self, name: str, scope: Node) -> bool:
        """Say whether some occurrence of a name means what a scope binds it to."""
        return any(self._reads(name, node, scope) for node in self._nodes(name, scope))

    def last_binding(self, name: str, scope: Node, near: int) -> int | None:
        """Return where a name that nobody reads is last bound in a scope.

        None when it is read, or may be; a use is looked for behind ``near`` first.
        """
        last: int | None = None
        for node in self._nodes(name, scope, near):
            if self._reads(name, node, scope):
                if scope.parent is None:
                    self._known[name] = deciding_code(self.source, node)
                return None
            if node.type != "identifier":
                continue
            if role(node) in (Role.BINDS, Role.REBINDS) and bound_in(node) == scope:
                last = max(last or 0, node.start_byte)
        return last

    def _nodes(self, name: str, around: Node, near: int = 0) -> Iterator[Node]:
        """Yield the occurrences of a name in a scope that are not plainly attributes.

        Those from an offset on come first, as most names are used soon.
        """
        word = name.encode("utf-8", "surrogatepass")
        root = self.source.root
        start, end = around.start_byte, around.end_byte
        middle = max(start, near)
        behind = places(self._data, word, middle, end)
        for at in chain(behind, places(self._data, word, start, middle) if near else ()):
            if _IN_ATTRIBUTE.search(self._data, max(0, at - 8), at):
                continue
            node = root.descendant_for_byte_range(at, at + len(word))
            if node is not None:
                yield node

    def _reads(self, name: str, node: Node, scope: Node) -> bool:
        if node.type == "string_content":
            return reads_in_string(self.source, name, node) and self._means(name, node, scope)
        if node.type != "identifier":
            return False
        does = role(node)
        if self._is_broken and does is Role.BINDS and not _is_imported(node):
            return True
        if does is Role.DECLARES:
            return True  # It may be used by another name's owner; nobody can say.
        if does not in (Role.READS, Role.REBINDS):
            return False
        return self._is_broken or self._means(name, node, scope)

    def _means(self, name: str, node: Node, scope: Node) -> bool:
        """Say whether a name that is read at a node is that of a scope."""
        for each in scopes(node):
            if each.node == scope:
                return True
            starts = self._bindings(name, each.node)
            if starts and (not each.is_in_order or starts[0] <= node.start_byte):
                return False
        return scope.type == "module"  # Too deep to be sure.

    def _bindings(self, name: str, scope: Node) -> list[int]:
        """Return from where on a name is bound in a scope, by each place that binds it."""
        key = (name, scope.id)
        if key not in self._bound:
            found: list[int] = []
            for node in self._nodes(name, scope):
                does = role(node) if node.type == "identifier" else Role.NOTHING
                if does in (Role.BINDS, Role.REBINDS) and bound_in(node) == scope:
                    found.append(bound_from(node))
            self._bound[key] = sorted(found)
        return self._bound[key]
