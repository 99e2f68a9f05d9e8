"""Secrets in JavaScript that show by where they go: keys of tokens, of sessions, of signatures."""

from tree_sitter import Node

from skills_lsp.patterns.javascript_flow import reaching
from skills_lsp.patterns.javascript_sinks import option
from skills_lsp.patterns.javascript_values import string_text, written_string
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.values import is_secret_name, is_secret_value

_MAKES_KEYS = frozenset({"asKey", "from", "encode", "createSecretKey", "importKey"})


def is_written_key(look: Look, node: Node) -> bool:
    """Say whether what is used as a key stands in the source, names followed."""
    for _ in range(_MAX_STEPS):
        if node.type == "call_expression":
            callee, arguments = (node.child_by_field_name(n) for n in ("function", "arguments"))
            made_by = callee.child_by_field_name("property") if callee is not None else None
            if arguments is None or made_by is None or look.text(made_by) not in _MAKES_KEYS:
                return False
            first = arguments.named_child(0)
            if first is None:
                return False
            node = first
            continue
        if written_string(look, node) is not None:
            return bool(string_text(look, node))
        if node.type != "identifier":
            return False
        found = reaching(look, node)
        if len(found) != 1 or found[0].value is None:
            return False
        node = found[0].value
    return False


_MAX_STEPS = 5


def is_key_of(look: Look, pair: Node) -> bool:
    """Say whether ``secret: …`` is an option of something that signs with it.

    A secret that stands in place and looks like one is reported by its name alone.
    """
    value = pair.child_by_field_name("value")
    if value is None or not is_written_key(look, value):
        return False
    if value.type in ("string", "template_string") and is_told(look, pair, value):
        return False
    callee = _callee_around(pair)
    if callee is None:
        return False
    origin = look.origin(callee) or look.dotted(callee) or ""
    return origin in SIGNERS or origin.endswith("Strategy")


SIGNERS = frozenset(
    {"express-session", "express-jwt", "express-jwt.expressjwt", "koa-jwt", "cookie-session"}
)


def is_told(look: Look, pair: Node, value: Node) -> bool:
    """Say whether the name of a property tells that its value is a secret."""
    key = pair.child_by_field_name("key")
    return key is not None and is_secret_name(look, key) and is_secret_value(look, value)


def is_strategy_secret(look: Look, arguments: Node) -> bool:
    """Say whether a strategy of passport is given options with a secret that stands in the source."""
    options = arguments.named_child(0)
    if options is None or options.type == "object":
        return False  # Its properties are looked at one by one.
    names = ("clientSecret", "consumerSecret", "secretOrKey")
    return any(
        value is not None and is_written_key(look, value)
        for value in (option(look, arguments, name) for name in names)
    )


def is_secret_option(look: Look, value: Node) -> bool:
    """Say whether an option given through a name stands in the source, and nothing says so there."""
    pair = value.parent
    around = _callee_around(pair) if pair is not None else None
    if around is not None or not is_written_key(look, value):
        return False
    return pair is None or not is_told(look, pair, value)


def _callee_around(pair: Node) -> Node | None:
    """Return what is called with the object that a property stands in."""
    options = pair.parent
    arguments = options.parent if options is not None else None
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    if call is None:
        return None
    return call.child_by_field_name("function") or call.child_by_field_name("constructor")
