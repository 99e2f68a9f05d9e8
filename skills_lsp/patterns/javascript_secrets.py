"""Secrets in JavaScript: by the name that they are given, and by where they go.

``token`` and ``key`` are names of much else (the parts of a grammar, the places of a table), so what
has such a name must look random; a password may be any word.
"""

import re

from tree_sitter import Node

from skills_lsp.patterns.javascript_flow import reaching
from skills_lsp.patterns.javascript_sinks import option
from skills_lsp.patterns.javascript_values import string_text, written_string
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look

_NAME = Late(
    r"""(?:^|[_\-.$]|(?<=[a-z]))(?:
        (?P<strong>pass(?:word|wd|phrase|code)|passwd|pwd|secret(?:[_\-]?(?:key|token))?|credentials?)
        |token|(?P<key>api[_\-]?key)|(?:access|private|auth|encryption|signing|secret)[_\-]?(?:key|token)
    )(?:[_\-]?\d{1,2})?$
    |(?:^|[_\-.$])(?P<word>pass)$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_NAME = Late(
    r"""(?:csrf|xsrf|page|next|continuation|cancel\w*|sync|syntax|parser|lexer?|eos|bos|pad|mask|unk|sep
        |delimiter|start|end|url|uri|path|file|field|name|header|prompt|label|placeholder|type|forgot
        |reset|change|show|hide|toggle|is|has|no|by|regexp?|pattern|indent|open|close|prev|last
        |first|css|public|primary|foreign|injection|di|event|inject
        )[_\-]?(?:password|passwd|token|secret|api[_\-]?key|key)s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACEHOLDER = Late(
    r"""^(?:
        .{0,3}
        |[<{$%\[(#.@&|*!?:=~^+].*|.*[>}\]%:]|[\W_]*
        |x{3,}.*|.*\bx{4,}\b.*|.*\.{3}.*|.*redacted.*
        |(?:dummy|fake|example|sample|test|todo|none|null|undefined|true|false|placeholder|hidden
            |unknown|disabled|enabled|required|optional|default|change[_\-]?(?:me|it)|your[_\-\ ].*
            |my[_\-].*|bearer|basic|digest|string|text|number|current|new|old|confirm
            |password|passwd|passphrase|secret|token|api[_\-]?key|key|private|credentials?)[\w\-]*
        |[\w.+-]+\.[\w.+-]+\.[a-z_]+|(?:https?|file|mongodb|redis|mysql)://.*|/.*|\./.*|~/.*
        |[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+
        |.*\s.*
    )$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_RANDOM = Late(
    r"""^(?:
        (?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])(?![A-Za-z]+(?:[\-_./][A-Za-z]+)*[\-_.]?\d{1,2}$)[\w\-+/=.:~!@\#$%^&*]{8,}
        |(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?![A-Z]?[a-z]+(?:[A-Z][a-z]+)*$)[A-Za-z0-9+/=_\-]{20,}
    )$""",
    re.VERBOSE,
)
_VERSION = Late(r"^v?\d+(?:\.\d+)+")
_MIN_DIGITS = 10
_MAX_NAME_BYTES = 80
_MAX_VALUE_BYTES = 4_000
_MAKES_KEYS = frozenset({"asKey", "from", "encode", "createSecretKey", "importKey"})


def is_named_secret(look: Look, holder: Node) -> bool:
    """Say whether a name is one of a secret, and its value is a string that could be it."""
    for name, value in (("name", "value"), ("left", "right"), ("key", "value")):
        named, given = holder.child_by_field_name(name), holder.child_by_field_name(value)
        if named is not None and given is not None:
            return _is_secret(look, named, given)
    return False


def _is_secret(look: Look, named: Node, value: Node) -> bool:
    if value.type not in ("string", "template_string"):
        return False
    name = _last_part(look, named)
    found = _NAME.search(name) if name else None
    if found is None or _NOT_NAME.search(name) is not None:
        return False
    if value.end_byte - value.start_byte > _MAX_VALUE_BYTES:
        return False
    text = string_text(look, value)
    if text is None or _PLACEHOLDER.match(text) is not None or _words(text) == _words(name):
        return False
    if found["strong"] or found["word"]:
        return True
    is_digits = text.isdigit() and len(text) >= _MIN_DIGITS and found["key"] is not None
    return is_digits or (_RANDOM.match(text) is not None and _VERSION.match(text) is None)


def _last_part(look: Look, named: Node) -> str:
    field = {"member_expression": "property", "subscript_expression": "index"}.get(named.type, "")
    named = (named.child_by_field_name(field) if field else None) or named
    if named.end_byte - named.start_byte > _MAX_NAME_BYTES:
        return ""
    return look.text(named).strip("'\"`#")


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def is_written_key(look: Look, node: Node) -> bool:
    """Say whether what is used as a key stands in the source, names followed."""
    for _ in range(_MAX_STEPS):
        if node.type == "call_expression":
            callee, arguments = (node.child_by_field_name(n) for n in ("function", "arguments"))
            made_by = callee.child_by_field_name("property") if callee is not None else None
            if arguments is None or made_by is None or look.text(made_by) not in _MAKES_KEYS:
                return False
            if not arguments.named_child_count:
                return False
            node = arguments.named_child(0)
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
    if is_named_secret(look, pair):
        return False
    callee = _callee_around(pair)
    if callee is None:
        return False
    origin = look.origin(callee) or look.dotted(callee) or ""
    return origin in SIGNERS or origin.endswith("Strategy")


SIGNERS = frozenset(
    {"express-session", "express-jwt", "express-jwt.expressjwt", "koa-jwt", "cookie-session"}
)


def is_strategy_secret(look: Look, arguments: Node) -> bool:
    """Say whether a strategy of passport is given options with a secret that stands in the source."""
    if not arguments.named_child_count or arguments.named_child(0).type == "object":
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
    return pair is None or not is_named_secret(look, pair)


def _callee_around(pair: Node) -> Node | None:
    """Return what is called with the object that a property stands in."""
    options = pair.parent
    arguments = options.parent if options is not None else None
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    if call is None:
        return None
    return call.child_by_field_name("function") or call.child_by_field_name("constructor")
