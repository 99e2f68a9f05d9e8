"""The definitions of a Python file by name, found by a search of its bytes, and where each holds.

A name that is defined again later means the last of them; a walk over the tree to learn that would
cost more than all else that is asked of a test.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from skills_lsp.syntax.nodes import ancestors
from skills_lsp.syntax.occurrences import places
from skills_lsp.syntax.source import Source

_FUNCTION = re.compile(rb"def[ \t]+([^\s(:\[]+)")
_CLASS = re.compile(rb"class[ \t]+([^\s(:\[]+)")
_DELETED = re.compile(rb"\n[ \t]*del[ \t]+([^\n]+)")
_SET = re.compile(rb"\n[ \t]*(test\w*|Test\w*)[ \t]*=[^=]")
_NAME = re.compile(rb"[^\s,()]+")
_SCOPES = frozenset({"function_definition", "class_definition", "lambda", "module"})
_DEFINITIONS = frozenset({"function_definition", "class_definition"})
_BRANCHES = frozenset(
    {
        "if_statement", "elif_clause", "else_clause", "try_statement", "except_clause",
        "except_group_clause", "case_clause", "match_statement", "while_statement",
    }
)  # fmt: skip
_NEVER = frozenset({"False", "0", "TYPE_CHECKING", "typing.TYPE_CHECKING"})
_MAIN = re.compile(r"""__name__\s*==\s*["']__main__["']""")
_MAX_CONDITION_BYTES = 80


@dataclass(frozen=True, slots=True)
class Definitions:
    """What a file's bytes look like they define; strings and comments may look so as well."""

    again: frozenset[bytes]  # names that are bound more than once, or taken away
    classes: dict[bytes, tuple[int, ...]]  # where the name of each class stands


def definitions(source: Source) -> Definitions:
    """Return what a file looks like it defines."""
    return source.remember("definitions", lambda: _definitions(source))


def _definitions(source: Source) -> Definitions:
    data = source.data
    counts = Counter(_FUNCTION.findall(data))
    classes: dict[bytes, tuple[int, ...]] = {}
    for found in _CLASS.finditer(data):
        classes[found[1]] = (*classes.get(found[1], ()), found.start(1))
    again = {name for name, n in counts.items() if n > 1 or name in classes}
    again.update(name for name, at in classes.items() if len(at) > 1)
    for listed in _DELETED.findall(data):
        again.update(_NAME.findall(listed))
    again.update(_SET.findall(data))
    return Definitions(frozenset(again), classes)


def classes_called(source: Source, name: str) -> list[Node]:
    """Return the classes that are called so, wherever in the file they are, in order."""
    word = name.encode("utf-8", "surrogatepass")
    found = (
        definition_at(source, at, at + len(word))
        for at in definitions(source).classes.get(word, ())
    )
    return [each for each in found if each is not None and each.type == "class_definition"]


def all_classes(source: Source) -> Iterator[Node]:
    """Yield every class of the file, in order."""
    known = definitions(source).classes
    spans = sorted((at, at + len(word)) for word, starts in known.items() for at in starts)
    for start, end in spans:
        node = definition_at(source, start, end)
        if node is not None and node.type == "class_definition":
            yield node


def definition_at(source: Source, start: int, end: int) -> Node | None:
    """Return the function or class whose name stands between two offsets."""
    name = source.root.descendant_for_byte_range(start, end)
    parent = name.parent if name is not None and name.type == "identifier" else None
    if parent is None or parent.type not in _DEFINITIONS:
        return None
    return parent if parent.child_by_field_name("name") == name else None


def holder(node: Node) -> Node | None:
    """Return the function, class, lambda or module that a node stands directly in."""
    return next((each for each in ancestors(node) if each.type in _SCOPES), None)


def members(source: Source, owner: Node, name: str) -> Iterator[Node]:
    """Yield the places in a class's (or module's) own body that bind a name, in order.

    They are functions, classes, and names that are assigned to or deleted.
    """
    body = owner if owner.type == "module" else owner.child_by_field_name("body")
    if body is None:
        return
    word = name.encode("utf-8", "surrogatepass")
    for at in places(source.data, word, body.start_byte):
        if at >= body.end_byte:
            return
        bound = _bound(source, at, at + len(word))
        if bound is not None and holder(bound) == owner:
            yield bound


def _bound(source: Source, start: int, end: int) -> Node | None:
    """Return what binds or deletes the name between two offsets."""
    name = source.root.descendant_for_byte_range(start, end)
    parent = name.parent if name is not None and name.type == "identifier" else None
    if name is None or parent is None:
        return None
    if parent.type in _DEFINITIONS:
        return parent if parent.child_by_field_name("name") == name else None
    if parent.type == "assignment" and parent.child_by_field_name("left") == name:
        return name
    if parent.type == "expression_list":
        parent = parent.parent or parent
    return name if parent.type == "delete_statement" else None


def is_replaced(source: Source, definition: Node) -> bool:
    """Say whether its name surely means something else once the module is loaded."""
    name = definition.child_by_field_name("name")
    if name is None or bytes(source.data[name.start_byte : name.end_byte]) not in _again(source):
        return False
    owner = holder(definition)
    if owner is None:
        return False
    text = source.text_of(name)
    blocks = {each.id for each in ancestors(definition)}
    for other in members(source, owner, text):
        if other.start_byte <= definition.end_byte:
            continue
        if _branch_of(other, owner) not in blocks:
            continue  # It may not come to that.
        if other.type in _DEFINITIONS or not _goes_into(source, other, text):
            return True
    return False


def _again(source: Source) -> frozenset[bytes]:
    return definitions(source).again


def _branch_of(node: Node, owner: Node) -> int:
    """Return the innermost block around a node that may not be run; of its owner, if there is none."""
    below = node
    for each in ancestors(node):
        if each == owner:
            return owner.id
        if each.type in _BRANCHES:
            return below.id
        below = each
    return owner.id


def _goes_into(source: Source, target: Node, name: str) -> bool:
    """Say whether a name is set to something that is made of what it was: ``f = skip(f)``."""
    assignment = target.parent
    value = assignment.child_by_field_name("right") if assignment is not None else None
    if value is None:
        return False
    word = name.encode("utf-8", "surrogatepass")
    start = value.start_byte
    return next(places(source.data, word, start), value.end_byte) < value.end_byte


def is_never_run(source: Source, definition: Node) -> bool:
    """Say whether a definition stands where an import never comes: ``if __name__ == …``."""
    below = definition
    for each in ancestors(definition):
        if each.type in _SCOPES:
            return False
        if each.type == "if_statement" and below == each.child_by_field_name("consequence"):
            condition = each.child_by_field_name("condition")
            if condition is not None and _is_false(source, condition):
                return True
        below = each
    return False


def _is_false(source: Source, condition: Node) -> bool:
    if condition.end_byte - condition.start_byte > _MAX_CONDITION_BYTES:
        return False
    text = source.text_of(condition)
    return text in _NEVER or _MAIN.search(text) is not None


def yields(source: Source, function: Node) -> bool:
    """Say whether a function's own body yields."""
    if source.data.find(b"yield", function.start_byte, function.end_byte) < 0:
        return False
    for at in places(source.data, b"yield", function.start_byte):
        if at >= function.end_byte:
            return False
        node = source.root.descendant_for_byte_range(at, at + len(b"yield"))
        is_word = node is not None and node.type == "yield"
        expression = node.parent if node is not None and is_word else None
        if expression is not None and holder(expression) == function:
            return True
    return False
