"""The definitions of a Python file by name, found by a search of its bytes, and where each holds.

A name that is defined again later means the last of them; a walk over the tree to learn that would
cost more than all else that is asked of a test.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from tree_sitter import Node

from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.drift import whole_lines
from skills_lsp.syntax.nodes import ancestors
from skills_lsp.syntax.occurrences import places
from skills_lsp.syntax.source import Source

_FUNCTION = re.compile(rb"def[ \t]+([^\s(:\[]+)")
_CLASS = re.compile(rb"class[ \t]+([^\s(:\[]+)")
# Each opens with its first letters, which a search jumps to; whether they open a line is asked then.
_OPENING = (
    re.compile(rb"del[ \t]+([^\n]+)"),
    re.compile(rb"(test\w*)[ \t]*=[^=]"),
    re.compile(rb"(Test\w*)[ \t]*=[^=]"),
)
_ALL = (_FUNCTION, _CLASS, *_OPENING)
_NAME = re.compile(rb"[^\s,()]+")
_HEAD = re.compile(rb"class[ \t]+([^\s(:\[]+)[^(:\n]*\(([^)]*)\)")
_REST_OF_HEAD = re.compile(rb"[^(:\n]*(?:\([^)]*\))?")
_BASE = re.compile(rb"[^\s,()\[\].=]+(?=\s*(?:[,\[)]|$))")
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


class _Head(NamedTuple):
    """What a line looks like it defines or deletes, without where it stands."""

    names: tuple[bytes, ...]
    kind: re.Pattern[bytes]
    indent: int


@dataclass(frozen=True, slots=True)
class Definitions(Lasting):
    """What a file's bytes look like they define; strings and comments may look so as well.

    Outlives edits: only the lines that one touches are read again.
    """

    is_of_bytes = True

    heads: list[_Head]  # in the order of the text
    lines: list[int]  # where the line of each begins
    starts: list[int]  # where its name stands
    class_numbers: dict[bytes, list[int]]  # which of them are classes called so
    again: frozenset[bytes]  # names that are bound more than once, or taken away

    def after(self, change: Change) -> "Definitions":
        """Return the definitions as they are after an edit."""
        edit, data = change.edit, change.data
        by = edit.new_end - edit.old_end
        start, end = whole_lines(data, edit.start, edit.new_end)
        first, last = bisect_left(self.lines, start), bisect_right(self.lines, end - by)
        read = list(_read(data, start, end))
        # Lists of their own: a generator takes four times as long over a thousand of them.
        lines = [line for _, line, _ in read] + [each + by for each in self.lines[last:]]
        starts = [at for _, _, at in read] + [each + by for each in self.starts[last:]]
        lines, starts = self.lines[:first] + lines, self.starts[:first] + starts
        heads = [head for head, _, _ in read]
        if heads == self.heads[first:last]:
            return Definitions(self.heads, lines, starts, self.class_numbers, self.again)
        return _numbered([*self.heads[:first], *heads, *self.heads[last:]], lines, starts)

    def has_class(self, name: bytes) -> bool:
        """Say whether a class is called so."""
        return name in self.class_numbers

    def classes(self, name: bytes) -> list[int]:
        """Return where the names of the classes stand that are called so."""
        return [self.starts[each] for each in self.class_numbers.get(name, ())]


_INDEX = ("definitions", 0)
"""No fact that findings are compared by: who uses it asks for the names that it looks up."""


def definitions(source: Source) -> Definitions:
    """Return what a file looks like it defines."""
    return source.remember(_INDEX, lambda: _kept(source))


def _kept(source: Source) -> Definitions:
    found = source.lasting(_INDEX, Definitions)
    if found is None:
        read = list(_read(source.data, 0, len(source.data)))
        found = _numbered(
            [head for head, _, _ in read], [line for _, line, _ in read], [at for _, _, at in read]
        )
        source.keep(_INDEX, found)
    return found


def _read(data: bytes | bytearray, start: int, end: int) -> Iterator[tuple[_Head, int, int]]:
    """Yield what some whole lines define, each with where its line begins and its name stands."""
    found = [each for kind in _ALL for each in kind.finditer(data, start, end + 1)]
    for each in sorted(found, key=lambda each: each.start(1)):
        line = data.rfind(b"\n", 0, each.start()) + 1
        before = data[line : each.start()]
        if each.re not in _OPENING:
            indent = len(before) - len(before.lstrip())
            yield _Head((each[1],), each.re, indent), line, each.start(1)
        elif not before.strip():
            yield _Head(tuple(_NAME.findall(each[1])), each.re, len(before)), line, each.start(1)


def _numbered(heads: list[_Head], lines: list[int], starts: list[int]) -> Definitions:
    numbers: dict[bytes, list[int]] = {}
    again: set[bytes] = set()
    for number, each in enumerate(heads):
        if each.kind is _CLASS:
            numbers.setdefault(each.names[0], []).append(number)
        elif each.kind is not _FUNCTION:
            again.update(each.names)
    again.update(_repeated(heads))
    return Definitions(heads, lines, starts, numbers, frozenset(again))


def _repeated(heads: list[_Head]) -> Iterator[bytes]:
    """Yield the names that one class, or the module, seems to define more than once.

    Which class that is, is told by the indentation: too often rather than too seldom, as what a
    function defines counts for its class. That setUp is there in every class matters to none.
    """
    inside: list[tuple[int, set[bytes]]] = [(-1, set())]  # indentation of the class, its names
    for each in heads:
        if each.kind not in (_CLASS, _FUNCTION):
            continue
        while inside[-1][0] >= each.indent:
            inside.pop()
        (name,), (_, names) = each.names, inside[-1]
        if name in names:
            yield name
        names.add(name)
        if each.kind is _CLASS:
            inside.append((each.indent, set()))


def classes_called(source: Source, name: str, near: int = 0) -> list[Node]:
    """Return the classes that are called so, wherever in the file they are, in order.

    Of many, those around an offset.
    """
    word = name.encode("utf-8", "surrogatepass")
    ask_for_class(source, name)
    starts = definitions(source).classes(word)
    at_near = bisect_left(starts, near)
    starts = starts[max(0, at_near - _MAX_OF_A_NAME) : at_near + _MAX_OF_A_NAME]
    found = (definition_at(source, at, at + len(word)) for at in starts)
    return [each for each in found if each is not None and each.type == "class_definition"]


_MAX_OF_A_NAME = 20
"""How many classes of one name are looked at before an offset, and after it."""


def ask_for_class(source: Source, name: str) -> None:
    """Note that an answer depends on how classes of a name begin, and not on all that is in them.

    Whoever asks for the plain name is asked again after each edit inside such a class.
    """
    source.remember(("class heads", name), lambda: _class_heads(source, name))


def _class_heads(source: Source, name: str) -> tuple[bytes, ...]:
    """Return how the classes begin that are called so, each with the line above."""
    data, word = source.data, name.encode("utf-8", "surrogatepass")
    heads = []
    for at in definitions(source).classes(word):
        line = data.rfind(b"\n", 0, at) + 1
        above = data.rfind(b"\n", 0, max(0, line - 1)) + 1
        start = above if data[above:line].lstrip().startswith(b"@") else line
        rest = _REST_OF_HEAD.match(data, at + len(word))
        heads.append(bytes(data[start : rest.end() if rest else at]))
    return tuple(heads)


def heirs_by_name(source: Source) -> dict[str, tuple[str, ...]]:
    """Return the classes that look like they derive from a class of some name, in order."""
    return source.remember("heirs", lambda: _heirs_by_name(source.data))


def _heirs_by_name(data: bytes | bytearray) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for head in _HEAD.finditer(data):
        name = head[1].decode("utf-8", "replace")
        for base in _BASE.findall(head[2]):
            found.setdefault(base.decode("utf-8", "replace"), []).append(name)
    return {base: tuple(names) for base, names in found.items()}


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


def members(source: Source, owner: Node, name: str, start: int = 0) -> Iterator[Node]:
    """Yield the places in a class's (or module's) own body that bind a name, in order.

    They are functions, classes, and names that are assigned to or deleted; those before an offset
    are left out.
    """
    body = owner if owner.type == "module" else owner.child_by_field_name("body")
    source.ask(name)
    if body is None or not name:
        return
    word = name.encode("utf-8", "surrogatepass")
    at = source.data.find(word, max(start, body.start_byte), body.end_byte)
    while at >= 0:
        bound = _bound(source, at, at + len(word))
        if bound is not None and holder(bound) == owner:
            yield bound
        at = source.data.find(word, at + len(word), body.end_byte)


def _bound(source: Source, start: int, end: int) -> Node | None:
    """Return what binds or deletes the name between two offsets."""
    name = source.root.descendant_for_byte_range(start, end)
    parent = name.parent if name is not None and name.type == "identifier" else None
    if name is None or parent is None or (name.start_byte, name.end_byte) != (start, end):
        return None
    if parent.type in _DEFINITIONS:
        return parent if parent.child_by_field_name("name") == name else None
    if parent.type == "assignment" and parent.child_by_field_name("left") == name:
        return name
    if parent.type == "expression_list":
        parent = parent.parent or parent
    return name if parent.type == "delete_statement" else None


_MAX_LATER = 50
"""How many later bindings of a name are looked at: in nearly all code the first one decides."""


def is_replaced(source: Source, definition: Node) -> bool:
    """Say whether its name surely means something else once the module is loaded."""
    name = definition.child_by_field_name("name")
    if name is None:
        return False
    if source.text_of(name) not in source.remember("bound again", lambda: _again(source)):
        return False
    owner = holder(definition)
    if owner is None:
        return False
    text = source.text_of(name)
    blocks = {each.id for each in ancestors(definition)}
    later = members(source, owner, text, definition.end_byte)
    for other in islice(later, _MAX_LATER):
        if _branch_of(other, owner) not in blocks:
            continue  # It may not come to that.
        if other.type in _DEFINITIONS or not _goes_into(source, other, text):
            return True
    return False


def _again(source: Source) -> frozenset[str]:
    return frozenset(each.decode("utf-8", "replace") for each in definitions(source).again)


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
