"""What pytest and unittest collect as a test, by pytest's own rules and the project's settings.

Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery
"""

from collections.abc import Iterator
from enum import Enum

from tree_sitter import Node

from skills_lsp.patterns.classes import (
    Lineage,
    bases,
    has_constructor,
    is_case,
    lineage,
    makes_constructor,
    may_be_case,
    metaclass,
)
from skills_lsp.patterns.decorators import decorations, decorator_nodes
from skills_lsp.patterns.definitions import (
    classes_called,
    heirs_by_name,
    holder,
    is_never_run,
    is_replaced,
    members,
    yields,
)
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.naming import is_named
from skills_lsp.patterns.test_files import is_collected
from skills_lsp.syntax.occurrences import places, stands_alone
from skills_lsp.syntax.presence import standing

_HOOKS = frozenset(
    {
        "setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown",
        "setUpModule", "tearDownModule", "setup_method", "teardown_method", "setup_class",
        "teardown_class", "setup_module", "teardown_module", "setup_function",
        "teardown_function", "setUpTestData",
    }
)  # fmt: skip
_NOT_CALLABLE = frozenset({"property", "functools.cached_property", "abc.abstractproperty"})
_NOT_FUNCTIONS = frozenset({"click.command", "click.group"})
_OF_PROPERTIES = (".setter", ".getter", ".deleter", ".cached_property")
_ABSTRACT = frozenset({"abc.abstractmethod", "abstractmethod", "abc.abstractproperty"})
_ABSTRACT_BASES = frozenset({"abc.ABC", "ABC"})
_ABSTRACT_METACLASSES = frozenset({"abc.ABCMeta", "ABCMeta"})
_MAX_NESTED = 20
_MAX_HEIRS = 50
"""How many classes are looked through for one that inherits a test."""

_MAX_MEMBERS = 5_000
"""How many statements of a class are looked through for a test."""


class Collected(Enum):
    """How a class is collected."""

    NOT = "not"
    PYTEST = "pytest"
    UNITTEST = "unittest"


def is_test_function(look: Look, function: Node) -> bool:
    """Say whether a function is a test that pytest collects from this file."""
    return function_id(look, function) is not None


def is_test(look: Look, definition: Node) -> bool:
    """Say whether a function is a test, or a class has tests."""
    if definition.type == "class_definition":
        return is_test_class(look, definition)
    return is_test_function(look, definition)


def is_test_class(look: Look, klass: Node) -> bool:
    """Say whether a class is one whose methods pytest collects, and has some or may inherit some."""
    how = collected(look, klass)
    return how is not Collected.NOT and _has_tests(look, klass, how)


def test_id(look: Look, definition: Node) -> str:
    """Return what pytest needs behind the path to run a test: ``TestClass::test_x``.

    Empty for what cannot be run alone: a fixture, or the helper of a test.
    """
    if definition.type == "class_definition":
        return _class_id(look, definition) if is_test_class(look, definition) else ""
    return function_id(look, definition) or ""


def function_id(look: Look, function: Node) -> str | None:
    """Return the id of a test function, None when it is no test.

    What a class inherits from one that is not collected runs in the heirs; the first of them is
    named. The id is empty where only the running program knows it.
    """
    source = look.source
    name = function.child_by_field_name("name")
    if name is None or not is_collected(source):
        return None
    text = look.text(name)
    is_named_so = is_named(text, source.project.pytest.functions)
    if not is_named_so and not text.startswith("test") and text != "runTest":
        return None
    owner = holder(function)
    if owner is None or owner.type not in ("module", "class_definition"):
        return None
    if owner.type == "module":
        is_one = is_named_so and _is_collectable(look, function, Collected.PYTEST)
        return text if is_one else None
    return _method_id(look, function, owner, text)


def _method_id(look: Look, method: Node, klass: Node, name: str) -> str | None:
    how = collected(look, klass)
    if how is not Collected.NOT:
        if not _counts(look, name, how, klass) or not _is_collectable(look, method, how):
            return None
        return "" if _is_multiplied(look, method) else f"{_class_id(look, klass)}::{name}"
    for heir in _heirs(look, klass):
        how = collected(look, heir)
        if how is Collected.NOT or not _counts(look, name, how, heir):
            continue
        if _is_collectable(look, method, how) and _gives(look, heir, name) == klass:
            return "" if _is_multiplied(look, method) else f"{_class_id(look, heir)}::{name}"
    if not name.startswith("test"):
        return None
    return "" if any(_makes_others(look, each) for each in (klass, *_heirs(look, klass))) else None


def _is_multiplied(look: Look, method: Node) -> bool:
    """Say whether a decorator puts methods with other names in the place of this one."""
    return any(origin in _MULTIPLIES for origin, _ in decorations(look, method))


_MULTIPLIES = frozenset(
    {
        "parameterized.parameterized.expand", "ddt.data", "ddt.file_data", "ddt.idata",
        "ddt.named_data", "absl.testing.parameterized.parameters", "absl.testing.parameterized.named_parameters",
        "absl.testing.parameterized.product",
    }
)  # fmt: skip


def _makes_others(look: Look, klass: Node) -> bool:
    """Say whether the module makes classes of one by a program: ``globals().update(C.classes())``."""
    key = ("makes others", klass.start_byte)
    return look.source.remember(key, lambda: _is_used_for_globals(look, klass))


def _is_used_for_globals(look: Look, klass: Node) -> bool:
    source = look.source
    name = klass.child_by_field_name("name")
    if name is None or not standing(source, b"globals()"):
        return False
    word = bytes(source.data[name.start_byte : name.end_byte])
    source.ask(look.text(name))
    for at in places(source.data, word, klass.end_byte):
        statement = _top_statement(source.root, at)
        if statement is None or statement.type in ("class_definition", "decorated_definition"):
            continue
        if statement.type != "function_definition":
            end = min(statement.end_byte, statement.start_byte + _MAX_STATEMENT_BYTES)
            if source.data.find(b"globals()", statement.start_byte, end) >= 0:
                return True
    return False


_MAX_STATEMENT_BYTES = 2_000


def _top_statement(root: Node, at: int) -> Node | None:
    cursor = root.walk()
    return cursor.node if cursor.goto_first_child_for_byte(at) is not None else None


def _counts(look: Look, name: str, how: Collected, klass: Node) -> bool:
    """Say whether a method's name makes it a test in a class that is collected."""
    if how is Collected.PYTEST:
        return is_named(name, look.source.project.pytest.functions)
    return name.startswith("test") or (name == "runTest" and not _has_named_tests(look, klass))


def _gives(look: Look, klass: Node, name: str) -> Node | None:
    """Return the class of this file that gives a class an attribute."""
    return next(
        (
            each
            for each in lineage(look, klass).nodes
            if next(members(look.source, each, name), None) is not None
        ),
        None,
    )


def _heirs(look: Look, klass: Node) -> list[Node]:
    """Return the classes of this file that derive from one, nearest first."""
    return look.source.remember(("heirs of", klass.start_byte), lambda: _find_heirs(look, klass))


def _find_heirs(look: Look, klass: Node) -> list[Node]:
    by_name = heirs_by_name(look.source)
    name = klass.child_by_field_name("name")
    todo = [look.text(name)] if name is not None else []
    seen: dict[str, None] = {}
    while todo and len(seen) < _MAX_HEIRS:
        for each in by_name.get(todo.pop(0), ()):
            if each not in seen:
                seen[each] = None
                todo.append(each)
    names = list(seen)[:_MAX_HEIRS]
    found = [each for name in names for each in classes_called(look.source, name)[:_MAX_HEIRS]]
    heirs = [each for each in found if klass in lineage(look, each).nodes[1:]]
    return sorted(heirs, key=lambda each: bool(decorator_nodes(each)))  # Those may be skipped.


def _class_id(look: Look, klass: Node) -> str:
    names: list[str] = []
    each: Node | None = klass
    while each is not None and each.type == "class_definition":
        name = each.child_by_field_name("name")
        names.append(look.text(name) if name is not None else "")
        each = holder(each)
    return "::".join(reversed(names))


def collected(look: Look, klass: Node) -> Collected:
    """Say how pytest collects a class."""
    if not is_collected(look.source):
        return Collected.NOT
    return look.source.remember(
        ("collected class", klass.start_byte), lambda: _collected(look, klass)
    )


def _collected(look: Look, klass: Node) -> Collected:
    source = look.source
    name = klass.child_by_field_name("name")
    outer = holder(klass)
    if name is None or outer is None or outer.type not in ("module", "class_definition"):
        return Collected.NOT
    is_inside = outer.type == "class_definition"
    if is_inside and (_is_deep(klass) or collected(look, outer) is not Collected.PYTEST):
        return Collected.NOT  # unittest looks into no class of a class.
    line = lineage(look, klass)
    flag = test_flag(look, line)
    is_gone = is_never_run(source, klass) or is_replaced(source, klass)
    is_off = flag is False or _is_switched_off(look, look.text(name))
    if is_gone or is_off or _is_abstract(look, line):
        return Collected.NOT
    if any(map(is_case, line.outside)) or any(each.is_unittest for each in line.facts):
        return Collected.UNITTEST
    if not (flag or is_named(look.text(name), source.project.pytest.classes)):
        return Collected.UNITTEST if any(map(may_be_case, line.outside)) else Collected.NOT
    return Collected.NOT if has_own_constructor(look, line) else Collected.PYTEST


def _is_deep(klass: Node) -> bool:
    """Say whether a class is nested deeper than people do it; each level is asked about the next."""
    outer: Node | None = klass
    for _ in range(_MAX_NESTED):
        outer = holder(outer) if outer is not None else None
    return outer is not None


def test_flag(look: Look, line: Lineage) -> bool | None:
    """Return what ``__test__`` is set to in a class or the nearest of its bases.

    Where it is computed, private names are bases for others: that is what people compute it for.
    """
    own = line.nodes[0].child_by_field_name("name")
    if_computed = False if own is not None and look.text(own).startswith("_") else None
    if standing(look.source, b"__test__"):
        for each in line.nodes:
            for target in members(look.source, each, "__test__"):
                value = target.parent.child_by_field_name("right") if target.parent else None
                return if_computed if value is None else look.text(value) == "True"
    if any("__test__" in each.methods for each in line.facts):
        return if_computed
    return next((each.is_test for each in line.facts if each.is_test is not None), None)


def _is_switched_off(look: Look, name: str) -> bool:
    """Say whether the module switches itself off, or one of its names: ``__test__ = False``."""
    off = look.source.remember("switched off", lambda: _switched_off(look))
    return "" in off or name in off


def _switched_off(look: Look) -> frozenset[str]:
    data, root = look.source.data, look.source.root
    found: set[str] = set()
    for at in standing(look.source, b"__test__"):
        end = at + len(b"__test__")
        node = root.descendant_for_byte_range(at, end) if stands_alone(data, at, end) else None
        target = node
        if node is not None and node.parent is not None and node.parent.type == "attribute":
            target = node.parent
        holding = target.parent if target is not None else None
        if target is None or holding is None or holding.type != "assignment":
            continue
        value = holding.child_by_field_name("right")
        outer = holder(holding)
        if value is None or look.text(value) != "False" or outer is None or outer.type != "module":
            continue
        found.add(look.text(target).removesuffix("__test__").removesuffix("."))
    return frozenset(found)


def has_own_constructor(look: Look, line: Lineage) -> bool:
    """Say whether a class or one of its bases has a constructor that is not ``object``'s."""
    for each in line.nodes:
        for name in ("__init__", "__new__"):
            first = next(members(look.source, each, name), None)
            if first is not None and first.type == "function_definition":
                return True
        for decorator, expression in decorations(look, each):
            if makes_constructor(decorator) and "init=False" not in look.text(expression):
                return True
    return any(each.has_init for each in line.facts) or any(map(has_constructor, line.outside))


def _is_abstract(look: Look, line: Lineage) -> bool:
    """Say whether a class has abstract methods that it does not give, so that none can be made."""
    if not standing(look.source, b"abstract") and not any(each.abstract for each in line.facts):
        return False
    _ask_for_bodies(look, line)
    return bool(abstract_methods(look, line))


def _ask_for_bodies(look: Look, line: Lineage) -> None:
    """Note that an answer depends on all that stands in some classes."""
    for each in line.nodes:
        name = each.child_by_field_name("name")
        if name is not None:
            look.source.ask(look.text(name))


def abstract_methods(look: Look, line: Lineage) -> set[str]:
    """Return the abstract methods that a class does not give, where Python minds."""
    given: dict[str, bool] = {}
    if _is_made_by_abc(look, line):
        for each in line.nodes:
            for function in functions_of(each):
                name = function.child_by_field_name("name")
                if name is not None:
                    is_abstract = any(it in _ABSTRACT for it, _ in decorations(look, function))
                    given.setdefault(look.text(name), is_abstract)
    for facts in line.facts:
        for text in facts.methods:
            given.setdefault(text, text in facts.abstract)
    return {
        text for text, is_abstract in given.items() if is_abstract and not _is_set(look, line, text)
    }


def _is_set(look: Look, line: Lineage, name: str) -> bool:
    """Say whether a class gives an attribute otherwise than by a function."""
    found = (next(members(look.source, each, name), None) for each in line.nodes)
    first = next((each for each in found if each is not None), None)
    return first is not None and first.type != "function_definition"


def _is_made_by_abc(look: Look, line: Lineage) -> bool:
    if not _ABSTRACT_BASES.isdisjoint(line.outside) or any(each.abstract for each in line.facts):
        return True
    return any(metaclass(look, each) in _ABSTRACT_METACLASSES for each in line.nodes)


def functions_of(klass: Node) -> Iterator[Node]:
    """Yield the methods that stand directly in a class's body, or decorated or in a branch of it."""
    return (each for each in _statements(klass) if each.type == "function_definition")


def _statements(klass: Node) -> Iterator[Node]:
    """Yield what stands in a class's own body, branches and decorated definitions opened."""
    body = klass.child_by_field_name("body")
    todo = list(body.named_children[:_MAX_MEMBERS]) if body is not None else []
    todo.reverse()
    while todo:
        each = todo.pop()
        if each.type in _OPEN:
            todo.extend(reversed(each.named_children))
        else:
            yield each


_OPEN = frozenset(
    {
        "decorated_definition", "if_statement", "block", "else_clause", "elif_clause",
        "try_statement", "except_clause", "with_statement", "for_statement", "finally_clause",
    }
)  # fmt: skip


def _has_tests(look: Look, klass: Node, how: Collected) -> bool:
    """Say whether a collected class has a test, or a base in which there may be one."""
    line = lineage(look, klass)
    _ask_for_bodies(look, line)
    rules = look.source.project.pytest
    if any(is_named(name, rules.functions) for each in line.facts for name in each.methods):
        return True
    if not all(_is_without_tests(each) for each in line.outside):
        return True
    return any(_defines_tests(look, each, how) for each in line.nodes) or (
        how is Collected.UNITTEST and _gives(look, klass, "runTest") is not None
    )


def _is_without_tests(base: str) -> bool:
    return is_case(base) or base in ("object", "abc.ABC", "typing.Generic")


def _has_named_tests(look: Look, klass: Node) -> bool:
    line = lineage(look, klass)
    _ask_for_bodies(look, line)
    if any(name.startswith("test") for each in line.facts for name in each.methods):
        return True
    return any(_defines_tests(look, each, Collected.UNITTEST) for each in line.nodes)


def _defines_tests(look: Look, klass: Node, how: Collected) -> bool:
    """Say whether a class's own body has tests, or classes of them."""
    return any(_is_test_member(look, each, how) for each in _statements(klass))


def _is_test_member(look: Look, member: Node, how: Collected) -> bool:
    if member.type == "class_definition":
        inner = collected(look, member) if how is Collected.PYTEST else Collected.NOT
        # What it inherits is not asked for: half-typed, it may derive from the class around it.
        return inner is not Collected.NOT and (
            bool(bases(member)) or _defines_tests(look, member, inner)
        )
    if member.type == "expression_statement" and member.named_child_count:
        target = member.named_child(0).child_by_field_name("left")
        value = member.named_child(0).child_by_field_name("right")
        if target is None or value is None or target.type != "identifier":
            return False
        return value.type in _MAY_BE_CALLED and _may_be_test(look, look.text(target), how)
    name = member.child_by_field_name("name")
    if member.type != "function_definition" or name is None:
        return False
    return _may_be_test(look, look.text(name), how) and _is_collectable(look, member, how)


_MAY_BE_CALLED = frozenset({"call", "lambda", "identifier", "attribute", "conditional_expression"})


def _may_be_test(look: Look, name: str, how: Collected) -> bool:
    if how is Collected.UNITTEST:
        return name.startswith("test")
    return is_named(name, look.source.project.pytest.functions)


def _is_collectable(look: Look, function: Node, how: Collected) -> bool:
    """Say whether a function of a fitting name and place is still a function when it is looked at."""
    source = look.source
    name = function.child_by_field_name("name")
    outer = holder(function)
    is_in_module = outer is not None and outer.type == "module"
    if is_in_module and name is not None and _is_switched_off(look, look.text(name)):
        return False
    if is_never_run(source, function) or is_replaced(source, function):
        return False
    above = decorator_nodes(function)
    is_bare = all(look.text(each).startswith(_MARKS) for each in above)
    if not is_bare:
        made = [origin for origin, _ in decorations(look, function)]
        if any(_takes_away(each, how) for each in made):
            return False
        is_bare = bool(made) and all(".mark." in each for each in made)
    return not is_bare or how is Collected.UNITTEST or not _is_generator(look, function)


def _takes_away(decorator: str, how: Collected) -> bool:
    """Say whether a decorator makes of a function what is not collected."""
    if decorator in _NOT_CALLABLE or decorator.endswith(_OF_PROPERTIES):
        return True
    if how is Collected.PYTEST and (is_fixture_maker(decorator) or decorator in _NOT_FUNCTIONS):
        return True
    return decorator.rpartition(".")[2] == "nottest"


_MARKS = ("pytest.mark.", "mark.")


def _is_generator(look: Look, function: Node) -> bool:
    """Say whether a function's own body yields; such a test is an error of its file."""
    is_async = bool(function.child_count) and function.child(0).type == "async"
    return not is_async and yields(look.source, function)


def is_fixture_maker(decorator: str) -> bool:
    """Say whether a decorator makes a fixture, in pytest or one of its plugins."""
    last = decorator.rpartition(".")[2]
    return last == "fixture" or last.endswith("_fixture")


def is_fixture(look: Look, function: Node) -> bool:
    """Say whether a function is a fixture."""
    return any(is_fixture_maker(origin) for origin, _ in decorations(look, function))


def is_hook(look: Look, name: Node) -> bool:
    """Say whether a name is one of unittest's or pytest's set-up and tear-down functions."""
    return look.text(name) in _HOOKS
