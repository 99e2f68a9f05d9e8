"""Strings of Python that hold names: annotations that are evaluated later, and ``__all__``.

Which strings are annotations is told by the typing specification:
https://typing.python.org/en/latest/spec/annotations.html
"""

import ast
import re
import warnings
from functools import lru_cache

from tree_sitter import Node

from skills_lsp.syntax.nodes import MAX_CLIMB, is_field
from skills_lsp.syntax.source import Source

_MAX_ANNOTATION = 1_000
"""A longer string is a text, whatever it stands in."""

_TYPING = (
    "AbstractSet AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable ChainMap"
    " ClassVar Collection Concatenate Container ContextManager AsyncContextManager Coroutine Counter"
    " DefaultDict Deque Dict Final FrozenSet Generator Generic ItemsView Iterable Iterator KeysView"
    " List Mapping MappingView MutableMapping MutableSequence MutableSet NotRequired Optional"
    " OrderedDict ParamSpec Protocol ReadOnly Required Sequence Set Tuple Type TypeGuard TypeIs Union"
    " Unpack ValuesView dict frozenset list set tuple type defaultdict deque"
)
_GENERICS = frozenset(_TYPING.split())
_CALLS = frozenset(
    {"cast", "TypeVar", "NewType", "NamedTuple", "TypedDict", "ParamSpec", "assert_type"}
)
_ENDS = frozenset(
    {
        "module", "block", "expression_statement", "function_definition", "class_definition",
        "lambda", "decorator", "interpolation", "return_statement", "dictionary", "pair",
    }
)  # fmt: skip


def reads_in_string(source: Source, name: str, content: Node) -> bool:
    """Say whether a string (by its content) reads a name."""
    string = content.parent
    if string is None or string.type != "string":
        return False
    text = source.text_of(content)
    if len(text) > _MAX_ANNOTATION:
        return False
    if text == name and _is_exported(source, string):
        return True
    return name in names_in(text) and _is_annotation(source, string)


@lru_cache(2048)
def names_in(text: str) -> frozenset[str]:
    """Return the names that an annotation in a string reads, those in strings in it included."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update(re.findall(r"(?<![\w.])[^\W\d]\w*", node.value))
    return frozenset(found)


def _is_exported(source: Source, string: Node) -> bool:
    """Say whether a string is an entry of ``__all__``."""
    at = string.parent
    for _ in range(MAX_CLIMB):
        if at is None:
            return False
        if at.type in ("assignment", "augmented_assignment"):
            left = at.child_by_field_name("left")
            return left is not None and source.text_of(left) == "__all__"
        if at.type == "call":
            callee = at.child_by_field_name("function")
            return callee is not None and source.text_of(callee) in (
                "__all__.extend", "__all__.append", "__all__.insert",
            )  # fmt: skip
        if at.type not in _LISTED:
            return False
        at = at.parent
    return False


_LISTED = frozenset(
    {
        "list", "tuple", "set", "binary_operator", "argument_list", "parenthesized_expression",
        "expression_list", "list_splat", "conditional_expression", "concatenated_string",
    }
)  # fmt: skip


def _is_annotation(source: Source, string: Node) -> bool:
    """Say whether a string stands where a type is meant."""
    is_type = False
    child, parent = string, string.parent
    for _ in range(MAX_CLIMB):
        if parent is None or parent.type in _ENDS:
            return is_type
        kind = parent.type
        if kind == "call":
            return _last_word(source, parent.child_by_field_name("function")) in _CALLS
        if kind == "assignment":
            return is_type or _is_alias(source, parent, child)
        if kind in ("generic_type", "subscript"):
            says = _in_brackets(source, parent, child, string)
            if says is False:
                return False
            is_type = is_type or bool(says)
        is_type = is_type or kind == "type"
        child, parent = parent, parent.parent
    return is_type


def _in_brackets(source: Source, generic: Node, child: Node, string: Node) -> bool | None:
    """Say whether what stands in square brackets is a type; None when that is not known."""
    head = _last_word(source, generic.named_child(0))
    if head == "Literal" or (
        head == "Annotated" and not _is_first_argument(generic, child, string)
    ):
        return False
    is_inside = generic.type == "subscript" and child != generic.named_child(0)
    return True if is_inside and (head in _GENERICS or head == "Annotated") else None


def _is_first_argument(generic: Node, child: Node, string: Node) -> bool:
    """Say whether a string stands in the first of the arguments in square brackets."""
    if generic.type == "subscript":
        first = generic.child_by_field_name("subscript")
    else:
        first = child.named_child(0)
    return first is not None and first.start_byte <= string.start_byte < first.end_byte


def _is_alias(source: Source, assignment: Node, child: Node) -> bool:
    annotation = assignment.child_by_field_name("type")
    is_value = is_field(assignment, "right", child)
    return is_value and annotation is not None and "TypeAlias" in source.text_of(annotation)


def _last_word(source: Source, node: Node | None) -> str:
    if node is None or node.type not in ("identifier", "attribute", "dotted_name"):
        return ""
    return source.text_of(node).rpartition(".")[2].strip()
