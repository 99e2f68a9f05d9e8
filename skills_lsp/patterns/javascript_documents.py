"""What a module of JavaScript or TypeScript gives to others, documented and typed or not."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.test_files import is_test_file
from skills_lsp.syntax.source import span_of

STRUCTURE = "( export_statement ) @exported"
"""An export; what it gives away stands in it."""

_TRIVIAL_LINES = 3
"""A function of fewer lines says what it does by itself."""

_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "arrow_function",
    }
)
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_HIDDEN = frozenset({"private", "protected"})
_MAX_MEMBERS = 500


@dataclass(frozen=True, slots=True)
class Given:
    """Something that is exported: its name, what it is, and the node that a comment stands before."""

    name: Node
    node: Node
    holder: Node


def undocumented(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield exported functions, classes and their methods that have no JSDoc and are not trivial."""
    if _is_left_alone(look):
        return
    for given in _exported(look):
        if not _is_trivial(given.node) and not _has_comment(look, given.holder):
            yield _finding(look, pattern, "docs", given, "is exported and has no JSDoc")


def untyped(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield exported functions and methods with parameters that are silently of the type any."""
    if _is_left_alone(look):
        return
    for given in _exported(look):
        names = [look.text(each) for each in _without_type(given.node)]
        if names:
            listed = ", ".join(f"`{each}`" for each in names[:_MAX_NAMED])
            message = f"has no type for {listed}, so nothing about it is checked"
            yield _finding(look, pattern, "types", given, message)


_MAX_NAMED = 3


def _is_left_alone(look: Look) -> bool:
    source = look.source
    return source.path.endswith(".d.ts") or is_test_file(source.path, source.language)


def _finding(look: Look, pattern: str, category: str, given: Given, message: str) -> Finding:
    name = look.text(given.name)
    said = f"`{name}` {message}"
    return Finding(pattern, category, span_of(given.name), name, said, reach=span_of(given.holder))


def _exported(look: Look) -> Iterator[Given]:
    for captures in look.matches.get(STRUCTURE, ()):
        statement = captures["exported"][0]
        declaration = statement.child_by_field_name("declaration")
        if declaration is None:
            value = statement.child_by_field_name("value")
            if value is not None and value.type in _CLASSES:
                yield from _members(look, value)
            continue
        yield from _of_declaration(look, statement, declaration)


def _of_declaration(look: Look, statement: Node, declaration: Node) -> Iterator[Given]:
    name = declaration.child_by_field_name("name")
    if declaration.type in _FUNCTIONS and name is not None:
        yield Given(name, declaration, statement)
    elif declaration.type in _CLASSES:
        if name is not None:
            yield Given(name, declaration, statement)
        yield from _members(look, declaration)
    elif declaration.type == "lexical_declaration":
        for declarator in declaration.named_children:
            value = declarator.child_by_field_name("value")
            name = declarator.child_by_field_name("name")
            # const f: Handler = (request) => … is typed by its annotation.
            is_open = declarator.child_by_field_name("type") is None
            if value is not None and name is not None and value.type in _FUNCTIONS and is_open:
                yield Given(name, value, statement)


def _members(look: Look, klass: Node) -> Iterator[Given]:
    body = klass.child_by_field_name("body")
    for member in body.named_children[:_MAX_MEMBERS] if body is not None else ():
        if member.end_byte < look.start or member.start_byte > look.end:
            continue
        name = member.child_by_field_name("name")
        if member.type != "method_definition" or name is None or name.type != "property_identifier":
            continue
        words = {member.child(index).type for index in range(min(5, member.child_count))}
        if _is_hidden(look, member) or words & {"get", "set", "override_modifier"}:
            continue
        text = look.text(name)
        if not text.startswith("_") and text != "constructor":
            yield Given(name, member, member)


def _is_hidden(look: Look, member: Node) -> bool:
    modifier = member.child(0)
    return modifier.type == "accessibility_modifier" and look.text(modifier) in _HIDDEN


def _is_trivial(node: Node) -> bool:
    """Say whether something is so short that it tells what it does."""
    if node.type in _CLASSES:
        body = node.child_by_field_name("body")
        return body is None or body.named_child_count == 0
    return node.end_point[0] - node.start_point[0] < _TRIVIAL_LINES


def _has_comment(look: Look, holder: Node) -> bool:
    before = holder.prev_named_sibling
    while before is not None and before.type == "decorator":
        before = before.prev_named_sibling
    if before is None or before.type != "comment":
        return False
    if look.source.data[before.start_byte : before.start_byte + 3] == b"/**":
        return True
    # Plain comments directly above tell a reader as well.
    return before.end_point[0] + 1 >= holder.start_point[0]


def _without_type(node: Node) -> Iterator[Node]:
    """Yield the parameters that have neither a type nor a default to take it from."""
    parameters = node.child_by_field_name("parameters")
    single = node.child_by_field_name("parameter")
    if single is not None:
        yield single
    for each in parameters.named_children if parameters is not None else ():
        if each.type not in ("required_parameter", "optional_parameter"):
            continue
        pattern = each.child_by_field_name("pattern")
        if pattern is None or pattern.type == "this":
            continue
        has_type = each.child_by_field_name("type") is not None
        if not has_type and each.child_by_field_name("value") is None:
            yield pattern
