"""Statements of SQL in JavaScript, and the values that are glued into them."""

import re
from itertools import islice

from tree_sitter import Node

from skills_lsp.patterns.arguments import positional
from skills_lsp.patterns.javascript_flow import reaching
from skills_lsp.patterns.javascript_values import Known, Trust, known, written_string
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.values import is_sql_text

_CLEANS = Late(
    r"(?:escape|quote|sanitize|ident(?:ifier)?s?$|placeholder|literal|sqlstring|param(?:eter)?s?$)",
    re.IGNORECASE,
)
_QUOTED = Trust(lambda name: _CLEANS.search(name) is not None)
_FROM_REQUEST = Late(r"^(?:req|request|ctx|event|params|query|body)\b")
_MAX_PARTS = 100
_MAX_TEXT_BYTES = 4_000
_MAX_CHAIN = 12
_OPENS_STRING = frozenset(b"\"'`(")


def is_glued(look: Look, node: Node) -> bool:
    """Say whether a template or a sum is a statement of SQL with values in it that nobody quoted."""
    data, start = look.source.data, node.start_byte
    if start >= len(data) or data[start] not in _OPENS_STRING:
        return False
    return is_sql_text(_text(look, node)) and _is_open(look, node)


def is_call(look: Look, call: Node) -> bool:
    """Say whether ``"select …".concat(x)`` puts a value into a statement of SQL."""
    callee, arguments = (call.child_by_field_name(each) for each in ("function", "arguments"))
    owner = callee.child_by_field_name("object") if callee is not None else None
    if arguments is None or owner is None or not _begins_sql(look, owner):
        return False
    return any(_is_open(look, each) for each in arguments.named_children)


def is_format(look: Look, arguments: Node) -> bool:
    """Say whether ``format("select … %s", x)`` puts a value into a statement of SQL."""
    template = positional(arguments, 0)
    if template is None or not _begins_sql(look, template):
        return False
    return any(_is_open(look, each) for each in islice(arguments.named_children, 1, None))


def is_added(look: Look, added: Node) -> bool:
    """Say whether ``sql += x`` puts a value into a statement of SQL."""
    name, value = (added.child_by_field_name(each) for each in ("left", "right"))
    if name is None or value is None or not _is_plain_value(look, value):
        return False
    return _begins_sql(look, name) and _is_open(look, value)


def _is_plain_value(look: Look, value: Node) -> bool:
    """Say whether a value is no piece of SQL that was made elsewhere, as far as one can see."""
    if value.type in ("template_string", "binary_expression"):
        return any(each.type == "string" for each in value.named_children) or (
            value.type == "template_string"
        )
    return (
        _FROM_REQUEST.match(look.source.text_between(value.start_byte, value.end_byte)[:40])
        is not None
    )


def _is_open(look: Look, value: Node) -> bool:
    return known(look, value, _QUOTED) is Known.ANYTHING


def _begins_sql(look: Look, node: Node) -> bool:
    """Say whether a text begins as SQL: a string, or a name whose first value is one."""
    for _ in range(_MAX_CHAIN):
        if node.type == "identifier":
            found = reaching(look, node)
            if not found or found[0].value is None:
                return False
            node = found[0].value
        elif node.type == "call_expression":
            callee = node.child_by_field_name("function")
            owner = callee.child_by_field_name("object") if callee is not None else None
            if owner is None:
                return False
            node = owner
        else:
            break
    return written_string(look, node) is not None and is_sql_text(_text(look, node))


def _text(look: Look, node: Node) -> str:
    """Return what a text says, with ``?`` in the place of each value."""
    parts: list[str] = []
    todo = [node]
    size = 0
    for _ in range(_MAX_PARTS):
        if not todo or size > _MAX_TEXT_BYTES:
            break
        each = todo.pop()
        kind = each.type
        if kind in ("binary_expression", "parenthesized_expression"):
            todo.extend(reversed(each.named_children))
        elif kind == "string":
            parts.append(look.text(each)[1:-1])
        elif kind == "template_string":
            parts.extend(_template(look, each))
        else:
            parts.append("?")
        size += len(parts[-1]) if parts else 0
    return "".join(parts)


def _template(look: Look, template: Node) -> list[str]:
    parts: list[str] = []
    at = template.start_byte + 1
    for hole in template.named_children:
        if hole.type != "template_substitution":
            continue
        parts.append(look.source.text_between(at, hole.start_byte))
        parts.append("?")
        at = hole.end_byte
        if len(parts) > _MAX_PARTS:
            break
    parts.append(look.source.text_between(at, min(template.end_byte - 1, at + _MAX_TEXT_BYTES)))
    return parts
