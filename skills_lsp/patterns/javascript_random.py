"""Random numbers of JavaScript that can be foretold, where a secret is made of them."""

import re
from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.nodes import ancestors
from skills_lsp.syntax.source import span_of

_WORDS = re.compile(rb"\bMath\s*\.\s*random\b|\bpseudoRandomBytes\b")
_SECRET = Late(
    r"""(?:^|[_\-$]|(?<=[a-z]))(?:
        pass(?:word|wd|phrase|code)|secret(?:[_\-]?key)?|(?:access|auth|csrf|xsrf|api|session|reset|bearer)?
        [_\-]?token|api[_\-]?key|nonce|salt|session[_\-]?(?:id|key|secret)|otp|one[_\-]?time[_\-]?\w+
        |(?:private|encryption|signing|crypto)[_\-]?key|(?:verification|auth|security|invite)[_\-]?code
    )s?\d?$""",
    re.IGNORECASE | re.VERBOSE,
)
_NAMED = {
    "variable_declarator": "name",
    "assignment_expression": "left",
    "augmented_assignment_expression": "left",
    "pair": "key",
    "public_field_definition": "name",
    "field_definition": "property",
    "function_declaration": "name",
    "method_definition": "name",
    "function_expression": "name",
}
_FUNCTIONS = frozenset({"function_declaration", "method_definition", "function_expression"})
_MAX_CLIMB = 20
_MAX_NAME_BYTES = 100


def foretold(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield the uses of random numbers that can be foretold."""
    source = look.source
    for found in _WORDS.finditer(source.data, look.start, min(look.end, len(source.data))):
        node = source.root.descendant_for_byte_range(found.start(), found.end())
        if node is None:
            continue
        if found[0] == b"pseudoRandomBytes":
            if node.type == "property_identifier":
                message = (
                    "pseudoRandomBytes may give numbers that can be foretold; use `randomBytes`"
                )
                yield Finding(pattern, "security", span_of(node), look.text(node), message)
            continue
        if node.type == "member_expression" and (name := _secret_around(look, node)):
            message = f"`Math.random` can be foretold, so `{name}` is no secret; use `crypto`"
            yield Finding(pattern, "security", span_of(node), "Math.random", message)


def _secret_around(look: Look, node: Node) -> str:
    """Return the name of the secret that a value becomes a part of."""
    for each in islice(ancestors(node), _MAX_CLIMB):
        field = _NAMED.get(each.type)
        named = each.child_by_field_name(field) if field is not None else None
        if named is not None:
            name = _last_part(look, named)
            if _SECRET.search(name) is not None:
                return name
        if each.type in _FUNCTIONS or each.type in ("class_body", "program"):
            return ""
    return ""


def _last_part(look: Look, named: Node) -> str:
    if named.type == "member_expression":
        named = named.child_by_field_name("property") or named
    if named.end_byte - named.start_byte > _MAX_NAME_BYTES:
        return ""
    return look.text(named).strip("'\"#")
