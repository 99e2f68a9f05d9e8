"""The titles of JavaScript tests: as they read, and as a regular expression that their runner takes."""

import re

from tree_sitter import Node

from skills_lsp.syntax.source import Source

FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})
_ANY_SUITES = r"(?:[\s\S]* )?"
ANYTHING = r"[\s\S]*"
"""The pattern of a title, or of a part of one, that is only known when the code runs."""

_SEVERAL = re.compile(rf"(?:{re.escape(ANYTHING)}){{2,}}")
_MAX_BYTES = 2_000
"""A longer title is data; nobody reads it, and a pattern of it would be as long."""

_MAX_DEPTH = 50
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<point>[0-9a-fA-F]{1,6})\}|u(?P<unit>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})"
    r"|(?P<newline>\r\n|[\r\n\u2028\u2029])|(?P<plain>[\s\S]))"
)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LAST_POINT = 0x10FFFF

# What runners fill into the titles of tables: printf's words, $name and $name.of.it.
_PARAMETER = re.compile(r"%[sdifjoOpc#$]|%%|\$\{[^}]*\}|\$[\w$][\w$.]*|\$#")
_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
# What no command line can hold, or what ends the expression in some runner's reading of it.
_CONTROL = re.compile("[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def read_title(source: Source, node: Node, *, is_table: bool) -> tuple[str, str]:
    r"""Return a title as it reads, and the pattern of what its runner makes of it.

    A title that a table fills in (``is_table``) has a pattern that fits each of its rows. That of a
    function is its name; without one it is empty, and so is its pattern.

    Examples
    --------
    ``"costs $5"`` gives ``costs \$5``, and in a table, where ``$5`` would be a parameter,
    ``costs [\s\S]*``, as a value may be of several lines.
    """
    if node.type in FUNCTIONS:
        name = node.child_by_field_name("name")
        shown = source.text_of(name) if name is not None else ""
        return shown, literal(shown)
    if node.end_byte - node.start_byte > _MAX_BYTES:
        return source.text_between(node.start_byte, node.start_byte + _MAX_BYTES), ANYTHING
    pieces = list(_pieces(source, node, 0))
    shown = "".join(text for text, _ in pieces)
    pattern = "".join(_pattern(text, is_table=is_table) if is_known else ANYTHING
                      for text, is_known in pieces)  # fmt: skip
    return _LONE.sub("\ufffd", shown), _SEVERAL.sub(lambda _found: ANYTHING, pattern)


def literal(text: str) -> str:
    """Return a regular expression of JavaScript that matches just this text."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return _CONTROL.sub(lambda it: _NAMED.get(it[0], f"\\u{ord(it[0]):04x}"), escaped)


def full_pattern(suites: list[str], own: str, *, is_suite: bool) -> str:
    """Return the pattern of a full name: titles of suites, outermost first, then one's own.

    Runners put a space between two titles. A suite's name is where the names of its tests begin. An
    empty pattern stands for any titles, or none.
    """
    known = [each for at, each in enumerate(suites) if each or not at or suites[at - 1]]
    before = "".join(f"{each} " if each else _ANY_SUITES for each in known)
    if is_suite:
        return f"^{before}{own} " if own else f"^{before}"
    return f"^{before}{own or ANYTHING}$"


def _pieces(source: Source, node: Node, depth: int) -> list[tuple[str, bool]]:
    """Return the parts of a title: text that is known, and the code of what is not."""
    if node.type == "string":
        return [(_unescaped(source.text_of(node)[1:-1]), True)]
    if node.type == "template_string":
        return _template_pieces(source, node)
    if node.type == "number":
        return [(source.text_of(node), True)]
    inner = node.named_children if node.type in _AROUND else []
    if depth < _MAX_DEPTH and len(inner) >= 1:
        return _pieces(source, inner[0], depth + 1)
    if depth < _MAX_DEPTH and node.type == "binary_expression":
        operator, left, right = (
            node.child_by_field_name(each) for each in ("operator", "left", "right")
        )
        if operator is not None and operator.type == "+" and left is not None and right is not None:
            return [*_pieces(source, left, depth + 1), *_pieces(source, right, depth + 1)]
    return [(source.text_of(node), False)]


_AROUND = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"}
)


def _template_pieces(source: Source, node: Node) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = node.start_byte + 1
    for child in node.named_children:
        if child.type == "template_substitution":
            pieces.append((_unescaped(source.text_between(at, child.start_byte)), True))
            pieces.append((source.text_of(child), False))
            at = child.end_byte
    pieces.append((_unescaped(source.text_between(at, max(at, node.end_byte - 1))), True))
    return pieces


def _pattern(text: str, *, is_table: bool) -> str:
    if not is_table:
        return literal(text)
    pieces: list[str] = []
    at = 0
    for found in _PARAMETER.finditer(text):
        pieces.append(literal(text[at : found.start()]))
        pieces.append("%%?" if found[0] == "%%" else ANYTHING)
        at = found.end()
    return "".join([*pieces, literal(text[at:])])


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _PAIR.sub(_whole, _ESCAPE.sub(_character, text))


def _whole(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _character(found: re.Match[str]) -> str:
    if found["newline"]:
        return ""  # The string goes on in the next line.
    if found["plain"]:
        return _PLAIN.get(found["plain"], found["plain"])
    point = int(found["point"] or found["unit"] or found["byte"], 16)
    return chr(point) if point <= _LAST_POINT else "\ufffd"
