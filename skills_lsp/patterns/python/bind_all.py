"""``0.0.0.0`` is every network the machine is in: what listens there can be reached from all of them.

Source: https://cwe.mitre.org/data/definitions/605.html
"""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.arguments import positional
from skills_lsp.patterns.literals import is_text, literals
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.constants import constant_value
from skills_lsp.syntax.source import span_of

CATEGORY = "security"
_ANYWHERE = frozenset({"", "::"})


def find(look: Look) -> Iterator[Finding]:
    """Yield addresses that stand for all networks, and sockets that are bound to them."""
    for node in literals(look, b"0.0.0.0"):
        if look.text(node) == "0.0.0.0" and is_text(look, node):  # noqa: S104 - what is looked for
            message = "`0.0.0.0` listens on every network that the machine is in"
            yield Finding("bind-all", CATEGORY, span_of(node), look.text(node), message)
    yield from _bound(look)


def _bound(look: Look) -> Iterator[Finding]:
    """Yield ``bind(("", port))``, but not with port 0: that only asks for a port that is free."""
    data = look.source.data
    at = data.find(b".bind((", look.start, look.end)
    while 0 <= at < look.end:
        end = at + len(b".bind(")
        opening = look.source.root.descendant_for_byte_range(end - 1, end)
        node = opening.parent if opening is not None else None
        address = positional(node, 0) if node is not None and node.type == "argument_list" else None
        host = _host(look, address) if address is not None else None
        if host is not None:
            message = "an empty address listens on every network that the machine is in"
            yield Finding("bind-all", CATEGORY, span_of(host), look.text(host), message)
        at = data.find(b".bind((", end, look.end)


def _host(look: Look, address: Node) -> Node | None:
    parts = [each for each in address.named_children if not each.is_extra]
    if address.type != "tuple" or not parts or parts[0].type != "string":
        return None
    port = constant_value(look.source, parts[1]) if len(parts) > 1 else None
    host = constant_value(look.source, parts[0])
    return parts[0] if host in _ANYWHERE and port != "0" else None
