"""What is known of a value in JavaScript: written down, a number, made harmless, or anything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from tree_sitter import Node

from skills_lsp.patterns.javascript_flow import is_filled, reaching
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.bindings import innermost


@dataclass(frozen=True, slots=True)
class Trust:
    """What is taken to be harmless: the results of some functions, by their name.

    With ``trusts_free_names``, so is a name that nothing in the file binds.
    """

    function: Callable[[str], bool]
    trusts_free_names: bool = False


NO_TRUST = Trust(lambda _name: False)

_MAX_NODES = 200
_MAX_DEPTH = 12
"""How many names are followed, one from another."""

_WRITTEN = frozenset(
    {
        "string", "number", "true", "false", "null", "undefined", "regex", "comment",
        "string_fragment", "escape_sequence", "arrow_function", "function_expression",
        "class", "jsx_element", "jsx_self_closing_element", "property_identifier", "this",
        "shorthand_property_identifier_pattern", "meta_property", "update_expression",
        "method_definition",
    }
)  # fmt: skip
_HOLDERS = frozenset(
    {
        "template_string", "template_substitution", "parenthesized_expression", "array", "object",
        "as_expression", "satisfies_expression", "non_null_expression", "await_expression",
        "spread_element", "assignment_expression",
    }
)  # fmt: skip
_NUMBERS = frozenset({"-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>"})
_TESTS = frozenset({"==", "===", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof"})
_PLACES = frozenset({"__dirname", "__filename", "undefined", "NaN", "Infinity"})
_NUMBER_MEMBERS = frozenset({"length", "size", "byteLength"})
_KNOWN_MEMBERS = frozenset(
    {"process.execPath", "process.pid", "process.platform", "process.arch", "os.EOL", "path.sep"}
)
_NUMBER_CALLS = frozenset(
    {
        "parseInt", "parseFloat", "Number", "Number.parseInt", "Number.parseFloat", "Date.now",
        "Boolean", "isNaN", "performance.now", "BigInt",
    }
)  # fmt: skip
_NUMBER_METHODS = frozenset({"toFixed", "indexOf", "getTime", "getFullYear", "charCodeAt"})
# Made from constants these are constants again.
_PURE_METHODS = frozenset(
    {
        "concat", "join", "trim", "trimStart", "trimEnd", "toLowerCase", "toUpperCase", "toString",
        "replace", "replaceAll", "repeat", "padStart", "padEnd", "slice", "substring", "substr",
        "split", "filter", "map", "reverse", "at", "charAt", "valueOf", "stripIndent",
    }
)  # fmt: skip
_PURE_CALLS = frozenset(
    {
        "String", "String.raw", "JSON.stringify", "path.join", "path.resolve", "path.dirname",
        "path.basename", "path.normalize", "path.posix.join", "require.resolve",
        "fs.realpathSync", "process.cwd",
        "url.fileURLToPath", "url.pathToFileURL", "encodeURIComponent", "escape", "unescape",
        "Object.assign", "Object.freeze", "dedent", "util.format", "URL", "Buffer.from",
    }
)  # fmt: skip
_SCRIPTS = frozenset({"vm.Script", "vm2.VMScript", "VMScript"})
"""Compiled code, which was looked at where it was compiled."""
_TABLES = frozenset({"object", "array"})
_TAG_NAMES = frozenset({"css", "svg", "gql", "graphql", "dedent", "outdent"})


_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "non_null_expression"})


class Known(IntEnum):
    """How much is known of a value, from the least."""

    ANYTHING = 0
    HARMLESS = 1  # a number, or the result of a function that makes text harmless
    WRITTEN = 2  # its text stands in the source


def known(look: Look, node: Node, trust: Trust = NO_TRUST) -> Known:
    """Return how much is known of a value, names followed to what they are assigned."""
    return _Reader(look, trust).read(node, 0)


def is_computed(look: Look, node: Node) -> bool:
    """Say whether a value is made at run time, from something that is not written in the source."""
    return known(look, node) is Known.ANYTHING


def written_string(look: Look, node: Node) -> Node | None:
    """Return the string that a value is, where it is written down; names are followed."""
    for _ in range(_MAX_DEPTH):
        if node.type in _WRAPPERS and node.named_child_count:
            node = node.named_child(0)
        if node.type == "string":
            return node
        if node.type == "template_string":
            return None if any(c.type == "template_substitution" for c in node.children) else node
        if node.type != "identifier":
            return None
        found = reaching(look, node)
        if len(found) != 1 or found[0].value is None or found[0].is_added:
            return None
        node = found[0].value
    return None


def string_text(look: Look, node: Node) -> str | None:
    """Return the text of the string that a value is, without its quotes; None when unknown."""
    string = written_string(look, node)
    return look.text(string)[1:-1] if string is not None else None


class _Reader:
    """Reads one value; counts what it has looked at, so that it ends."""

    __slots__ = ("_look", "_n_left", "_trust")

    def __init__(self, look: Look, trust: Trust) -> None:
        self._look = look
        self._n_left = _MAX_NODES
        self._trust = trust

    def read(self, node: Node, depth: int) -> Known:  # noqa: PLR0911 - one per kind
        self._n_left -= 1
        if self._n_left < 0 or depth > _MAX_DEPTH:
            return Known.WRITTEN if depth <= _MAX_DEPTH else Known.ANYTHING
        kind = node.type
        if kind in _WRITTEN:
            return Known.WRITTEN
        if kind in ("identifier", "shorthand_property_identifier"):
            return self._name(node, depth)
        if kind in _HOLDERS or kind in _PARTS:
            return self._least(_PARTS.get(kind, _named)(node), depth)
        if kind == "binary_expression":
            return self._binary(node, depth)
        if kind == "unary_expression":
            return Known.HARMLESS
        if kind in ("member_expression", "subscript_expression"):
            return self._member(node, depth)
        if kind in ("call_expression", "new_expression"):
            return self._call(node, depth)
        return Known.ANYTHING

    def _least(self, nodes: Iterator[Node], depth: int) -> Known:
        least = Known.WRITTEN
        for each in nodes:
            least = min(least, self.read(each, depth + 1))
            if least is Known.ANYTHING:
                break
        return least

    def _name(self, node: Node, depth: int) -> Known:
        if self._look.text(node) in _PLACES:
            return Known.WRITTEN
        found = reaching(self._look, node)
        if not found:
            is_free = self._trust.trusts_free_names and not self._is_bound(node)
            return Known.HARMLESS if is_free else Known.ANYTHING
        if any(each.value is None for each in found):
            return Known.ANYTHING
        if found[0].value is not None and found[0].value.type in _TABLES and self._is_filled(node):
            return Known.ANYTHING
        return self._least((each.value for each in found if each.value is not None), depth)

    def _is_filled(self, name: Node) -> bool:
        return is_filled(self._look, name)

    def _is_bound(self, name: Node) -> bool:
        return bool(innermost(self._look.source, self._look.text(name), name.start_byte))

    def _binary(self, node: Node, depth: int) -> Known:
        operator = node.child_by_field_name("operator")
        sign = operator.type if operator is not None else ""
        if sign in _NUMBERS or sign in _TESTS:
            return Known.HARMLESS
        if sign == "&&":  # What stands left of it is given on only when it is falsy.
            right = node.child_by_field_name("right")
            return self.read(right, depth + 1) if right is not None else Known.ANYTHING
        return self._least(_terms(node), depth)

    def _member(self, node: Node, depth: int) -> Known:  # noqa: PLR0911 - one per kind
        owner = node.child_by_field_name("object")
        word = node.child_by_field_name("property")
        name = self._look.text(word) if word is not None else ""
        if name in _NUMBER_MEMBERS:
            return Known.HARMLESS
        origin = self._look.origin(node)
        if origin in _KNOWN_MEMBERS or (origin or "").startswith(("import.meta.", "Math.")):
            return Known.WRITTEN
        if owner is None or owner.type not in ("identifier", "object", "array"):
            return Known.ANYTHING
        # A member of a table that is written here is one of what it holds.
        if owner.type == "identifier":
            found = reaching(self._look, owner)
            if len(found) != 1 or found[0].value is None or self._is_filled(owner):
                return Known.ANYTHING
            owner = found[0].value
        if owner.type not in _TABLES or not owner.named_child_count:
            return Known.ANYTHING
        for each in owner.named_children if name and owner.type == "object" else ():
            key = each.child_by_field_name("key")
            value = each.child_by_field_name("value")
            if key is not None and value is not None and self._look.text(key).strip("'\"") == name:
                return self.read(value, depth + 1)
        return self.read(owner, depth + 1)

    def _call(self, node: Node, depth: int) -> Known:  # noqa: PLR0911 - one per kind
        callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        if callee is None:
            return Known.ANYTHING
        origin = self._look.origin(callee) or ""
        if origin in _NUMBER_CALLS or origin in _SCRIPTS or origin.startswith("Math."):
            return Known.HARMLESS
        word = callee.child_by_field_name("property")
        method = self._look.text(word) if word is not None else ""
        if method in _NUMBER_METHODS:
            return Known.HARMLESS
        name = self._look.dotted(callee) or method
        if name and (self._trust.function(name) or (origin and self._trust.function(origin))):
            return Known.HARMLESS
        if arguments is None:
            return Known.ANYTHING
        if origin in _PURE_CALLS or name in _PURE_CALLS or name in _TAG_NAMES:
            return self._least(_named(arguments), depth)
        owner = callee.child_by_field_name("object")
        if owner is not None and method in _PURE_METHODS:
            if method in ("map", "filter"):
                return self._mapped(owner, arguments, method, depth)
            return min(self.read(owner, depth + 1), self._least(_named(arguments), depth))
        return Known.ANYTHING

    def _mapped(self, owner: Node, arguments: Node, method: str, depth: int) -> Known:
        """Read ``list.map(f)``: what a function written here returns, whatever goes in."""
        function = arguments.named_child(0)
        if method == "filter" or function is None:
            return self.read(owner, depth + 1)
        origin = self._look.dotted(function)
        if origin is not None:
            trusted = self._trust.function(origin) or origin in _NUMBER_CALLS
            return Known.HARMLESS if trusted else Known.ANYTHING
        body = function.child_by_field_name("body")
        if function.type != "arrow_function" or body is None or body.type == "statement_block":
            return Known.ANYTHING
        return self.read(body, depth + 1)


def _named(node: Node) -> Iterator[Node]:
    yield from node.named_children


def _terms(node: Node) -> Iterator[Node]:
    """Yield what a sum of any length, or a row of alternatives, is made from."""
    todo = [node]
    while todo:
        each = todo.pop()
        operator = (
            each.child_by_field_name("operator") if each.type == "binary_expression" else None
        )
        if operator is None or operator.type not in _JOINS:
            yield each
            continue
        for name in ("right", "left"):
            side = each.child_by_field_name(name)
            if side is not None:
                todo.append(side)


_JOINS = frozenset({"+", "||", "??"})


def _branches(node: Node) -> Iterator[Node]:
    for name in ("consequence", "alternative"):
        branch = node.child_by_field_name(name)
        if branch is not None:
            yield branch


def _value(node: Node) -> Iterator[Node]:
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if value is not None:
        yield value


def _last(node: Node) -> Iterator[Node]:
    children = node.named_children
    yield from children[-1:]


def _first(node: Node) -> Iterator[Node]:
    yield from node.named_children[:1]


# What of a node makes its value.
_PARTS: dict[str, Callable[[Node], Iterator[Node]]] = {
    "ternary_expression": _branches,
    "pair": _value,
    "assignment_expression": _value,
    "sequence_expression": _last,
    "as_expression": _first,
    "satisfies_expression": _first,
    "non_null_expression": _first,
}
