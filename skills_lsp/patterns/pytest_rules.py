"""What pytest and unittest count as a test, and other questions about Python definitions.

Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.patterns.classes import bases, class_at, family
from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.regions import Kind
from skills_lsp.patterns.scheme import string_value
from skills_lsp.patterns.test_files import is_collected_by_pytest
from skills_lsp.syntax.bindings import binding_node, innermost

Check: TypeAlias = Callable[[Look, Captures], bool]

_FIXTURES = frozenset({"pytest.fixture", "pytest_asyncio.fixture", "pytest.yield_fixture"})
_HOOKS = frozenset(
    {
        "setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown",
        "setUpModule", "tearDownModule", "setup_method", "teardown_method", "setup_class",
        "teardown_class", "setup_module", "teardown_module", "setup_function",
        "teardown_function",
    }
)  # fmt: skip


def is_test_function(look: Look, function: Node) -> bool:
    """Say whether a function is a test that pytest collects from this file."""
    name = function.child_by_field_name("name")
    if name is None or not is_collected_by_pytest(look.source.path):
        return False
    if not look.text(name).startswith("test") or _is_fixture(look, function):
        return False
    around = look.regions.definition_around(function.start_byte)
    if around is None:
        return True
    return around.kind is Kind.CLASS and is_test_class(look, around.node)


def is_test_class(look: Look, klass: Node) -> bool:
    """Say whether a class is one whose methods pytest collects."""
    if not is_collected_by_pytest(look.source.path):
        return False
    around = look.regions.definition_around(klass.start_byte)
    if around is not None and not (around.kind is Kind.CLASS and is_test_class(look, around.node)):
        return False
    name = klass.child_by_field_name("name")
    if name is None:
        return False
    related = list(family(look, klass))
    if any(_is_unittest(look, base) for each in related for base in bases(each)):
        return True
    return look.text(name).startswith("Test") and not any(_has_init(look, each) for each in related)


def test_id(look: Look, definition: Node) -> str:
    """Return what pytest needs behind the path to run a test: ``TestClass::test_x``."""
    name = definition.child_by_field_name("name")
    names = [] if name is None else [look.text(name)]
    for region in look.regions.around(definition.start_byte):
        title = region.node.child_by_field_name("name") if region.kind is Kind.CLASS else None
        if title is not None:
            names.append(look.text(title))
    return "::".join(reversed(names))


def make_decorated_with(words: tuple[str, ...]) -> Check:
    """Make ``(#decorated-with? @definition "pytest.fixture" …)``."""
    capture, names = words[0][1:], frozenset(map(string_value, words[1:]))

    def check(look: Look, captures: Captures) -> bool:
        return any(origin in names for origin in _decorators(look, captures[capture][0]))

    return check


def make_decorator(words: tuple[str, ...]) -> Check:
    """Make ``(#decorator? @expression "pytest.mark.skip" …)``: the decorator itself, called or not."""
    capture, names = words[0][1:], frozenset(map(string_value, words[1:]))

    def check(look: Look, captures: Captures) -> bool:
        return look.origin(_uncalled(captures[capture][0])) in names

    return check


def _uncalled(expression: Node) -> Node:
    if expression.type == "call":
        return expression.child_by_field_name("function") or expression
    return expression


def is_hook(look: Look, name: Node) -> bool:
    """Say whether a name is one of unittest's or pytest's set-up and tear-down functions."""
    return look.text(name) in _HOOKS


def is_public(look: Look, definition: Node) -> bool:
    """Say whether a definition is part of a module's face: no private name in its path."""
    name = definition.child_by_field_name("name")
    if name is None or look.text(name).startswith("_"):
        return False
    for region in look.regions.around(definition.start_byte):
        if region.kind in (Kind.FUNCTION, Kind.LAMBDA):
            return False
        title = region.node.child_by_field_name("name") if region.kind is Kind.CLASS else None
        if title is not None and look.text(title).startswith("_"):
            return False
    return not any(origin in _UNDOCUMENTED_BY_RULE for origin in _decorators(look, definition))


_UNDOCUMENTED_BY_RULE = frozenset({"typing.overload", "overload", "typing.override", "override"})


def is_undocumented(_look: Look, definition: Node) -> bool:
    """Say whether a definition's body does not open with a docstring."""
    body = definition.child_by_field_name("body")
    first = (
        None
        if body is None
        else next((each for each in body.named_children if each.type != "comment"), None)
    )
    if first is None or first.type != "expression_statement" or not first.named_child_count:
        return True
    return first.named_child(0).type not in ("string", "concatenated_string")


def is_untyped(look: Look, function: Node) -> bool:
    """Say whether a function has no annotation at all, and something that could have one."""
    parameters = function.child_by_field_name("parameters")
    if function.child_by_field_name("return_type") is not None or parameters is None:
        return False
    given = [each for each in parameters.named_children if each.type not in _MARKS]
    if any(each.type in ("typed_parameter", "typed_default_parameter") for each in given):
        return False
    name = function.child_by_field_name("name")
    is_special = name is not None and look.text(name).startswith("__")
    own = [each for each in given if look.text(each) not in ("self", "cls")]
    return bool(own) or not is_special


_MARKS = frozenset({"comment", "keyword_separator", "positional_separator"})


def _decorators(look: Look, definition: Node) -> Iterator[str]:
    """Yield what the decorators of a definition stand for, called or not."""
    holder = definition.parent
    if holder is None or holder.type != "decorated_definition":
        return
    for decorator in holder.named_children:
        if decorator.type == "decorator" and decorator.named_child_count:
            origin = look.origin(_uncalled(decorator.named_child(0)))
            if origin is not None:
                yield origin


def _is_fixture(look: Look, function: Node) -> bool:
    return any(origin in _FIXTURES for origin in _decorators(look, function))


def _is_unittest(look: Look, base: Node) -> bool:
    """Say whether a base class is unittest's, or called as those that derive from it are."""
    dotted = look.dotted(base)
    if dotted is None:
        return False
    found = innermost(look.source, dotted, base.start_byte) if "." not in dotted else ()
    if any(class_at(binding_node(look.source, dotted, each)) is not None for each in found):
        return False  # Of this file: then its own bases decide.
    last = dotted.rpartition(".")[2]
    origin = next((each.origin for each in found if each.origin), None) or dotted
    return last.endswith("TestCase") or origin.rpartition(".")[2].endswith("TestCase")


def _has_init(look: Look, klass: Node) -> bool:
    body = klass.child_by_field_name("body")
    if body is None:
        return False
    data, root = look.source.data, look.source.root
    for word in (b"def __init__(", b"def __new__("):
        at = data.find(word, body.start_byte, body.end_byte)
        while at >= 0:
            node = root.descendant_for_byte_range(at, at + 3)
            function = node.parent if node is not None else None
            if function is not None and function.type == "function_definition":
                holder = function.parent
                if holder is not None and holder.type == "decorated_definition":
                    holder = holder.parent
                if holder == body:
                    return True
            at = data.find(word, at + 1, body.end_byte)
    return False
