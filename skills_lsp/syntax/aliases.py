"""Names that a plain assignment gives to something else: ``run = subprocess.run``, ``ex = cp.exec``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from tree_sitter import Node

from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.nodes import ancestors, is_field
from skills_lsp.syntax.occurrences import possible_bindings
from skills_lsp.syntax.source import Source

_DOTTED_NODES = frozenset({"identifier", "attribute", "member_expression"})
_MAX_DOTTED_BYTES = 200
_DOTTED = r"[\w$]+(?:\.[\w$]+)*"
_PROMISIFY = "promisify"
"""``util.promisify(cp.exec)`` does what ``cp.exec`` does, later."""


def assigned_value(name: Node) -> Node | None:
    """Return the value that a plain assignment gives to this name; None for any other binding."""
    holder = name.parent
    if holder is None:
        return None
    if holder.type == "assignment" and is_field(holder, "left", name):
        value = holder.child_by_field_name("right")
        while value is not None and value.type == "assignment":
            value = value.child_by_field_name("right")  # a = b = value
        return value
    if holder.type == "variable_declarator" and is_field(holder, "name", name):
        return holder.child_by_field_name("value")
    return None


def alias_at(source: Source, name: Node) -> str | None:
    """Return the dotted name that this name is another name for, as it is written.

    In ``const { exec: run } = cp``, ``run`` is another name for ``cp.exec``.
    """
    pattern = _pattern_around(name)
    value = assigned_value(pattern or name)
    if value is not None and value.type == "call_expression":
        value = _promisified(source, value)
    dotted = _dotted(source, value) if value is not None else None
    if dotted is None or pattern is None or name.parent is None:
        return dotted
    taken = name.parent.child_by_field_name("key") or name
    return f"{dotted}.{source.text_of(taken)}"


def looked_up(text: str) -> str | None:
    """Return the dotted name that a look-up at run time comes to; None for anything else.

    Examples
    --------
    >>> looked_up('getattr(__import__("os"), "system")'), looked_up("f(x).y")
    ('os.system', None)
    """
    if not text.startswith(_LOOKS_UP):
        return None
    plain = re.sub(_GETATTR, r"\1.\2", re.sub(_MODULE, r"\1", text))
    return plain if re.fullmatch(_DOTTED, plain) else None


_LOOKS_UP = ("getattr(", "__import__(", "import_module(", "importlib.import_module(")
_MODULE = r"""(?:__import__|(?:importlib\.)?import_module)\(\s*["']([\w.]+)["']\s*\)"""
_GETATTR = r"""getattr\(\s*([\w.]+)\s*,\s*["'](\w+)["']\s*\)"""


def _pattern_around(name: Node) -> Node | None:
    """Return the ``{ … }`` that a name takes a property in, at its first level."""
    holder = name.parent
    if holder is not None and holder.type == "pair_pattern" and is_field(holder, "value", name):
        holder = holder.parent
    return holder if holder is not None and holder.type == "object_pattern" else None


def is_reassigned(source: Source, name: Node) -> bool:
    """Say whether a name of JavaScript takes another value anywhere; ``const`` cannot."""
    if _is_const(name):
        return False
    text = source.text_of(name)
    return any(_is_set(each) for each in possible_bindings(source, text))


def _is_const(name: Node) -> bool:
    declaration = next((each for each in ancestors(name) if each.type in _DECLARATIONS), None)
    first = declaration.child(0) if declaration is not None else None
    return first is not None and first.type == "const"


_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})


def _is_set(name: Node) -> bool:
    parent = name.parent
    if parent is None:
        return False
    if parent.type in ("assignment_expression", "augmented_assignment_expression"):
        return is_field(parent, "left", name)
    return parent.type == "update_expression" or (
        parent.type == "for_in_statement" and is_field(parent, "left", name)
    )


def _promisified(source: Source, call: Node) -> Node | None:
    callee, arguments = (call.child_by_field_name(each) for each in ("function", "arguments"))
    if callee is None or arguments is None or arguments.named_child_count != 1:
        return None
    dotted = _dotted(source, callee) or ""
    is_it = dotted.rpartition(".")[2] == _PROMISIFY
    return arguments.named_child(0) if is_it else None


def _dotted(source: Source, node: Node) -> str | None:
    if node.type == "call" and node.end_byte - node.start_byte <= _MAX_DOTTED_BYTES:
        return looked_up(source.text_of(node))
    if node.type not in _DOTTED_NODES or node.end_byte - node.start_byte > _MAX_DOTTED_BYTES:
        return None
    text = source.text_of(node)
    return text if re.fullmatch(_DOTTED, text) else None


@cache
def _patterns(family: Family) -> tuple[tuple[re.Pattern[bytes], ...], re.Pattern[bytes]]:
    """Return what finds values that are names, and what finds the target before one.

    They open with a plain character and never try a second time, so a long file takes 2 ms. They
    are compiled when a file first needs them.
    """
    if family is Family.PYTHON:
        named = rb"=[ \t]*+([A-Za-z_]\w*+)(?:\.[\w.]++)?+[ \t]*+(?=[\r\n;#]|\Z)"
        looked_up = (
            rb"=[ \t]*+(?:getattr|__import__|(?:importlib\.)?import_module)\([ \t\"']*"
            rb"(?:__import__\([ \t\"']*)?([A-Za-z_]\w*+)"
        )
        target = rb"(?:^|[\n;:=])[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,80})?$"
        return (re.compile(named), re.compile(looked_up)), re.compile(target)
    named = (
        rb"=\s*+(?:[\w$.]*promisify\([ \t]*)?([A-Za-z_$][\w$]*+)(?:\.[\w$.]++)?+\)?+\s*+"
        rb"(?=[\n;,)}/A-Za-z]|\Z)"
    )
    target = (
        rb"(?:\b(?:const|let|var)|,)\s+([A-Za-z_$][\w$]*|\{[^={}]{1,400}\})\s*"
        rb"(?::[^=\n]{1,80})?$"
    )
    return (re.compile(named),), re.compile(target)


_WORD = r"[A-Za-z_$][\w$]*"


@dataclass(frozen=True, slots=True)
class _Assigned(Lasting):
    """Which names are somewhere assigned a dotted name, by its first word; may hold too many.

    It only says which names are worth asking about, so it need never forget one.
    """

    is_of_bytes = True

    family: Family
    by_head: dict[str, frozenset[str]]

    def after(self, change: Change) -> "_Assigned":
        grown: dict[str, frozenset[str]] | None = None
        for first, last in change.places():
            start = max(0, change.data.rfind(b"\n", 0, max(0, first - _AROUND)))
            end = change.data.find(b"\n", last + _AROUND)
            end = len(change.data) if end < 0 else end + 1
            for head, names in _scan(self.family, change.data[start:end]).items():
                if not names <= self.by_head.get(head, frozenset()):
                    grown = grown or dict(self.by_head)
                    grown[head] = grown.get(head, frozenset()) | names
        return self if grown is None else _Assigned(self.family, grown)


_AROUND = 500
"""Bytes around a change that are searched as well: one destructuring may be of several lines."""


def alias_names(source: Source, heads: Iterable[str]) -> frozenset[str]:
    """Return names that may be aliases, at some removes, of dotted names that open with a head."""
    known = _known(source)
    found: set[str] = set()
    todo = list(known.by_head.keys() & set(heads))
    while todo:
        new = known.by_head.get(todo.pop(), frozenset()) - found
        found |= new
        todo.extend(new)
    return frozenset(found)


def _known(source: Source) -> _Assigned:
    known = source.lasting("aliases", _Assigned, lambda: _known(source))
    if known is None:
        known = _Assigned(source.family, _scan(source.family, source.data))
        source.keep("aliases", known)
    return known


def _scan(family: Family, data: bytes | bytearray) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    values, targets = _patterns(family)
    for value in chain.from_iterable(each.finditer(data) for each in values):
        before = bytes(data[max(0, value.start() - _AROUND) : value.start()])
        start = max(0, before.rfind(b"\n")) if family is Family.PYTHON else _target_start(before)
        target = targets.search(before, start)
        if target is not None:
            names = re.findall(_WORD, target[1].decode("utf-8", "replace"))
            found.setdefault(value[1].decode("utf-8", "replace"), set()).update(names)
    return {head: frozenset(names) for head, names in found.items()}


def _target_start(before: bytes) -> int:
    """Return where the declaration of a target that ends here may begin, in JavaScript."""
    opens = before.rfind(b"{") if before.rstrip().endswith(b"}") else len(before)
    return max(0, opens - _DECLARATION_BYTES)


_DECLARATION_BYTES = 120
