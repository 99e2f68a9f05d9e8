"""What a file imports: which local name stands for what, and where that is said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.nodes import field, nearest
from skills_lsp.syntax.occurrences import nodes_with
from skills_lsp.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Import:
    """One name that an import binds.

    ``origin`` is what it stands for, dotted: ``np`` stands for ``numpy``, ``r`` for
    ``subprocess.run``; ``import a.b`` binds ``a``. A default import stands for its module, as the
    two are one for CommonJS modules. ``name`` is empty when nothing is bound (side effects) and
    ``*`` for a star import.
    """

    name: str
    origin: str
    module: str
    statement: Node
    name_node: Node
    entry: Node  # the part of the statement that binds the name
    is_type_only: bool = False


def imports(source: Source) -> tuple[Import, ...]:
    """Return every import of the file, in order, those inside functions too."""
    collect = _python if source.family is Family.PYTHON else _javascript
    return source.remember("imports", lambda: tuple(collect(source)))


def import_table(source: Source) -> dict[str, str]:
    """Return the local names that imports bind, with the dotted origin of each."""
    return summary(source).table


def imported_modules(source: Source) -> tuple[str, ...]:
    """Return the modules that are imported, each once, in order of their first import."""
    return summary(source).modules


_Said: TypeAlias = tuple[tuple[str, str, str], ...]
"""What a statement imports: each name that it binds, its origin, and the module."""

_SAME_BLOCK_BYTES = 4_000
"""Imports farther apart than this are not of one block, whatever comments stand between."""


@dataclass(frozen=True, slots=True)
class Summary(Lasting):
    """What the imports of a file come to; outlives edits that touch no import."""

    table: dict[str, str]
    modules: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # in bytes: each statement and the line of code after it

    @property
    def said(self) -> object:
        """What is imported, wherever that is said."""
        return self.table, self.modules

    def after(self, change: Change) -> "Summary | None":
        """Return the summary with its statements moved, None when one may be different."""
        if change.holds(b"import") or change.holds(b"require"):
            return None
        moved: list[tuple[int, int]] = []
        for start, end in self.spans:
            by = change.moved(start, end)
            if by is None:
                return None
            moved.append((start + by, end + by))
        return Summary(self.table, self.modules, tuple(moved))

    def touches(self, start: int, end: int) -> bool:
        """Say whether one of the statements touches the bytes between two offsets.

        So does what stands between two of them that are close: it may be a comment in a block.
        """
        if any(first <= end and start <= last for first, last in self.spans):
            return True
        return any(
            before[1] < start and end < after[0] and after[0] - before[1] < _SAME_BLOCK_BYTES
            for before, after in pairwise(self.spans)
        )


def summary(source: Source) -> Summary:
    """Return what the imports of a file come to."""
    known = source.lasting("imports", Summary, lambda: summary(source))
    if known is not None:
        return known
    whole: dict[tuple[int, int], None] = {}
    table: dict[str, str] = {}
    modules: dict[str, None] = {}
    for statement, said in _all_said(source):
        if said:
            whole[statement.start_byte, statement.end_byte] = None
        for name, origin, module in said:
            if name not in ("", "*"):
                table[name] = origin
            if module:
                modules[module] = None
    spans = tuple((start, _end_of_next(source, end)) for start, end in whole)
    known = Summary(table, tuple(modules), spans)
    source.keep("imports", known)
    return known


def _all_said(source: Source) -> Iterator[tuple[Node, _Said]]:
    """Yield each statement of the file that imports, with what it says."""
    if source.family is Family.PYTHON:
        yield from ((each, _said(source, each)) for each in statements(source))
        return
    for statement in nodes_with(source, b"import", _JAVASCRIPT_IMPORTS):
        yield statement, _said(source, statement)
    for call in nodes_with(source, b"require", _CALLS):
        for each in _required(source, call):
            yield each.statement, ((each.name, each.origin, each.module),)


def _said(source: Source, statement: Node) -> _Said:
    """Return what an import statement says; the same words say the same, wherever they stand."""
    if statement.has_error:
        return _names_of(source, statement)
    text = bytes(source.data[statement.start_byte : statement.end_byte])
    known = _KNOWN.get((source.family, text))
    if known is None:
        if len(_KNOWN) >= _MAX_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[source.family, text] = _names_of(source, statement)
    return known


def _names_of(source: Source, statement: Node) -> _Said:
    return tuple((it.name, it.origin, it.module) for it in _of(source, statement))


_KNOWN: dict[tuple[Family, bytes], _Said] = {}
_MAX_KNOWN = 4_000


def _end_of_next(source: Source, end: int) -> int:
    """Return the end of the line of code after a statement, on which the lines between depend."""
    found = _UP_TO_NEXT.match(source.data, end) if source.family is Family.PYTHON else None
    return found.end() if found is not None else end


_UP_TO_NEXT = re.compile(rb"(?:[\s;\\]|#[^\n]*)*[^\n]*")


def import_at(source: Source, name: Node) -> Import | None:
    """Return the import whose binding a name is, if it is one.

    Only its own statement is read: to list all imports of a long file takes 5 ms.
    """
    statement = nearest(name, _STATEMENTS)
    if statement is None:
        return None
    at = name.start_byte
    return next((it for it in _of(source, statement) if it.name_node.start_byte == at), None)


def _of(source: Source, statement: Node) -> Iterator[Import]:
    if source.family is Family.PYTHON:
        return _python_statement(source, statement)
    if statement.type == "import_statement":
        return _javascript_statement(source, statement)
    between = statement.start_byte, statement.end_byte
    calls = nodes_with(source, b"require", _CALLS, *between)
    return (it for call in calls for it in _required(source, call))


_PYTHON_IMPORTS = frozenset(
    {"import_statement", "import_from_statement", "future_import_statement"}
)


def statements(source: Source) -> tuple[Node, ...]:
    """Return the import statements of a Python file, in order."""
    return source.remember(
        "import statements", lambda: tuple(nodes_with(source, b"import", _PYTHON_IMPORTS))
    )


def _python(source: Source) -> Iterator[Import]:
    for statement in statements(source):
        yield from _python_statement(source, statement)


def _python_statement(source: Source, statement: Node) -> Iterator[Import]:
    if statement.type == "import_statement":
        for entry in statement.children_by_field_name("name"):
            yield from _python_module(source, statement, entry)
    else:
        yield from _python_names(source, statement)


def _python_module(source: Source, statement: Node, entry: Node) -> Iterator[Import]:
    dotted, alias = _entry(entry)
    if dotted is None:
        return
    module = _dotted(source, dotted)
    if alias is not None:
        yield Import(source.text_of(alias), module, module, statement, alias, entry)
    elif dotted.named_child_count:
        first = dotted.named_child(0)
        name = source.text_of(first)
        yield Import(name, name, module, statement, first, entry)


def _python_names(source: Source, statement: Node) -> Iterator[Import]:
    module_node = field(statement, "module_name")
    module = _dotted(source, module_node) if module_node is not None else "__future__"
    for entry in statement.children_by_field_name("name"):
        dotted, alias = _entry(entry)
        if dotted is None:
            continue
        taken = _dotted(source, dotted)
        joined = f"{module}{'' if module.endswith('.') else '.'}{taken}"
        node = alias or dotted
        yield Import(source.text_of(node), joined, module, statement, node, entry)
    for child in statement.named_children:
        if child.type == "wildcard_import":
            yield Import("*", module, module, statement, child, child)


def _entry(entry: Node) -> tuple[Node | None, Node | None]:
    if entry.type == "aliased_import":
        return field(entry, "name"), field(entry, "alias")
    return entry, None


def _dotted(source: Source, node: Node) -> str:
    return "".join(source.text_of(node).split())


def _javascript(source: Source) -> Iterator[Import]:
    for statement in nodes_with(source, b"import", _JAVASCRIPT_IMPORTS):
        yield from _javascript_statement(source, statement)
    for call in nodes_with(source, b"require", _CALLS):
        yield from _required(source, call)


def _javascript_statement(source: Source, statement: Node) -> Iterator[Import]:
    children = statement.named_children
    module_node = field(statement, "source")
    clause = next((c for c in children if c.type == "import_clause"), None)
    equals = next((c for c in children if c.type == "import_require_clause"), None)
    if equals is not None:
        module_node = field(equals, "source")
        clause = equals
    if module_node is None:
        return
    module = _module(source, module_node)
    is_type = any(statement.child(i).type == "type" for i in range(min(2, statement.child_count)))
    if clause is None:
        yield Import("", module, module, statement, module_node, statement)
        return
    for part in clause.named_children:
        if part.type == "identifier":
            yield Import(source.text_of(part), module, module, statement, part, part, is_type)
        elif part.type == "namespace_import" and part.named_child_count:
            name = part.named_child(0)
            yield Import(source.text_of(name), module, module, statement, name, part, is_type)
        elif part.type == "named_imports":
            yield from _specifiers(source, statement, module, part, is_type=is_type)


def _specifiers(
    source: Source, statement: Node, module: str, names: Node, *, is_type: bool
) -> Iterator[Import]:
    for entry in names.named_children:
        taken = field(entry, "name") if entry.type == "import_specifier" else None
        if taken is None:
            continue
        node = field(entry, "alias") or taken
        text = source.text_of(taken)
        origin = module if text == "default" else f"{module}.{text}"
        type_only = is_type or entry.child(0).type == "type"
        yield Import(source.text_of(node), origin, module, statement, node, entry, type_only)


def _required(source: Source, call: Node) -> Iterator[Import]:
    """Yield what ``const x = require("y")`` binds, destructured or not."""
    function, arguments = field(call, "function"), field(call, "arguments")
    if function is None or arguments is None or source.text_of(function) != "require":
        return
    if arguments.named_child_count != 1 or arguments.named_child(0).type != "string":
        return
    module = _module(source, arguments.named_child(0))
    declarator = call.parent
    origin = module
    if declarator is not None and declarator.type == "member_expression":
        taken = field(declarator, "property")
        origin = f"{module}.{source.text_of(taken)}" if taken is not None else module
        declarator = declarator.parent
    statement = nearest(call, _DECLARATIONS)
    if declarator is None or declarator.type != "variable_declarator" or statement is None:
        return
    target = field(declarator, "name")
    if target is None:
        return
    if target.type == "identifier":
        yield Import(source.text_of(target), origin, module, statement, target, declarator)
    for entry in target.named_children if target.type == "object_pattern" else ():
        key = field(entry, "key") or entry
        name = field(entry, "value") or entry
        if name.type in ("identifier", "shorthand_property_identifier_pattern"):
            dotted = f"{origin}.{source.text_of(key)}"
            yield Import(source.text_of(name), dotted, module, statement, name, entry)


_CALLS = frozenset({"call_expression"})
_JAVASCRIPT_IMPORTS = frozenset({"import_statement"})
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
_STATEMENTS = _PYTHON_IMPORTS | _DECLARATIONS


def _module(source: Source, literal: Node) -> str:
    """Return the module a string names; ``node:fs`` is ``fs``, but ``node:test`` is only that."""
    text = source.text_of(literal)[1:-1]
    return text.removeprefix("node:") if text != "node:test" else text
