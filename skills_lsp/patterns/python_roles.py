"""What an occurrence of a name does in Python, and in which scope: binds it, reads it, or neither.

As in the language, names in a class body are no concern of the functions in it, a decorator, a default
value and an annotation belong outside the function, and so does the first iterable of a comprehension.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tree_sitter import Node

from skills_lsp.syntax.nodes import MAX_CLIMB, is_field


class Role(Enum):
    """What an occurrence of a name does."""

    READS = auto()
    BINDS = auto()
    REBINDS = auto()  # reads and binds: ``x += 1``, ``del x``
    DECLARES = auto()  # ``global x``
    NOTHING = auto()  # an attribute, a keyword, a part of an import


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope around an occurrence.

    Its code runs ``is_in_order`` with the occurrence, unless a function stands in between, which is
    called when all of it has run.
    """

    node: Node
    is_in_order: bool


_WRAPPERS = frozenset(
    {
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "list_splat_pattern",
        "dictionary_splat_pattern",
        "typed_parameter",
        "as_pattern_target",
        "splat_pattern",
    }
)
_BOUND_FIELD = {
    "assignment": "left",
    "for_statement": "left",
    "for_in_clause": "left",
    "named_expression": "name",
    "function_definition": "name",
    "class_definition": "name",
    "aliased_import": "alias",
    "default_parameter": "name",
    "typed_default_parameter": "name",
    "type_alias_statement": "left",
}
_NOTHING_FIELD = {
    "attribute": "attribute",
    "keyword_argument": "name",
    "import_from_statement": "module_name",
}
_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
_FUNCTIONS = frozenset({"function_definition", "lambda"})
_BODIES = _FUNCTIONS | {"class_definition"}
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)


def role(name: Node) -> Role:  # noqa: PLR0911 - one for each kind of place
    """Return what an identifier does."""
    child, parent = name, name.parent
    while parent is not None and parent.type in _WRAPPERS:
        if parent.type == "as_pattern_target":
            return Role.BINDS
        child, parent = parent, parent.parent
    if parent is None:
        return Role.READS
    kind = parent.type
    if kind in _NOTHING_FIELD and is_field(parent, _NOTHING_FIELD[kind], child):
        return Role.NOTHING
    if kind in _BOUND_FIELD:
        return Role.BINDS if is_field(parent, _BOUND_FIELD[kind], child) else Role.READS
    if kind == "augmented_assignment":
        return Role.REBINDS if is_field(parent, "left", child) else Role.READS
    if kind == "dotted_name":
        return _role_in_dotted(name, parent)
    if kind in ("keyword_pattern", "as_pattern"):
        is_first = parent.named_child(0) == child
        return _OF_PARTS[kind][0 if is_first else 1]
    if kind == "expression_list" and _is_deleted(parent):
        return Role.REBINDS
    return _OF_CHILDREN.get(kind, Role.READS)


_OF_PARTS = {
    "keyword_pattern": (Role.NOTHING, Role.READS),  # ``case Till(open=True)``
    "as_pattern": (Role.READS, Role.BINDS),  # ``except Error as error``, ``case Till() as till``
}
_OF_CHILDREN = {
    "parameters": Role.BINDS,
    "lambda_parameters": Role.BINDS,
    "case_pattern": Role.BINDS,
    "delete_statement": Role.REBINDS,
    "global_statement": Role.DECLARES,
    "nonlocal_statement": Role.DECLARES,
}


def _is_deleted(listed: Node) -> bool:
    return listed.parent is not None and listed.parent.type == "delete_statement"


def _role_in_dotted(name: Node, dotted: Node) -> Role:
    holder = dotted.parent
    is_first = dotted.start_byte == name.start_byte
    if holder is None:
        return Role.READS
    if holder.type in _IMPORTS or holder.type in ("aliased_import", "relative_import"):
        if not is_first or holder.type in ("aliased_import", "relative_import"):
            return Role.NOTHING
        is_module = is_field(holder, "module_name", dotted)
        return Role.NOTHING if is_module else Role.BINDS
    if not is_first:
        return Role.NOTHING
    is_capture = dotted.named_child_count == 1 and holder.type != "class_pattern"
    return Role.BINDS if is_capture else Role.READS


def scopes(name: Node) -> Iterator[Scope]:
    """Yield the scopes in which a name that is read here is looked for, innermost first."""
    child, parent = name, name.parent
    is_in_order = True
    outside_of: Node | None = None
    for _ in range(MAX_CLIMB):
        if parent is None:
            return
        kind = parent.type
        if kind == "for_in_clause" and is_field(parent, "right", child):
            outside_of = parent.parent if _is_first_clause(parent) else outside_of
        elif kind in _COMPREHENSIONS and parent != outside_of:
            yield Scope(parent, is_in_order=False)
        elif kind == "module":
            yield Scope(parent, is_in_order)
        elif kind in _BODIES and is_field(parent, "body", child):
            # The functions in a class do not see its names.
            if is_in_order or kind in _FUNCTIONS:
                yield Scope(parent, is_in_order)
            is_in_order = is_in_order and kind not in _FUNCTIONS
        child, parent = parent, parent.parent


def _is_first_clause(clause: Node) -> bool:
    before = clause.prev_named_sibling
    return before is None or before.type != "for_in_clause"


def bound_in(name: Node) -> Node | None:
    """Return the scope in which a name that is bound here is bound."""
    child, parent = name, name.parent
    is_walrus = parent is not None and parent.type == "named_expression"
    for _ in range(MAX_CLIMB):
        if parent is None:
            return None
        kind = parent.type
        if kind in ("module", "class_definition", *_FUNCTIONS):
            is_own_name = child == name or is_field(parent, "name", child)
            if kind == "module" or not is_own_name:
                return parent
        elif kind in _COMPREHENSIONS and not is_walrus:
            return parent
        child, parent = parent, parent.parent
    return None


def bound_from(name: Node) -> int:
    """Return the offset from which on a name is bound that is bound here."""
    child, parent = name, name.parent
    while parent is not None and parent.type in _WRAPPERS:
        child, parent = parent, parent.parent
    if parent is None or parent.type not in _BOUND_AFTER:
        return name.start_byte
    if not is_field(parent, _BOUND_FIELD.get(parent.type, "left"), child):
        return name.start_byte
    until = parent.child_by_field_name(_BOUND_AFTER[parent.type])
    return until.end_byte if until is not None else name.start_byte


# What is evaluated before the name is bound.
_BOUND_AFTER = {
    "assignment": "right",
    "augmented_assignment": "right",
    "named_expression": "value",
    "for_statement": "right",
    "function_definition": "parameters",
    "class_definition": "body",
}
