"""Passwords and tokens that are written into Python's source: which names and values are such."""

import re

from tree_sitter import Node

from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.constants import string_text

_NAME = Late(
    r"""(?:^|_|(?-i:(?<=[a-z0-9])(?=[A-Z])))(?:
        pas+wo?r?d|passwd|pass|passphrase|pwd|secret|token
        |(?:secret|api|access|private|auth|encryption|signing)_?key|apikey|secretkey|accesskey
    )(?:_?\d{1,2})?$""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENING = Late(
    r"""(?:^|_)(?:pas+wo?r?d|passwd|pass|passphrase|pwd|secret|token)_(?!
        (?:\w+_)?(?:field|fields|type|types|prefix|suffix|header|headers|name|names|key_name|path|file
        |filename|url|uri|endpoint|prompt|label|help|hint|regex|pattern|re|format|fmt|template|policy
        |hash|hasher|algorithm|alg|method|mode|id|ids|env|var|variable|config|setting|option|param
        |parameter|arg|attr|column|table|class|cls|model|form|view|scope|scopes|source|location
        |status|state|error|message|msg|text|title|description|desc|placeholder|str|string|sql|query
        |length|ttl|expiry|expires|count|index|pos|position|kind|version|dir|dirs|store|manager
        |provider|service|backend|handler|validator|input|widget|element|selector|xpath|locator
        |required|changed|updated|reset|delivery|padding|separator|sep|delimiter|char|chars|map
        |list|dict|set|data|info|value_type|grant|verb|space|ref|key|start|end|begin|open|close)$
    )\w+$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_NAME = Late(
    r"""(?:
        (?:^|_)(?:csrf|xsrf|page|next|continuation|sync|syntax|parser|parse|lex|eos|bos|pad|mask|unk
        |sep|delimiter|start|end|url|uri|path|file|field|name|header|prompt|label|placeholder|type|by
        |no|not|is|has|use|with|show|hide|forgot|forgotten|reset|change|set|get|old_style|special
        |bypass|compass|first|second|last|num|max|min)_?(?:password|passwd|pass|token|secret|key|pwd)s?$
        |(?:by|com|sur|tres|under|over)pass$
        |(?:public|primary|foreign|sort|partition|cache|dict|index)_?key$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_WEAK_NAMES = Late(
    r"(?:^|_)(?:token|(?:api|access|private|auth|encryption|signing)_?key)\d*$", re.IGNORECASE
)
"""Names that also stand for a part of a text and a place in a table: their values must look random."""

_PLACEHOLDER = Late(
    r"""^(?:
        |.{1,2}
        |[<{$%\[(].*|.*[>}\]%]
        |[\W_]*
        |x{3,}.*|.*\bx{4,}\b.*|.*redacted.*|.*not_?logging.*
        |(?:dummy|fake|none|null|undefined|true|false|placeholder|hidden|unavailable|todo|unknown
            |disabled|enabled|required|optional|always|never|auto|default|change[_\-]?(?:me|it)
            |your[_\- ].*|bearer|basic|digest|string|text|updated?)
        |[\w.+-]+\.[\w.+-]+\.[a-z_]+|https?://.*|/.*|\./.*|~/.*
        |.*%\(?\w*\)?s.*|.*\{\w*\}.*
    )$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_UPPER_NAME = Late(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
_PROSE = Late(r"[A-Z][a-z]*\s|\S+\s+\S+\s+\S+\s+\S|\S\s.*[.:!?]$")
_SIGNING_KEY = Late(r"secret_?key$", re.IGNORECASE)
"""A web framework signs with any text, and people like to write a sentence there."""

_RANDOM = Late(r"(?=.*\d)(?=.*[A-Za-z]).{8,}$|.{20,}$")
_MAX_NAME_BYTES = 80
_MAX_VALUE_BYTES = 400
_HOLDERS = {"attribute": "attribute", "subscript": "subscript"}


def is_secret(look: Look, name: Node, value: Node) -> bool:
    """Say whether a name is one of a secret, and a value is written there that could be it."""
    spelled = spelling(look, name)
    return (
        spelled is not None and _is_secret_name(spelled) and _is_secret_value(look, spelled, value)
    )


def spelling(look: Look, name: Node) -> str | None:
    """Return the last word of a target: of ``config.password`` and ``settings["password"]`` that."""
    if name.type in _HOLDERS:
        name = name.child_by_field_name(_HOLDERS[name.type]) or name
    if name.end_byte - name.start_byte > _MAX_NAME_BYTES:
        return None
    text = look.text(name)
    return string_text(text) if name.type == "string" else text


def _is_secret_name(name: str) -> bool:
    if _NOT_NAME.search(name) is not None:
        return False
    return _NAME.search(name) is not None or _OPENING.search(name) is not None


def _is_secret_value(look: Look, name: str, value: Node) -> bool:
    if value.type != "string" or value.end_byte - value.start_byte > _MAX_VALUE_BYTES:
        return False
    written = look.text(value)
    if any(each.type == "interpolation" for each in value.named_children):
        return False
    text = string_text(written).strip()
    if any(each.match(text) is not None for each in (_PLACEHOLDER, _UPPER_NAME)):
        return False
    if _PROSE.match(text) is not None and _SIGNING_KEY.search(name) is None:
        return False
    if _words(text) == _words(name):
        return False  # The value is the name of the thing again: a key of a form or a table.
    return _WEAK_NAMES.search(name) is None or _RANDOM.match(text) is not None


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def is_docstring(_look: Look, string: Node) -> bool:
    """Say whether a string is a statement by itself, as a description is."""
    return string.parent is not None and string.parent.type == "expression_statement"


def is_compared_secret(look: Look, comparison: Node) -> bool:
    """Say whether ``password == "…"`` compares with a secret; tokens of a language are no such."""
    left, right = comparison.named_child(0), comparison.named_child(1)
    if left is None or right is None or comparison.named_child_count != len((left, right)):
        return False
    if left.type == "string":
        left, right = right, left
    if left.type not in ("identifier", "attribute", "subscript"):
        return False
    operator = comparison.child(1)
    name = spelling(look, left)
    if operator is None or operator.type not in ("==", "!=") or name is None:
        return False
    is_weak = _WEAK_NAMES.search(name) is not None
    return not is_weak and is_secret(look, left, right)
