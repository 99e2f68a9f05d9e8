"""Python's rules of scope: which places bind a name, and where it then holds."""

from tree_sitter import Node

from skills_lsp.syntax.nodes import ancestors, is_field

_TRANSPARENT = frozenset(
    {
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "list_splat_pattern",
        "dictionary_splat_pattern",
        "as_pattern_target",
        "typed_parameter",
        "dotted_name",
    }
)
_BINDS_IN_FIELD = {
    "assignment": "left",
    "augmented_assignment": "left",
    "for_statement": "left",
    "for_in_clause": "left",
    "named_expression": "name",
    "function_definition": "name",
    "class_definition": "name",
    "aliased_import": "alias",
    "default_parameter": "name",
    "typed_default_parameter": "name",
}
_BINDS_ANY_CHILD = frozenset({"parameters", "lambda_parameters", "case_pattern"})
_IMPORTS = frozenset({"import_statement", "import_from_statement"})
_PARAMETERS_WITH_DEFAULT = frozenset({"default_parameter", "typed_default_parameter"})
_SCOPES = frozenset({"function_definition", "lambda", "class_definition", "module"})
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)


def bound_scope(name: Node) -> Node | None:
    """Return the scope in which this occurrence of a name binds it, None when it does not.

    Names bound in a class body are attributes to the code in its methods, so they count for
    nothing here.
    """
    child, parent = name, name.parent
    if parent is not None and parent.type == "global_statement":
        # From here on somebody may give the module's name another value.
        return next((each for each in ancestors(parent) if each.type == "module"), None)
    while parent is not None and parent.type in _TRANSPARENT:
        child, parent = parent, parent.parent
    if parent is None or not _binds(parent, child, name):
        return None
    if parent.type in _PARAMETERS_WITH_DEFAULT:
        parent = parent.parent or parent
    if parent.type == "for_in_clause":
        return next((each for each in ancestors(parent) if each.type in _COMPREHENSIONS), None)
    scope = next((each for each in ancestors(parent) if each.type in _SCOPES), None)
    return None if scope is None or scope.type == "class_definition" else scope


def _binds(holder: Node, child: Node, name: Node) -> bool:
    """Say whether a construct binds the name in this child of it."""
    kind = holder.type
    if kind in _BINDS_IN_FIELD:
        return is_field(holder, _BINDS_IN_FIELD[kind], child)
    if kind in _IMPORTS:
        return child.type != "dotted_name" or _binds_dotted(holder, child, name)
    if kind == "as_pattern":
        return child.type == "as_pattern_target"
    return kind in _BINDS_ANY_CHILD


def _binds_dotted(statement: Node, dotted: Node, name: Node) -> bool:
    if statement.type == "import_from_statement":
        return not is_field(statement, "module_name", dotted)
    return dotted.start_byte == name.start_byte  # ``import a.b`` binds ``a``.
