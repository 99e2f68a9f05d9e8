"""What reaches the dangerous calls of JavaScript: commands, HTML, SQL, code, options."""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.patterns.arguments import object_property, positional
from skills_lsp.patterns.javascript_flow import reaching
from skills_lsp.patterns.javascript_values import Known, Trust, is_computed, known, string_text
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.scheme import string_value

Check: TypeAlias = Callable[[Look, Captures], bool]

_QUOTES = Late(r"(?:quote|escape|sanitize)", re.IGNORECASE)
_CLEANS_HTML = Late(
    r"(?:sanitize|escape|purify|encode|trusted|^xss$|^filterXSS$|striptags|stripHtml|^md5$|^sha)",
    re.IGNORECASE,
)
_SHELLS = Late(r"(?:^|[/\\])(?:(?:ba|da|z|k|c|tc|fi)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh)$")
_SHELL_FLAGS = Late(r"^(?:-\w*c|/c|/s|/k|-(?:encoded)?command)$", re.IGNORECASE)
_TAG_OPENS = Late(r"<[a-zA-Z!/]")
_PRINTS = Late(
    r"(?:^|\.)(?:log|warn|error|info|debug|trace|fatal|print|printf|write|Error|[A-Z]\w*Error"
    r"|deprecate|assert|fail|invariant|warning|describe|it|test|expect|equal|match|throws)$"
)
_JQUERY = Late(r"^(?:\$|jQuery)(?:\(|$|\w)|^this\.\$\w|^\w+\.\$\w")
_MAX_TEXT_BYTES = 200
_BUILDERS = frozenset({"template_string", "binary_expression"})


def is_command(look: Look, node: Node) -> bool:
    """Say whether a command is made at run time, from more than numbers and quoted words."""
    if node.type in ("arrow_function", "function_expression", "object"):
        return False
    return known(look, node, Trust(lambda name: _QUOTES.search(name) is not None)) is Known.ANYTHING


def is_html(look: Look, node: Node) -> bool:
    """Say whether HTML is made at run time, from more than numbers and text made harmless."""
    cleans = Trust(lambda name: _CLEANS_HTML.search(name) is not None, trusts_free_names=True)
    return known(look, node, cleans) is Known.ANYTHING


def is_built(look: Look, node: Node) -> bool:
    """Say whether a text is put together at run time: a template or a sum with values in it."""
    for _ in range(_MAX_STEPS):
        if node.type == "parenthesized_expression" and node.named_child_count:
            node = node.named_child(0)
        if node.type in _BUILDERS:
            return any(_string_parts(node)) and is_computed(look, node)
        if node.type == "call_expression" and _is_glue(look, node):
            return is_computed(look, node)
        if node.type != "identifier":
            return False
        found = reaching(look, node)
        if any(each.is_added and each.value is not None for each in found):
            return any(each.value is None or is_computed(look, each.value) for each in found)
        if not found or found[-1].value is None:
            return False
        node = found[-1].value
    return False


_MAX_STEPS = 5


def is_markup(look: Look, node: Node) -> bool:
    """Say whether a text is put together at run time and has a tag of HTML in what is written."""
    if node.type == "identifier":
        found = reaching(look, node)
        if len(found) != 1 or found[0].value is None:
            return False
        node = found[0].value
    if node.type not in _BUILDERS:
        return False
    has_tag = any(_TAG_OPENS.search(look.text(each)) for each in _string_parts(node))
    return has_tag and is_html(look, node)


def is_from_address(look: Look, node: Node) -> bool:
    """Say whether a value is taken from the page's address, which anybody may write."""
    text = look.text(node) if node.end_byte - node.start_byte <= _MAX_TEXT_BYTES else ""
    return _ADDRESS.search(text) is not None and is_html(look, node)


_ADDRESS = Late(r"\blocation\.(?:hash|search|href)\b|\bdocument\.(?:URL|referrer|cookie)\b")


def is_jquery(look: Look, callee: Node) -> bool:
    """Say whether a method is called on what is plainly a collection of jQuery."""
    owner = callee.child_by_field_name("object")
    for _ in range(_MAX_STEPS):
        if owner is None:
            return False
        if owner.type == "identifier":
            if look.text(owner).startswith("$"):
                return True
            found = reaching(look, owner)
            owner = found[0].value if len(found) == 1 else None
            continue
        if owner.type == "call_expression":
            inner = owner.child_by_field_name("function")
            if inner is not None and look.dotted(inner) in _MAKES_COLLECTIONS:
                return True
            if inner is not None and inner.type == "identifier":
                return False
            owner = inner.child_by_field_name("object") if inner is not None else None
            continue
        start = look.source.text_between(
            owner.start_byte, min(owner.end_byte, owner.start_byte + 40)
        )
        return _JQUERY.match(start) is not None
    return False


_MAKES_COLLECTIONS = frozenset({"$", "jQuery", "window.$", "window.jQuery", "angular.element"})


def is_shell_run(look: Look, arguments: Node) -> bool:
    """Say whether a call runs a shell with a command made at run time: ``("sh", ["-c", x])``."""
    program, given = positional(arguments, 0), positional(arguments, 1)
    if program is None:
        return False
    if program.type == "array":  # Bun.spawn(["sh", "-c", x]), { cmd: [...] }
        return _is_shell_list(look, program)
    if program.type == "object":
        listed = object_property(look, program, "cmd")
        return listed is not None and listed.type == "array" and _is_shell_list(look, listed)
    name = string_text(look, program)
    if name is None or _SHELLS.search(name) is None or given is None:
        return False
    values = given
    if given.type == "identifier":
        found = reaching(look, given)
        values = found[0].value if len(found) == 1 and found[0].value is not None else given
    if values.type != "array":
        return values.type != "object" and is_command(look, values)
    return _runs(look, values.named_children)


def _is_shell_list(look: Look, listed: Node) -> bool:
    words = listed.named_children
    name = string_text(look, words[0]) if words else None
    return name is not None and _SHELLS.search(name) is not None and _runs(look, words[1:])


def _runs(look: Look, words: list[Node]) -> bool:
    """Say whether the text behind ``-c``, or what stands in its place, is made at run time."""
    for index, each in enumerate(words):
        flag = string_text(look, each)
        if flag is None:
            return is_command(look, each)
        if _SHELL_FLAGS.match(flag):
            return any(is_command(look, word) for word in words[index + 1 :])
        if not flag.startswith(("-", "/")):
            return False  # The name of a script; what follows are its arguments.
    return False


def is_printed(look: Look, node: Node) -> bool:
    """Say whether a text is only shown to somebody: ``console.log(text)``, ``new Error(text)``."""
    for _ in range(_MAX_STEPS):
        parent = node.parent
        if parent is None:
            return False
        if parent.type == "arguments":
            call = parent.parent
            if call is None:
                return False
            callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
            if callee is None or callee.end_byte - callee.start_byte > _MAX_TEXT_BYTES:
                return False
            return _PRINTS.search(look.text(callee)) is not None
        if parent.type not in ("binary_expression", "parenthesized_expression", "template_string"):
            return False
        node = parent
    return False


def _is_glue(look: Look, call: Node) -> bool:
    callee = call.child_by_field_name("function")
    word = callee.child_by_field_name("property") if callee is not None else None
    owner = callee.child_by_field_name("object") if callee is not None else None
    return (
        word is not None
        and look.text(word) in ("concat", "join", "replace")
        and owner is not None
        and owner.type in ("string", "template_string", "array")
    )


def _string_parts(node: Node) -> Iterator[Node]:
    """Yield the strings that a text is glued from."""
    todo = [node]
    for _ in range(_MAX_PARTS):
        if not todo:
            return
        each = todo.pop()
        if each.type in ("string", "template_string"):
            yield each
        elif each.type in ("binary_expression", "parenthesized_expression"):
            todo.extend(reversed(each.named_children))


_MAX_PARTS = 100


def is_sandbox_run(look: Look, callee: Node) -> bool:
    """Say whether ``….run`` is the one of a virtual machine of vm2 or of ``sandbox``."""
    owner = callee.child_by_field_name("object")
    if owner is not None and owner.type == "identifier":
        found = reaching(look, owner)
        owner = found[-1].value if found else None
    maker = owner.child_by_field_name("constructor") if owner is not None else None
    return maker is not None and (look.origin(maker) or look.dotted(maker)) in _MACHINES


_MACHINES = frozenset({"vm2.VM", "vm2.NodeVM", "sandbox", "isolated-vm.Isolate"})


def option(look: Look, arguments: Node, name: str) -> Node | None:
    """Return the value of an option: a property of an object among the arguments, names followed."""
    for each in arguments.named_children:
        given = each
        if each.type == "identifier":
            found = reaching(look, each)
            if len(found) != 1 or found[0].value is None:
                continue
            given = found[0].value
        value = object_property(look, given, name)
        if value is not None:
            return value
    return None


def make_option(words: tuple[str, ...]) -> Check:
    """Make ``(#option? @arguments "shell" "true" …)``: an option with one of some values."""
    capture, name, *allowed = words[0][1:], string_value(words[1]), *map(string_value, words[2:])

    def check(look: Look, captures: Captures) -> bool:
        value = option(look, captures[capture][0], name)
        if value is None:
            return False
        text = string_text(look, value)
        return not allowed or look.text(value) in allowed or (text is not None and text in allowed)

    return check


def make_text(words: tuple[str, ...]) -> Check:
    """Make ``(#text? @value "expression")``: what a string says, names followed."""
    capture, expression = words[0][1:], Late(string_value(words[1]))

    def check(look: Look, captures: Captures) -> bool:
        nodes = captures.get(capture)
        text = string_text(look, nodes[0]) if nodes else None
        return text is not None and expression.search(text) is not None

    return check


def make_argument_text(words: tuple[str, ...]) -> Check:
    """Make ``(#argument-text? @arguments "0" "expression")``: what a string argument says."""
    capture, index = words[0][1:], int(string_value(words[1]))
    expression = Late(string_value(words[2]))

    def check(look: Look, captures: Captures) -> bool:
        value = positional(captures[capture][0], index)
        text = string_text(look, value) if value is not None else None
        return text is not None and expression.search(text) is not None

    return check


def make_option_text(words: tuple[str, ...]) -> Check:
    """Make ``(#option-text? @arguments "name" "expression")``: what an option's string says."""
    capture, name = words[0][1:], string_value(words[1])
    expression = Late(string_value(words[2]))

    def check(look: Look, captures: Captures) -> bool:
        value = option(look, captures[capture][0], name)
        text = string_text(look, value) if value is not None else None
        return text is not None and expression.search(text) is not None

    return check


def make_option_match(words: tuple[str, ...]) -> Check:
    """Make ``(#option-match? @arguments "name" "expression")``: an option as it is written."""
    capture, name = words[0][1:], string_value(words[1])
    expression = Late(string_value(words[2]))

    def check(look: Look, captures: Captures) -> bool:
        value = option(look, captures[capture][0], name)
        return value is not None and expression.search(look.text(value)) is not None

    return check


def make_option_ask(
    ask: Callable[[Look, Node], bool],
) -> Callable[[tuple[str, ...]], Check]:
    """Make a maker of ``(#…? @arguments "name")``, a question to an option's value."""

    def make(words: tuple[str, ...]) -> Check:
        capture, name = words[0][1:], string_value(words[1])

        def check(look: Look, captures: Captures) -> bool:
            value = option(look, captures[capture][0], name)
            return value is not None and ask(look, value)

        return check

    return make
