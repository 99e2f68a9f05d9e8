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


def bound_scope(name: Node) -> Node | None:  # noqa: PLR0911 - one return per kind of declaration
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
    if kind == "arrow_function":
        return parent if is_field(parent, "parameter", child) else None
    if kind in _DECLARATIONS and is_field(parent, "name", child):
        return _around(parent, _BLOCK_SCOPES)
    if kind in ("function_expression", "generator_function", "class"):
        return parent if is_field(parent, "name", child) else None
    if kind == "catch_clause":
        return parent if is_field(parent, "parameter", child) else None
    if kind == "for_in_statement":
        return parent if is_field(parent, "left", child) and _declares(parent) else None
    if kind not in _IMPORTS or (kind == "import_specifier" and not _is_local_name(parent, child)):
        return None
    return _around(parent, _FUNCTION_SCOPES)


def _is_local_name(specifier: Node, name: Node) -> bool:
    """Say whether a name is the local one of ``{ taken as local }``."""
    alias = specifier.child_by_field_name("alias")
    return alias is None or alias == name


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
