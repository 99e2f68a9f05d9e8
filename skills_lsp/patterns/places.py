"""Where a value stands: in which call, in what larger expression, cleaned by whom."""

from tree_sitter import Node

from skills_lsp.patterns.look import Look
from skills_lsp.syntax.bindings import innermost
from skills_lsp.syntax.constants import string_text

_HTTP = ("requests", "httpx", "aiohttp", "urllib3", "elasticsearch", "opensearchpy", "hvac")
_UNCHECKED = frozenset({"False", "ssl.CERT_NONE", "ssl._create_unverified_context", "CERT_NONE"})
_SANITIZERS = ("sanitize", "escape", "encodeURIComponent", "trustedHTML")
_MAX_SANITIZER_BYTES = 80
_SUMS = frozenset({"binary_operator", "binary_expression", "parenthesized_expression"})


def is_tls_call(look: Look, keyword: Node) -> bool:
    """Say whether a keyword argument is given to something that makes connections.

    A callee that is imported from elsewhere (``jwt.decode(verify=False)``) is not; a method of an
    object whose origin nobody knows (``session.get``) is.
    """
    arguments = keyword.parent
    call = arguments.parent if arguments is not None else None
    callee = call.child_by_field_name("function") if call is not None else None
    if callee is None:
        return False
    dotted = look.dotted(callee)
    if dotted is None:
        return True
    if dotted.count(".") == 1 and dotted.startswith(("self.", "cls.")):
        return False  # A method of one's own; what it does with it is said there.
    found = innermost(look.source, dotted.partition(".")[0], callee.start_byte)
    origin = next((each.origin for each in found if each.origin), None)
    return origin is None or origin.partition(".")[0] in _HTTP


def is_unchecked(look: Look, value: Node) -> bool:
    """Say whether a value switches the check of certificates off."""
    if value.type == "string":
        return string_text(look.text(value)) in ("NONE", "CERT_NONE")
    dotted = look.dotted(value)
    return dotted is not None and ((look.origin(value) or dotted) in _UNCHECKED)


def is_sanitized(look: Look, value: Node) -> bool:
    """Say whether a value is the result of a function that makes text harmless."""
    node: Node | None = value
    if value.type == "await_expression" and value.named_child_count:
        node = value.named_child(0)
    callee = node.child_by_field_name("function") if node is not None else None
    if callee is None or callee.end_byte - callee.start_byte > _MAX_SANITIZER_BYTES:
        return False
    name = look.text(callee).lower()
    return any(word.lower() in name for word in _SANITIZERS)


def is_statement(_look: Look, call: Node) -> bool:
    """Say whether a call is a whole statement, so that nobody takes its result."""
    parent = call.parent
    return (
        parent is not None
        and parent.type == "expression_statement"
        and parent.named_child_count == 1
    )


def is_outermost(look: Look, node: Node) -> bool:
    """Say whether a sum is the first to be met at its place: ``a + b + c`` holds ``a + b``.

    The tree is gone through from the outside in, so no parent need be asked for, which would make
    20,000 terms cost seconds.
    """
    is_first = node.start_byte not in look.sums
    look.sums.add(node.start_byte)
    return is_first


def is_in_sum(_look: Look, node: Node) -> bool:
    """Say whether an expression is part of a larger one that is glued together as well."""
    parent = node.parent
    return parent is not None and parent.type in _SUMS


def is_tagged(_look: Look, template: Node) -> bool:
    """Say whether a template literal has a tag: sql`...` makes parameters of its values."""
    parent = template.parent
    return parent is not None and parent.type == "call_expression"


def is_imported(look: Look, callee: Node) -> bool:
    """Say whether an import binds the first word of a name."""
    dotted = look.dotted(callee)
    found = innermost(look.source, dotted.partition(".")[0], callee.start_byte) if dotted else ()
    return any(each.origin is not None for each in found)
