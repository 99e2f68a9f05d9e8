"""Which imports of a JavaScript or TypeScript file nothing uses, as TypeScript judges it."""

import re
from collections.abc import Generator, Iterator
from itertools import chain

from tree_sitter import Node

from skills_lsp.patterns.import_uses import STEP, at_once, counted, deciding_code, known_uses
from skills_lsp.patterns.javascript_roles import Bound, Space, binds, reads, scopes
from skills_lsp.syntax.imports import Import, imports
from skills_lsp.syntax.occurrences import NAME_NODES, places
from skills_lsp.syntax.source import Source

_IN_MEMBER = re.compile(rb"(?:\A|[^.])\.[ \t]*\Z")
_LINK = rb"\{@link(?:code|plain)?\s+%s(?![\w$])"
_DOC_TYPE = rb"@(?!link)\w+\s+\{[^\n]*(?<![\w$.])%s(?![\w$])"
_JSX_PRAGMA = re.compile(rb"@jsx(?:Frag)?\s+([\w$]+)")
_UNCHECKED = re.compile(rb"^[ \t]*(?://|/\*)[ \t]*@ts-nocheck\b", re.MULTILINE)
_HAS_JSX = re.compile(rb"</|/>")
_HEAD_BYTES = 4_000


def unused_imports(source: Source) -> tuple[Import, ...]:
    """Return the imports that nothing uses, in order."""
    return source.remember("unused imports", lambda: at_once(_unused(source)))


def steps(source: Source) -> Iterator[None]:
    """Find the imports that nothing uses in small steps, so that others get a turn in between."""
    found = yield from _unused(source)
    source.remember("unused imports", lambda: found)


def _unused(source: Source) -> Generator[None, None, tuple[Import, ...]]:
    if _UNCHECKED.search(source.data, 0, _HEAD_BYTES):
        return ()
    known = known_uses(source)
    passed = _kept_for_jsx(source) | known.keys() | {"", "*"}
    asked = [it for it in imports(source) if it.name not in passed and not it.statement.has_error]
    counts = yield from counted(source, len(asked))
    names = _Names(source)
    found: list[Import] = []
    for number, each in enumerate(asked, 1):
        bound = binds(each.name_node)
        if bound is not None and _is_judged(source, each, bound):
            is_alone = counts.get(each.name.encode("utf-8", "surrogatepass"), 0) == 1
            if is_alone or names.is_unused(each.name, bound, each.name_node.start_byte):
                found.append(each)
        if not number % STEP:
            yield
    return tuple(found)


def _kept_for_jsx(source: Source) -> frozenset[str]:
    """Return the names that JSX stands for: React, unless the file names another."""
    data = source.data
    if source.language == "typescript" or _HAS_JSX.search(data) is None:
        return frozenset()
    named = _JSX_PRAGMA.findall(bytes(data[:_HEAD_BYTES]))
    return frozenset({"React", "h", *(each.decode("utf-8", "replace") for each in named)})


def _is_judged(source: Source, each: Import, bound: Bound) -> bool:
    """Say whether an import is this file's own: a script's variables are everybody's.

    An underscore in front says that a name need not be used; so TypeScript has it.
    """
    if each.statement.type == "import_statement":
        return not each.name.startswith("_")
    if each.entry.type == "pair_pattern" and each.name.startswith("_"):
        return False
    if each.entry.parent is not None and each.entry.parent.named_child_count > 1:
        last = each.entry.parent.named_child(each.entry.parent.named_child_count - 1)
        if last is not None and last.type == "rest_pattern":
            return False  # It takes a property away from the rest.
    if bound.scope.type != "program" or source.language == "javascript":
        return True
    return any(one.statement.type == "import_statement" for one in imports(source))


_NAMES = NAME_NODES | {"property_identifier", "statement_identifier"}


def _is_imported(name: Node) -> bool:
    bound = binds(name)
    parent = name.parent
    return parent is not None and (
        parent.type == "import_specifier"
        or (bound is not None and parent.type in ("import_clause", "namespace_import"))
        or (bound is not None and parent.type == "import_require_clause")
    )


class _Names:
    """The occurrences of names in one state of a file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._data = bytes(source.data)
        # In broken code nobody knows what a name does, so each occurrence may be a use.
        self._is_broken = source.root.has_error
        self._bound: dict[tuple[str, int], list[Bound]] = {}
        self._known = known_uses(source)

    def is_unused(self, name: str, bound: Bound, near: int) -> bool:
        """Say whether no occurrence of a name means what an import binds it to.

        Where something else binds it in the same scope nobody can say.
        """
        n_bound = 0
        for node in self._nodes(name, bound.scope, near):
            if self._reads(name, node, bound):
                if bound.scope.parent is None:
                    self._known[name] = deciding_code(self._source, node)
                return False
            other = binds(node) if node.type in NAME_NODES else None
            n_bound += other is not None and other.scope == bound.scope
        return n_bound == 1

    def _nodes(self, name: str, around: Node, near: int = 0) -> Iterator[Node]:
        """Yield the occurrences of a name in a scope that are not plainly properties.

        Those from an offset on come first, as most names are used soon.
        """
        word = name.encode("utf-8", "surrogatepass")
        root = self._source.root
        start, end = around.start_byte, around.end_byte
        middle = max(start, near)
        behind = places(self._data, word, middle, end)
        for at in chain(behind, places(self._data, word, start, middle) if near else ()):
            if _IN_MEMBER.search(self._data, max(0, at - 8), at):
                continue
            node = root.descendant_for_byte_range(at, at + len(word))
            if node is not None:
                yield node

    def _reads(self, name: str, node: Node, bound: Bound) -> bool:
        if node.type == "comment":
            return self._is_in_doc(name, node)
        if self._is_broken and node.type in _NAMES:
            return not _is_imported(node)
        if node.type not in NAME_NODES:
            return False
        space = reads(node, name)
        return bool(space) and self._means(name, node, space, bound.scope)

    def _is_in_doc(self, name: str, comment: Node) -> bool:
        """Say whether a documentation comment links to a name, or (in JavaScript) types with it."""
        text = self._data[comment.start_byte : comment.end_byte]
        if not text.startswith(b"/**"):
            return False
        word = re.escape(name.encode("utf-8", "surrogatepass"))
        if re.search(_LINK % word, text):
            return True
        return self._source.language == "javascript" and bool(re.search(_DOC_TYPE % word, text))

    def _means(self, name: str, node: Node, space: Space, scope: Node) -> bool:
        """Say whether a name that is read at a node is that of a scope."""
        for each in scopes(node):
            if each == scope:
                return True
            if any(bound.space & space for bound in self._bindings(name, each)):
                return False
        return True  # Above a limit, or in code that is broken: better to keep quiet.

    def _bindings(self, name: str, scope: Node) -> list[Bound]:
        key = (name, scope.id)
        if key not in self._bound:
            found: list[Bound] = []
            for node in self._nodes(name, scope):
                bound = binds(node) if node.type in NAME_NODES else None
                if bound is not None and bound.scope == scope:
                    found.append(bound)
            self._bound[key] = found
        return self._bound[key]
