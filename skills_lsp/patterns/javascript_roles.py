"""What an occurrence of a name does in JavaScript and TypeScript, and for which scope.

TypeScript has two spaces of names: a parameter does not hide a type of its name, nor a type
parameter a value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Flag, auto

from tree_sitter import Node

from skills_lsp.syntax.nodes import MAX_CLIMB, is_field


class Space(Flag):
    """What a name means: a value, a type, or (of a class or an import) both."""

    VALUE = auto()
    TYPE = auto()
    BOTH = VALUE | TYPE


@dataclass(frozen=True, slots=True)
class Bound:
    """A place that binds a name: where it holds, and as what."""

    scope: Node
    space: Space


_FUNCTIONS = frozenset(
    {
        "function_declaration", "generator_function_declaration", "function_expression",
        "generator_function", "arrow_function", "method_definition", "function_signature",
        "method_signature", "abstract_method_signature", "call_signature", "construct_signature",
        "function_type", "constructor_type", "class_static_block", "program", "internal_module",
        "module",
    }
)  # fmt: skip
_BLOCKS = _FUNCTIONS | {
    "statement_block", "for_statement", "for_in_statement", "switch_body", "catch_clause",
}  # fmt: skip
_SCOPES = _BLOCKS | {
    "class_declaration", "abstract_class_declaration", "class", "interface_declaration",
    "type_alias_declaration", "conditional_type", "index_signature",
}  # fmt: skip
_WRAPPERS: dict[str, tuple[str, ...]] = {
    "object_pattern": (),
    "array_pattern": (),
    "rest_pattern": (),
    "pair_pattern": ("value",),
    "assignment_pattern": ("left",),
    "object_assignment_pattern": ("left",),
    "required_parameter": ("pattern",),
    "optional_parameter": ("pattern",),
}
_DECLARED = {
    "function_declaration": Space.VALUE,
    "generator_function_declaration": Space.VALUE,
    "function_signature": Space.VALUE,
    "class_declaration": Space.BOTH,
    "abstract_class_declaration": Space.BOTH,
    "enum_declaration": Space.BOTH,
    "internal_module": Space.BOTH,
    "module": Space.BOTH,
    "interface_declaration": Space.TYPE,
    "type_alias_declaration": Space.TYPE,
}
_NAMED_INSIDE = {
    "function_expression": Space.VALUE,
    "generator_function": Space.VALUE,
    "class": Space.BOTH,
}
_IMPORTS = frozenset({"import_clause", "namespace_import", "import_require_clause"})
_NOT_READ = frozenset(
    {"namespace_export", "jsx_namespace_name", "tuple_parameter", "import_specifier"}
)
_MEANS_BOTH = frozenset(
    {"export_specifier", "export_statement", "import_alias", "nested_type_identifier"}
)
_JSX_NAMES = frozenset(
    {"jsx_opening_element", "jsx_self_closing_element", "jsx_closing_element"}
)  # fmt: skip


def reads(name: Node, text: str) -> Space:
    """Return in which spaces a name is read here; falsy when it is not read."""
    parent = name.parent
    if parent is None or _is_only_a_name(name, parent, text) or binds(name) is not None:
        return Space(0)
    if parent.type in _MEANS_BOTH:
        return Space.BOTH
    return Space.TYPE if name.type == "type_identifier" else Space.VALUE


def _is_only_a_name(name: Node, parent: Node, text: str) -> bool:
    """Say whether a name is neither read nor bound: it is another module's, a tag, a label."""
    kind = parent.type
    if kind == "required_parameter":
        return is_field(parent, "name", name)  # In a tuple's type.
    if kind in _JSX_NAMES:
        return is_field(parent, "name", name) and text[:1].islower()
    if kind == "export_specifier":
        statement = parent.parent.parent if parent.parent is not None else None
        is_other = statement is not None and statement.child_by_field_name("source") is not None
        return is_other or not is_field(parent, "name", name)
    return kind in _NOT_READ


def binds(name: Node) -> Bound | None:
    """Return what an occurrence of a name binds, None when it does not."""
    child, parent = name, name.parent
    while parent is not None and parent.type in _WRAPPERS:
        fields = _WRAPPERS[parent.type]
        if fields and not any(is_field(parent, each, child) for each in fields):
            return None
        child, parent = parent, parent.parent
    if parent is None:
        return None
    kind = parent.type
    if kind in _DECLARED:
        scope = _around(parent, _BLOCKS) if is_field(parent, "name", child) else None
        return _bound(scope, _DECLARED[kind])
    if kind in _NAMED_INSIDE and is_field(parent, "name", child):
        return Bound(parent, _NAMED_INSIDE[kind])
    return _binds_value(parent, child) or _binds_type(parent, child)


def _binds_value(parent: Node, child: Node) -> Bound | None:
    kind = parent.type
    if kind == "variable_declarator" and is_field(parent, "name", child):
        is_var = parent.parent is not None and parent.parent.type == "variable_declaration"
        return _bound(_around(parent, _FUNCTIONS if is_var else _BLOCKS), Space.VALUE)
    if kind == "formal_parameters":
        return _bound(parent.parent, Space.VALUE)
    if kind in ("arrow_function", "catch_clause") and is_field(parent, "parameter", child):
        return Bound(parent, Space.VALUE)
    if kind == "for_in_statement" and is_field(parent, "left", child):
        return Bound(parent, Space.VALUE) if parent.child_by_field_name("kind") else None
    if kind == "index_signature" and is_field(parent, "name", child):
        return Bound(parent, Space.VALUE)
    return None


def _binds_type(parent: Node, child: Node) -> Bound | None:
    kind = parent.type
    if kind == "type_parameter" and is_field(parent, "name", child):
        listed = parent.parent
        return _bound(listed.parent if listed is not None else None, Space.TYPE)
    if kind == "mapped_type_clause" and is_field(parent, "name", child):
        return _bound(parent.parent, Space.TYPE)
    if kind == "infer_type":
        return _bound(_around(parent, frozenset({"conditional_type"})), Space.TYPE)
    if kind == "import_specifier":
        alias = parent.child_by_field_name("alias")
        is_local = alias is None or alias == child
        return _bound(_around(parent, _FUNCTIONS), Space.BOTH) if is_local else None
    is_alias = kind == "import_alias" and parent.named_child(0) == child
    if kind in _IMPORTS or is_alias:
        return _bound(_around(parent, _FUNCTIONS), Space.BOTH)
    return None


def _bound(scope: Node | None, space: Space) -> Bound | None:
    return Bound(scope, space) if scope is not None else None


def _around(node: Node, types: frozenset[str]) -> Node | None:
    parent = node.parent
    for _ in range(MAX_CLIMB):
        if parent is None or parent.type in types:
            return parent
        parent = parent.parent
    return None


def scopes(name: Node) -> Iterator[Node]:
    """Yield the scopes in which a name that is read here is looked for, innermost first."""
    parent = name.parent
    for _ in range(MAX_CLIMB):
        if parent is None:
            return
        if parent.type in _SCOPES:
            yield parent
        parent = parent.parent
