"""Questions about servers and clients in JavaScript: what comes from a request, what is loaded."""

import re

from tree_sitter import Node

from skills_lsp.patterns.arguments import positional
from skills_lsp.patterns.javascript_flow import reaching
from skills_lsp.patterns.javascript_sinks import is_html, is_printed
from skills_lsp.patterns.javascript_values import is_computed
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.bindings import binding_node, innermost
from skills_lsp.syntax.nodes import ancestors

_TAG = re.compile(rb"</?[a-zA-Z][\w-]*[\s>/]")
_REQUEST = Late(
    r"^(?:req|request|ctx\.request|ctx\.req|this\.req)\??[.](?:query|body|params|headers|cookies|url"
    r"|originalUrl|path|param)\b|^ctx\.(?:query|params)\b|^event\??[.\[](?!target\b|data\b|type\b)"
)
_VERIFIES = re.compile(rb"[vV]erify\w*\s*\(")
_MAX_BYTES = 10_000
_MAX_PARTS = 60
_GIVES_BACK = Late(
    r"^(?:function\s*\w*\s*)?\(?\s*(\w+)\s*\)?\s*(?:=>)?\s*(?:\{\s*return\s+\1\s*;?\s*\}|\1)$"
)
_KNOWN_START = Late(r"""^["'`]\.{1,2}/[\w./-]*/""")
_FOLDER = Late(r"^path\.(?:join|resolve)\(\s*__dirname\b|^__dirname\b|^process\.env\b")


def is_request_markup(look: Look, node: Node) -> bool:
    """Say whether a text has tags of HTML and parts of a request that nobody escapes."""
    start, end = node.start_byte, min(node.end_byte, node.start_byte + _MAX_BYTES)
    data = look.source.data
    if data.find(b"<", start, end) < 0 or _TAG.search(data, start, end) is None:
        return False
    parts = _values(node)
    return any(_is_from_request(look, each) for each in parts) and not _is_shown(look, node)


def _is_shown(look: Look, node: Node) -> bool:
    """Say whether a text goes to a log, which is nobody's page."""
    parent = node.parent
    call = parent.parent if parent is not None and parent.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None else None
    if callee is not None and look.text(callee)[-6:] in (".write", "r.send", "s.send"):
        return False
    return is_printed(look, node)


_WRITTEN = frozenset({"string", "string_fragment", "escape_sequence", "number"})


def _values(node: Node) -> list[Node]:
    """Return what is glued into a text and is no text that is written there."""
    found: list[Node] = []
    todo = [node]
    for _ in range(_MAX_PARTS):
        if not todo:
            break
        each = todo.pop()
        if each.type in _GLUED or each.type == "template_substitution":
            todo.extend(each.named_children)
        elif each.type not in _WRITTEN:
            found.append(each)
    return found


def _is_from_request(look: Look, node: Node) -> bool:
    """Say whether a value, or what it is made from as far as one can see, is a request's."""
    todo = [node]
    for _ in range(_MAX_PARTS):
        if not todo:
            return False
        each = todo.pop()
        if each.type in _GLUED:
            todo.extend(_values(each))
            continue
        if each.type == "object":
            todo.extend(_properties(each))
            continue
        start = look.source.text_between(each.start_byte, min(each.end_byte, each.start_byte + 80))
        if _REQUEST.search(start) is not None:
            if is_html(look, each):
                return True
            continue
        if each.type == "member_expression":
            each = each.child_by_field_name("object") or each
        if each.type != "identifier":
            continue
        values = [found.value for found in reaching(look, each) if found.value is not None]
        if not values and _is_destructured_request(look, each):
            return True
        todo.extend(values)
    return False


_GLUED = frozenset({"binary_expression", "template_string", "parenthesized_expression"})


def _properties(node: Node) -> list[Node]:
    pairs = (each.child_by_field_name("value") for each in node.named_children)
    return [each for each in pairs if each is not None]


def _is_destructured_request(look: Look, name: Node) -> bool:
    """Say whether a name was taken out of a request: ``const { name } = req.query``."""
    text = look.text(name)
    for each in innermost(look.source, text, name.start_byte):
        node = binding_node(look.source, text, each)
        for around in ancestors(node) if node is not None else ():
            if around.type == "variable_declarator":
                value = around.child_by_field_name("value")
                return (
                    value is not None and _REQUEST.search(look.text(value)[:_MAX_PARTS]) is not None
                )
            if not around.type.endswith("pattern"):
                break
    return False


def gives_back_argument(look: Look, function: Node) -> bool:
    """Say whether a function returns its argument as it is."""
    is_short = function.end_byte - function.start_byte <= _MAX_PARTS * 2
    return is_short and _GIVES_BACK.search(look.text(function)) is not None


def is_verified_around(look: Look, call: Node) -> bool:
    """Say whether the function around a call verifies something as well."""
    around = look.regions.function_around(call.start_byte)
    if around is None:
        return False
    return _VERIFIES.search(look.source.data, around.start, around.end) is not None


def is_ftp_client(look: Look, callee: Node) -> bool:
    """Say whether a method is one of a client of the package ``ftp``."""
    owner = callee.child_by_field_name("object")
    found = reaching(look, owner) if owner is not None and owner.type == "identifier" else ()
    value = found[-1].value if found else None
    maker = value.child_by_field_name("constructor") if value is not None else None
    return maker is not None and look.origin(maker) in ("ftp", "promise-ftp", "jsftp")


def is_open_module(look: Look, value: Node) -> bool:
    """Say whether a module is named at run time, and not one of a folder that is written here."""
    start = look.source.text_between(value.start_byte, min(value.end_byte, value.start_byte + 80))
    if value.type == "identifier":
        found = reaching(look, value)
        if len(found) == 1 and found[0].value is not None:
            named = found[0].value
            start = look.source.text_between(
                named.start_byte, min(named.end_byte, named.start_byte + 80)
            )
    if _KNOWN_START.search(start) is not None or _FOLDER.search(start) is not None:
        return False
    return is_computed(look, value)


def is_last_true(_look: Look, arguments: Node) -> bool:
    """Say whether the last argument is ``true``."""
    last = arguments.named_children[-1:]
    return bool(last) and last[0].type == "true" and positional(arguments, 1) is not None


def is_debugger_flag(look: Look, string: Node) -> bool:
    """Say whether a string opens a debugger to every network: ``--inspect=0.0.0.0``."""
    start = string.start_byte + 1
    data = look.source.data
    return data[start : start + 2] == b"--" and _DEBUGGER.match(data, start) is not None


_DEBUGGER = re.compile(
    rb"--(?:inspect(?:-brk)?|remote-debugging-address)=(?:0\.0\.0\.0|\[?::\]?)(?![\d.])"
)


def is_in_branch(_look: Look, node: Node) -> bool:
    """Say whether code runs under a condition, inside of the function it stands in."""
    for each in ancestors(node):
        if each.type in ("if_statement", "ternary_expression", "switch_case"):
            return True
        if each.type == "binary_expression":
            operator = each.child_by_field_name("operator")
            return operator is not None and operator.type in ("&&", "||", "??")
        if each.type in ("function_declaration", "program", "arrow_function", "method_definition"):
            return False
    return False
