"""What a definition owes its readers: a docstring, and types."""

from tree_sitter import Node

from skills_lsp.patterns.decorators import decorations
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import Kind


def is_public(look: Look, definition: Node) -> bool:
    """Say whether a definition is part of a module's face: no private name in its path."""
    name = definition.child_by_field_name("name")
    if name is None or look.text(name).startswith("_"):
        return False
    for region in look.regions.around(definition.start_byte):
        if region.kind in (Kind.FUNCTION, Kind.LAMBDA):
            return False
        title = region.node.child_by_field_name("name") if region.kind is Kind.CLASS else None
        if title is not None and look.text(title).startswith("_"):
            return False
    return not any(origin in _UNDOCUMENTED_BY_RULE for origin, _ in decorations(look, definition))


_UNDOCUMENTED_BY_RULE = frozenset({"typing.overload", "overload", "typing.override", "override"})


def is_undocumented(_look: Look, definition: Node) -> bool:
    """Say whether a definition's body does not open with a docstring."""
    body = definition.child_by_field_name("body")
    first = (
        None
        if body is None
        else next((each for each in body.named_children if each.type != "comment"), None)
    )
    if first is None or first.type != "expression_statement" or not first.named_child_count:
        return True
    return first.named_child(0).type not in ("string", "concatenated_string")


def is_untyped(look: Look, function: Node) -> bool:
    """Say whether a function has no annotation at all, and something that could have one."""
    parameters = function.child_by_field_name("parameters")
    if function.child_by_field_name("return_type") is not None or parameters is None:
        return False
    given = [each for each in parameters.named_children if each.type not in _MARKS]
    if any(each.type in ("typed_parameter", "typed_default_parameter") for each in given):
        return False
    name = function.child_by_field_name("name")
    is_special = name is not None and look.text(name).startswith("__")
    own = [each for each in given if look.text(each) not in ("self", "cls")]
    return bool(own) or not is_special


_MARKS = frozenset({"comment", "keyword_separator", "positional_separator"})
