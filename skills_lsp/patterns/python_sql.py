"""SQL in Python that is put together at run time: interpolation, ``%``, ``+``, ``format``."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.patterns.arguments import keyword, positional
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.values import is_constant
from skills_lsp.syntax.bindings import bound_values
from skills_lsp.syntax.constants import string_text
from skills_lsp.syntax.imports import imported_modules

_STATEMENT = Late(
    r"""
    ^\s*\(?\s*(?P<verb>(?i:
        select(?=\s.*?\sfrom\s+(?!the\b|an?\b|your\b|this\b|that\b|these\b|all\b|which\b))
        | insert(?=\s+(?:or\s+\w+\s+|ignore\s+)?into\s)
        | delete(?=\s+from\s+(?!the\b|an?\b|your\b|this\b))
        | update(?=\s+\S+\s+set\s)
        | replace(?=\s+into\s)
        | merge(?=\s+into\s)
        | with(?=\s+(?:recursive\s+)?\w+\s+as\s*\(\s*select\s)
    ))
    | \b(?:SELECT\s.*?\sFROM\s | DELETE\s+FROM\s | INSERT\s+INTO\s.*?VALUES[\s(] | UPDATE\s(?:\S+\s)?SET\s)
    """,
    re.DOTALL | re.VERBOSE,
)
_STRINGS = frozenset({"string", "concatenated_string"})
_SUMS = frozenset({"binary_operator", "parenthesized_expression", "concatenated_string"})
_MAX_PARTS = 60
_MAX_BYTES = 4_000
_MAX_CLIMB = 12


def is_glued(look: Look, node: Node) -> bool:
    """Say whether an expression is the whole of a statement of SQL that values are glued into."""
    text = _text(look, node)
    if text is None or not _is_statement(text):
        return False
    return _is_dynamic(look, node) and not _is_part(look, node)


def is_glued_argument(look: Look, node: Node) -> bool:
    """Say whether a text that is run as SQL is glued together, and nothing shows that it is SQL.

    What shows it by itself is reported where it stands.
    """
    if node.type not in ("binary_operator", "call", "string", "concatenated_string"):
        return False
    text = _text(look, node)
    if text is None:
        text = _written(look, node)
    elif _is_statement(text) or _TAKES_NO_VALUES.match(text) is not None:
        return False
    return text is not None and _is_dynamic(look, node)


_TAKES_NO_VALUES = Late(
    r"""\s*(?:pragma|set|begin|commit|rollback|savepoint|release|attach|detach|lock|unlock|show|use
    |grant|revoke|vacuum|analyze|explain|listen|notify|copy|unload|load|create|alter|drop|truncate
    |comment|reindex|refresh|kill|reset|start|optimize|describe|desc)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Statements whose parts are names, which no database takes as parameters."""


def _is_statement(text: str) -> bool:
    found = _STATEMENT.search(text)
    # English begins with a capital ("Select a row from a list"), SQL is all of one case.
    verb = found["verb"] if found is not None else None
    return found is not None and (verb is None or verb.isupper() or verb.islower())


def _text(look: Look, node: Node) -> str | None:
    """Return the text that is written in an expression, with ``?`` for values; None without any."""
    found: list[str] = []
    n_bytes = 0
    for part in _parts(look, node):
        piece = _literal(look, part) if part.type == "string" else "?"
        found.append(piece)
        n_bytes += len(piece)
        if n_bytes > _MAX_BYTES:
            break
    text = "".join(found)
    return text if text.strip("?") else None


def _literal(look: Look, string: Node) -> str:
    if not any(each.type == "interpolation" for each in string.named_children):
        return string_text(look.source.text_between(string.start_byte, _end(string)))
    pieces = []
    for each in string.named_children:
        if each.type == "string_content":
            pieces.append(look.text(each))
        elif each.type == "interpolation":
            pieces.append("?")
    return "".join(pieces)


def _end(node: Node) -> int:
    return min(node.end_byte, node.start_byte + _MAX_BYTES)


def _parts(look: Look, node: Node) -> Iterator[Node]:
    """Yield what a text is put together from, in order; of ``text % values`` the text."""
    todo = [node]
    for _ in range(_MAX_PARTS):
        if not todo:
            return
        each = todo.pop()
        if each.type == "binary_operator":
            operator, left, right = (
                each.child_by_field_name(name) for name in ("operator", "left", "right")
            )
            if operator is None or left is None or right is None:
                return
            if operator.type == "+":
                todo.append(right)
            elif operator.type != "%":
                yield each
                continue
            todo.append(left)
        elif each.type in ("parenthesized_expression", "concatenated_string"):
            todo.extend(it for it in reversed(each.named_children) if not it.is_extra)
        elif each.type == "call":
            owner = _formatted(look, each)
            if owner is not None:
                todo.append(owner)
            else:
                yield each
        else:
            yield each


def _formatted(look: Look, call: Node) -> Node | None:
    """Return the text of ``text.format(…)``."""
    callee = call.child_by_field_name("function")
    if callee is None or callee.type != "attribute":
        return None
    made_by = callee.child_by_field_name("attribute")
    is_format = made_by is not None and look.text(made_by) in ("format", "replace")
    return callee.child_by_field_name("object") if is_format else None


def _is_dynamic(look: Look, node: Node) -> bool:
    """Say whether values come into a text that nobody has written down."""
    if node.type == "call":
        arguments = node.child_by_field_name("arguments")
        owner = _formatted(look, node)
        if owner is None or arguments is None:
            return False
        given = [it for it in arguments.named_children if not it.is_extra]
        values = [_given(it) for it in given]
        return any(not is_constant(look, each) for each in (owner, *values))
    if node.type == "binary_operator":
        operator = node.child_by_field_name("operator")
        if operator is None or operator.type not in ("+", "%"):
            return False
    return not is_constant(look, node)


def _given(argument: Node) -> Node:
    value = argument.child_by_field_name("value")
    return value if value is not None and argument.type == "keyword_argument" else argument


def _is_part(look: Look, node: Node) -> bool:
    """Say whether a larger expression is the text, which is looked at as such."""
    around = node.parent
    for _ in range(_MAX_CLIMB):
        if around is None or around.type not in (*_SUMS, "attribute"):
            return False
        if around.type == "attribute":
            call = around.parent
            if call is None or call.type != "call" or _formatted(look, call) is None:
                return False
            around = call
        if around.type != "parenthesized_expression":
            operator = around.child_by_field_name("operator")
            if operator is None or operator.type in ("+", "%"):
                text = _text(look, around)
                return text is not None and _is_statement(text)
        around = around.parent
    return False


def _written(look: Look, node: Node) -> str | None:
    """Return the text of ``query % value`` and ``query.format(value)`` where a name holds it."""
    if node.type == "binary_operator":
        operator = node.child_by_field_name("operator")
        return "?" if operator is not None and operator.type == "%" else None
    return "?" if node.type == "call" and _formatted(look, node) is not None else None


def is_glued_name(look: Look, node: Node) -> bool:
    """Say whether a text is glued together under the name that stands here, as above."""
    if node.type != "identifier":
        return is_glued_argument(look, node)
    values = bound_values(look.source, look.text(node), node.start_byte)
    return any(is_glued_argument(look, each) for each in values)


def is_own_method(look: Look, callee: Node) -> bool:
    """Say whether a method is one of the object's own, which says itself what it runs."""
    dotted = look.dotted(callee) or ""
    return dotted.count(".") == 1 and dotted.startswith(("self.", "cls."))


def is_query(look: Look, callee: Node) -> bool:
    """Say whether a method is one of a query of SQLAlchemy: ``session.query(…).filter``."""
    start = max(callee.start_byte, callee.end_byte - _MAX_BYTES)
    text = look.source.text_between(start, callee.end_byte)
    if ".query(" in text or ".query." in text:
        return True
    return "query" in text and any("sqlalchemy" in it for it in imported_modules(look.source))


def is_risky_extra(look: Look, arguments: Node) -> bool:
    """Say whether Django's ``extra(where=…, tables=…, select=…)`` is given SQL made at run time."""
    for index, each in enumerate(it for it in arguments.named_children if not it.is_extra):
        if each.type == "keyword_argument":
            key, value = each.child_by_field_name("name"), each.child_by_field_name("value")
            is_sql = key is not None and look.text(key) in ("where", "tables", "select")
        else:
            value, is_sql = each, index in _EXTRA_SQL
        if is_sql and value is not None and not _is_written(look, value):
            return True
    return False


_EXTRA_SQL = (0, 1, 3)
"""``extra(select, where, params, tables)``: the places of what is SQL."""


def is_risky_raw(look: Look, arguments: Node) -> bool:
    """Say whether Django's ``RawSQL(sql, params)`` is given SQL that is put together at run time.

    What shows to be SQL is reported where it stands.
    """
    sql = keyword(look, arguments, "sql") or positional(arguments, 0)
    if sql is None:
        return any(each.type == "list_splat" for each in arguments.named_children)
    if _is_written(look, sql):
        return False
    text = _text(look, sql)
    return text is None or not _is_statement(text) or is_constant(look, sql)


def _is_written(look: Look, node: Node) -> bool:
    """Say whether a value is written down in one piece: names are followed, nothing is formatted."""
    is_formatted = node.type in ("call", "binary_operator")
    if node.type in ("list", "tuple", "dictionary"):
        values = (each.child_by_field_name("value") or each for each in node.named_children)
        is_formatted = any(each.type in ("call", "binary_operator") for each in values)
    return not is_formatted and is_constant(look, node)
