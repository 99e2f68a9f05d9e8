"""Which calls of JavaScript surely give a promise, and where nobody waits for one."""

import re

from tree_sitter import Node

from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.syntax.async_names import async_names
from skills_lsp.syntax.bindings import binding_node, innermost, origin
from skills_lsp.syntax.nodes import ancestors

_MAX_MEMBERS = 2_000
"""How many members of a class are looked through for a method."""

_MAX_CLASSES = 10
"""How many base classes are followed within the file."""

_WORD = re.compile(rb"#?[\w$]+$")
_MAX_WORD_BYTES = 64

_GLOBAL = frozenset(
    {
        "fetch", "import", "Promise.all", "Promise.allSettled", "Promise.any", "Promise.race",
        "Promise.reject", "Promise.resolve",
    }
)  # fmt: skip
_GLOBAL_WORDS = frozenset(each.rpartition(".")[2] for each in _GLOBAL)
_FILES = frozenset(
    {
        "access", "appendFile", "chmod", "chown", "copyFile", "cp", "lstat", "mkdir", "mkdtemp",
        "open", "opendir", "readFile", "readdir", "readlink", "realpath", "rename", "rm", "rmdir",
        "stat", "symlink", "truncate", "unlink", "utimes", "writeFile",
    }
)  # fmt: skip
_MODULES_OF_FILES = frozenset({"fs.promises", "fs/promises"})


def is_floating(look: Look, call: Node, callee: Node) -> bool:
    """Say whether a call gives a promise that nobody waits for, nor for its failure."""
    if not _may_give_promise(look, callee):
        return False
    return _is_let_go(look, call) and _gives_promise(look, callee)


def _may_give_promise(look: Look, callee: Node) -> bool:
    """Say whether a callee's last word is one of those that may give a promise here. A cheap sieve."""
    start, end = callee.start_byte, callee.end_byte
    found = _WORD.search(look.source.data, max(start, end - _MAX_WORD_BYTES), end)
    if found is None:
        return callee.type == "parenthesized_expression"
    word = found[0].decode("utf-8", "replace")
    return word in _GLOBAL_WORDS or word in _FILES or word in async_names(look.source)


_CHAINED = frozenset({"then", "catch", "finally"})
_OPEN = frozenset({"parenthesized_expression", "non_null_expression", "as_expression"})


def _is_let_go(look: Look, call: Node) -> bool:
    """Say whether the value of a call, or of a chain that begins with it, is a whole statement."""
    child = call
    for holder in ancestors(call):
        kind = holder.type
        if kind == "expression_statement":
            return True
        if kind == "sequence_expression" and holder.named_children[-1] != child:
            return True  # What stands before a comma is let go at once.
        is_chained = kind == "call_expression" and holder.child_by_field_name("function") == child
        if is_chained and _is_handled(look, child, holder):
            return False
        if not (is_chained or _has_value_of(look, holder, child)):
            return False
        child = holder
    return False


def _has_value_of(look: Look, holder: Node, child: Node) -> bool:
    """Say whether an expression has the value of this part of it, or goes on with its promise."""
    kind = holder.type
    if kind == "ternary_expression":
        return holder.child_by_field_name("condition") != child
    if kind == "member_expression":
        return _is_chain(look, holder)
    if kind == "binary_expression":
        operator = holder.child_by_field_name("operator")
        is_logical = operator is not None and look.text(operator) in ("&&", "||", "??")
        return is_logical and holder.child_by_field_name("right") == child
    return kind in _OPEN or kind == "sequence_expression"


def _is_chain(look: Look, member: Node) -> bool:
    name = member.child_by_field_name("property")
    return name is not None and look.text(name) in _CHAINED


def _is_handled(look: Look, member: Node, call: Node) -> bool:
    """Say whether ``.catch(f)`` or ``.then(f, g)`` takes care of a failure."""
    name, arguments = member.child_by_field_name("property"), call.child_by_field_name("arguments")
    if name is None or arguments is None:
        return True
    given = [each for each in arguments.named_children if not each.is_extra]
    n_wanted = {"catch": 1, "then": 2}.get(look.text(name))
    return n_wanted is not None and len(given) >= n_wanted


def _gives_promise(look: Look, callee: Node) -> bool:
    """Say whether calling this certainly gives a promise.

    True for an ``async`` function of this file that nothing else shadows, for such methods of the own
    class or of an object made from one of this file, and for what the language and Node.js give.
    """
    if callee.type == "import":
        return True
    if callee.type == "identifier":
        return _is_async_name(look, callee) or _is_known(look, callee)
    if callee.type == "parenthesized_expression":
        inner = callee.named_child(0)
        return inner is not None and inner.type in _EXPRESSIONS and is_async_function(inner)
    if callee.type != "member_expression":
        return False
    return _is_async_method(look, callee) or _is_known(look, callee)


_EXPRESSIONS = frozenset({"arrow_function", "function_expression"})


def _is_known(look: Look, callee: Node) -> bool:
    dotted = look.dotted(callee)
    if dotted is None:
        return False
    meant = origin(look.source, dotted, callee.start_byte)
    if meant is None:
        return False
    module, _, name = meant.rpartition(".")
    return meant in _GLOBAL or (module in _MODULES_OF_FILES and name in _FILES)


def _is_async_name(look: Look, name: Node) -> bool:
    text = look.text(name)
    found = innermost(look.source, text, name.start_byte)
    nodes = [binding_node(look.source, text, each) for each in found]
    return bool(nodes) and all(_is_async_binding(look, each) for each in nodes)


def _is_async_binding(look: Look, name: Node | None) -> bool:
    holder = name.parent if name is not None else None
    if holder is None:
        return False
    if holder.type == "variable_declarator":
        value = holder.child_by_field_name("value")
        declaration = holder.parent
        is_const = declaration is not None and look.source.data.startswith(
            b"const", declaration.start_byte
        )
        return is_const and value is not None and _is_async_expression(value)
    return holder.type == "function_declaration" and is_async_function(holder)


def _is_async_expression(value: Node) -> bool:
    return value.type in _EXPRESSIONS and is_async_function(value)


def _is_async_method(look: Look, callee: Node) -> bool:
    held, name = (callee.child_by_field_name(each) for each in ("object", "property"))
    if held is None or name is None:
        return False
    body = _class_of_object(look, held)
    return body is not None and _has_async(look, body, look.text(name))


def _class_of_object(look: Look, held: Node) -> Node | None:
    """Return the body of the class that an object is of: ``this``, ``new Shop()``, a constant."""
    if held.type == "this":
        return _own_class(held)
    if held.type == "super":
        body = _own_class(held)
        return _base(look, body) if body is not None else None
    if held.type == "new_expression":
        made = held.child_by_field_name("constructor")
        return _class_named(look, made) if made is not None else None
    if held.type != "identifier":
        return None
    text = look.text(held)
    found = innermost(look.source, text, held.start_byte)
    node = binding_node(look.source, text, found[0]) if len(found) == 1 else None
    declarator = node.parent if node is not None else None
    value = declarator.child_by_field_name("value") if declarator is not None else None
    if declarator is None or declarator.type != "variable_declarator" or value is None:
        return None
    is_const = declarator.parent is not None and look.source.data.startswith(
        b"const", declarator.parent.start_byte
    )
    return _class_of_object(look, value) if is_const and value.type == "new_expression" else None


def _own_class(node: Node) -> Node | None:
    """Return the body of the class that ``this`` is of; a plain function has a ``this`` of its own."""
    for each in ancestors(node):
        if each.type == "class_body":
            return each
        if each.type in _OWN_THIS:
            return None
        if each.type == "method_definition" and each.parent is not None:
            return each.parent if each.parent.type == "class_body" else None
    return None


_OWN_THIS = frozenset(
    {
        "function_declaration", "function_expression", "generator_function",
        "generator_function_declaration", "object",
    }
)  # fmt: skip


def _class_named(look: Look, name: Node) -> Node | None:
    text = look.text(name)
    found = innermost(look.source, text, name.start_byte)
    node = binding_node(look.source, text, found[0]) if len(found) == 1 else None
    holder = node.parent if node is not None else None
    is_class = holder is not None and holder.type in _CLASSES
    return holder.child_by_field_name("body") if holder is not None and is_class else None


_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})


def _base(look: Look, body: Node) -> Node | None:
    """Return the body of the class that a class of this file extends."""
    holder = body.parent
    for each in holder.named_children if holder is not None else ():
        if each.type == "class_heritage" and each.named_child_count:
            named: Node | None = each.named_child(0)
            if named is not None and named.type == "extends_clause":
                named = named.child_by_field_name("value")
            if named is not None and named.type == "identifier":
                return _class_named(look, named)
    return None


def _has_async(look: Look, body: Node, name: str) -> bool:
    """Say whether all that a class calls so is async; if it calls nothing so, ask its base."""
    at: Node | None = body
    for _ in range(_MAX_CLASSES):
        if at is None:
            return False
        found = [
            each
            for each in at.named_children[:_MAX_MEMBERS]
            if each.type in _MEMBERS and _title(look, each) == name
        ]
        if found:
            return all(map(_is_async_member, found))
        at = _base(look, at)
    return False


_MEMBERS = frozenset({"method_definition", "field_definition", "public_field_definition"})


def _title(look: Look, member: Node) -> str:
    title = member.child_by_field_name("name") or member.child_by_field_name("property")
    return look.text(title) if title is not None else ""


def _is_async_member(member: Node) -> bool:
    if member.type == "method_definition":
        return is_async_function(member) and all(each.type != "*" for each in member.children[:6])
    value = member.child_by_field_name("value")
    return value is not None and _is_async_expression(value)
