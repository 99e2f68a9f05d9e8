"""What a value is: written down or computed, text of SQL, a secret."""

import re

from tree_sitter import Node

from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.constants import values_of

_LITERALS = frozenset(
    {
        "integer",
        "float",
        "number",
        "true",
        "false",
        "none",
        "null",
        "undefined",
        "regex",
        "comment",
        "string_start",
        "string_content",
        "string_end",
        "string_fragment",
        "escape_sequence",
        "escape_interpolation",
    }
)
_CONTAINERS = frozenset(
    {
        "string",
        "template_string",
        "concatenated_string",
        "parenthesized_expression",
        "list",
        "tuple",
        "dictionary",
        "pair",
        "array",
        "unary_operator",
        "unary_expression",
        "binary_operator",
        "binary_expression",
        "expression_statement",
        "as_expression",
    }
)
_CAN_GROW = frozenset({"list", "dictionary", "array", "object"})
"""What a name holds of these may be given more later: ``command.append(word)``."""

_STRINGS = frozenset({"string", "template_string", "concatenated_string"})
_FUNCTIONS = frozenset({"arrow_function", "function_expression", "lambda"})
_HOLDERS = {
    "attribute": "attribute",
    "subscript": "subscript",
    "member_expression": "property",
    "subscript_expression": "index",
}
_MAX_NAME_BYTES = 80
_MAX_NODES = 200
"""A constant that is written with more parts than this is data; it counts as a constant."""

_SQL = Late(
    r"""^[\s"'`(rbfuRBFU]*(?P<verb>\b(?:
        select(?=\s.+?\sfrom\s+(?!the\b|an?\b|your\b|this\b|that\b|these\b|all\b|which\b))
        | insert(?=\s+(?:or\s+\w+\s+)?into\s)
        | delete(?=\s+from\s+(?!the\b|an?\b|your\b|this\b))
        | update(?=\s+\S+\s+set\s)
        | (?:create|drop|alter|truncate)(?=\s+(?:temp\w*\s+|unique\s+)*
            (?:table|view|index|database|schema|trigger)\s)
        | (?:merge|replace)(?=\s+into\s)
        | with(?=\s+\w+\s+as\s*\(\s*select\s)
    ))""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_OPENS_STRING = frozenset(b"\"'`(rbfuRBFU")
_MAX_SQL_BYTES = 4_000
"""How much of a text is read to see that it is SQL."""

_SECRET_NAME = Late(
    r"""(?:^|[_\-.]|(?<=[a-z]))(?:
        pass(?:word|wd|phrase)|passwd|pwd|secret(?:[_\-]?key)?|token|api[_\-]?key
        |(?:access|private|auth|encryption|signing)[_\-]?(?:key|token)|credentials?
    )(?:s|[_\-]?\d+)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_SECRET_NAME = Late(
    r"(?:csrf|xsrf|page|next|continuation|cancel\w*|sync|syntax|parser|eos|bos|pad|mask|unk|sep"
    r"|delimiter|start|end|url|uri|path|file|field|name|header|prompt|label|placeholder|type)"
    r"[_\-]?tokens?$",
    re.IGNORECASE,
)
_PLACEHOLDER = Late(
    r"""^(?:.{0,3}|[<{$%\[].*|.*[>}\]%]|x{3,}.*|\*+|\.{3}|your[_\- ].*|change[_\-]?(?:me|it).*
        |(?:dummy|fake|example|sample|test|todo|none|null|undefined|true|false|placeholder|redacted
            |password|passwd|secret|token|api[_\-]?key)[\w\-]*
        |.*\s.*|[\w.+-]+\.[\w.+-]+\.[\w.]+|https?://.*|/.*|[A-Z]+(?:_[A-Z]+)+|bearer|basic)$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SECRET_SHAPE = Late(
    r"""\b(?:AKIA|ASIA)[0-9A-Z]{16}\b | \bgh[pousr]_[A-Za-z0-9]{36,}\b | \bxox[abprs]-[\w-]{10,}
        | \b[sr]k_live_[0-9A-Za-z]{16,} | \bglpat-[\w-]{20,} | \bAIza[0-9A-Za-z_-]{35}\b
        | \bgithub_pat_\w{50,} | \bnpm_[A-Za-z0-9]{36}\b | \bpypi-AgE[\w-]{50,}
        | \bSG\.[\w-]{22}\.[\w-]{43}\b | \bGOCSPX-[\w-]{28}\b | \bsk-[\w-]*T3BlbkFJ[\w-]{20,}
        | hooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{20,}
        | -----BEGIN\ (?:RSA\ |EC\ |DSA\ |OPENSSH\ |ENCRYPTED\ )?PRIVATE\ KEY-----
          (?:\s|\\[nr]|["'+\\]|[\w-]+:\ [^\n]*\n)*[A-Za-z0-9+/=]{20}""",
    re.VERBOSE,
)
"""By what their providers say: AWS, GitHub, Slack, Stripe, GitLab, Google, npm, PyPI, SendGrid, OpenAI
(docs.github.com/en/code-security/secret-scanning lists them); a private key as RFC 7468 writes it."""
_MIN_SECRET_BYTES = 17
"""The shortest of the forms above, with its quotes."""


def is_constant(look: Look, node: Node) -> bool:
    """Say whether a value is written down in full: no call in it, no unknown name.

    A name counts when plain assignments of constants are all that bind it.
    """
    todo, followed = [node], {-1}
    for _ in range(_MAX_NODES):
        if not todo:
            return True
        each = todo.pop()
        if each.type in _CONTAINERS:
            todo.extend(each.named_children)
        elif each.type == "identifier":
            values = values_of(look.source, each)
            places = {value.start_byte for value in values}
            if values == (each,) or not followed.isdisjoint(places):
                return False  # Nobody knows, or it is made from itself.
            if any(value.type in _CAN_GROW for value in values):
                return False
            followed |= places
            todo.extend(values)
        elif each.type not in _LITERALS:
            return False
    return True


def is_string(_look: Look, node: Node) -> bool:
    """Say whether a value is a string, or glued together from strings."""
    if node.type in ("binary_operator", "binary_expression"):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return any(each is not None and each.type in _STRINGS for each in (left, right))
    return node.type in _STRINGS


def is_function(_look: Look, node: Node) -> bool:
    """Say whether a value is a function written in place."""
    return node.type in _FUNCTIONS


def is_sql(look: Look, node: Node) -> bool:
    """Say whether a string (or what a string is built from) begins as a statement of SQL."""
    start = node.start_byte
    data = look.source.data
    if start >= len(data) or data[start] not in _OPENS_STRING:
        return False
    return is_sql_text(look.source.text_between(start, min(node.end_byte, start + _MAX_SQL_BYTES)))


def is_sql_text(text: str) -> bool:
    """Say whether a text begins as a statement of SQL."""
    found = _SQL.match(text)
    # English begins with a capital ("Select a row from a list"), SQL is all of one case.
    return found is not None and (found["verb"].isupper() or found["verb"].islower())


def is_built_string(look: Look, node: Node) -> bool:
    """Say whether a string is put together at run time: interpolation, ``+``, ``%``, ``format``."""
    kind = node.type
    if kind == "call":
        callee = node.child_by_field_name("function")
        made_by = callee.child_by_field_name("attribute") if callee is not None else None
        owner = callee.child_by_field_name("object") if callee is not None else None
        return (
            made_by is not None
            and look.text(made_by) == "format"
            and owner is not None
            and owner.type in (*_STRINGS, "parenthesized_expression")
        )
    if kind in ("binary_operator", "binary_expression"):
        operator = node.child_by_field_name("operator")
        is_glue = operator is not None and operator.type in ("+", "%")
        return is_glue and not is_constant(look, node)
    return kind in (*_STRINGS, "parenthesized_expression") and not is_constant(look, node)


def is_secret_name(look: Look, node: Node) -> bool:
    """Say whether a name is one that people give to a password, token or key.

    Of ``config.password`` and ``settings["password"]`` the last part counts.
    """
    if node.type in _HOLDERS:
        node = node.child_by_field_name(_HOLDERS[node.type]) or node
    if node.end_byte - node.start_byte > _MAX_NAME_BYTES:
        return False
    text = look.text(node).strip("'\"")
    return _SECRET_NAME.search(text) is not None and _NOT_SECRET_NAME.search(text) is None


def is_secret_value(look: Look, node: Node) -> bool:
    """Say whether a string could be a secret: no placeholder, no prose, no path, no constant name."""
    if node.type not in _STRINGS or not is_constant(look, node):
        return False
    text = look.text(node).lstrip("rbuRBU").strip("'\"`")
    return _PLACEHOLDER.match(text) is None


def is_secret_shape(look: Look, node: Node) -> bool:
    """Say whether a string holds a secret by its form alone: a provider's key, a private key."""
    start, end = node.start_byte, node.end_byte
    if end - start < _MIN_SECRET_BYTES:
        return False
    text = look.source.text_between(start, min(end, start + _MAX_SQL_BYTES))
    return any(mark in text for mark in _SHAPE_MARKS) and _SECRET_SHAPE.search(text) is not None


_SHAPE_MARKS = (
    "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "k_live_", "glpat-",
    "AIza", "npm_", "pypi-AgE", "SG.", "GOCSPX-", "T3BlbkFJ", "hooks.slack.com", "PRIVATE KEY",
)  # fmt: skip
"""One of these is in each of the forms above, and is found in a tenth of the time."""
