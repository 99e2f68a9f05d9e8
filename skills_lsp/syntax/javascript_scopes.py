"""JavaScript's and TypeScript's rules of scope: which places bind a name, and where it holds."""

from tree_sitter import Node

from skills_lsp.syntax.nodes import ancestors, is_field

FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)
_FUNCTION_SCOPES = FUNCTIONS | {"program", "class_static_block"}
_BLOCK_SCOPES = _FUNCTION_SCOPES | {
    "statement_block",
    "for_statement",
    "for_in_statement",
    "switch_body",
}
_TRANSPARENT_FIELDS = {
    "object_pattern": None,
    "array_pattern": None,
    "rest_pattern": None,
    "pair_pattern": "value",
    "assignment_pattern": "left",
    "object_assignment_pattern": "left",
    "required_parameter": "pattern",
    "optional_parameter": "pattern",
}
_IMPORTS = frozenset(
    {"import_specifier", "import_clause", "namespace_import", "import_require_clause"}
)


def bound_scope(name: Node) -> Node | None:  # noqa: PLR0911 - one per kind of declaration
    """Return the scope in which this occurrence of a name binds it, None when it does not."""
    child, parent = name, name.parent
    while parent is not None and parent.type in _TRANSPARENT_FIELDS:
        wanted = _TRANSPARENT_FIELDS[parent.type]
        if wanted is not None and not is_field(parent, wanted, child):
            return None
        child, parent = parent, parent.parent
    if parent is None:
        return None
    kind = parent.type
    if kind == "variable_declarator" and is_field(parent, "name", child):
        is_var = parent.parent is not None and parent.parent.type == "variable_declaration"
        return _around(parent, _FUNCTION_SCOPES if is_var else _BLOCK_SCOPES)
    if kind == "formal_parameters":
        return parent.parent
    if kind in _BINDS_INSIDE:
        return parent if is_field(parent, _BINDS_INSIDE[kind], child) else None
    if kind in _DECLARATIONS and is_field(parent, "name", child):
        return _around(parent, _BLOCK_SCOPES)
    if kind == "for_in_statement":
        return parent if is_field(parent, "left", child) and _declares(parent) else None
    return _around(parent, _FUNCTION_SCOPES) if _imports(parent, child) else None


def _imports(part: Node, name: Node) -> bool:
    """Say whether an import binds this name: of ``{ taken as local }``, the second."""
    alias = part.child_by_field_name("alias")
    return part.type in _IMPORTS and (alias is None or alias == name)


# Nodes that bind the name in one of their fields for what is inside of them.
_BINDS_INSIDE = {
    "arrow_function": "parameter",
    "function_expression": "name",
    "generator_function": "name",
    "class": "name",
    "catch_clause": "parameter",
}


_DECLARATIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "abstract_class_declaration",
        "enum_declaration",
    }
)


def _around(node: Node, types: frozenset[str]) -> Node | None:
    return next((each for each in ancestors(node) if each.type in types), None)


def _declares(loop: Node) -> bool:
    return loop.child_by_field_name("kind") is not None
