"""Python classes and their bases: those in the same file, and what is known of the others."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tree_sitter import Node

from skills_lsp.domain.project import ClassFacts
from skills_lsp.patterns.definitions import (
    ask_for_class,
    classes_called,
    definitions,
    holder,
    is_never_run,
)
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.aliases import assigned_value
from skills_lsp.syntax.bindings import binding_node, bound_values, innermost
from skills_lsp.syntax.presence import standing
from skills_lsp.syntax.source import Source

_MAX_BASES = 20
"""How many base classes are followed within the file; a cycle is half-typed code."""

_MAX_LISTED = 50
"""How many of the base classes that one class lists are looked at."""

_MAX_DEPTH = 8
"""How deep the expression of one base class is looked into."""

_NAMES = frozenset({"identifier", "attribute"})
_WRAPPED: dict[str, tuple[str | int, ...]] = {
    "subscript": ("value",),
    "parenthesized_expression": (0,),
    "conditional_expression": (0, 2),
    "boolean_operator": ("left", "right"),
    "named_expression": ("value",),
}
_NAMED_TUPLES = frozenset({"collections.namedtuple", "namedtuple", "typing.NamedTuple"})


@dataclass(frozen=True, slots=True)
class Lineage:
    """A class with its bases, in the order in which Python looks for an attribute.

    ``outside`` are the bases that the file does not define, as dotted names: an import followed,
    or as it is written. ``facts`` are those of them that were found in the project.
    """

    nodes: tuple[Node, ...]
    outside: tuple[str, ...]
    facts: tuple[ClassFacts, ...]


def bases(klass: Node) -> list[Node]:
    """Return the base classes of a class that are written as names."""
    return [each for each in _listed(klass) if each.type in _NAMES]


def family(look: Look, klass: Node) -> Iterator[Node]:
    """Yield a class and those of its bases that are defined in this file."""
    yield from lineage(look, klass).nodes


def lineage(look: Look, klass: Node) -> Lineage:
    """Return a class with all its bases."""
    return look.source.remember(("lineage", klass.start_byte), lambda: _lineage(look, klass))


def _lineage(look: Look, klass: Node) -> Lineage:
    found: list[Node] = []
    outside: list[str] = []
    facts: list[ClassFacts] = []
    todo = [klass]
    for _ in range(_MAX_BASES):
        if not todo:
            break
        each = todo.pop(0)
        found.append(each)
        name = each.child_by_field_name("name")
        ask_for_class(look.source, look.text(name) if name is not None else "")
        for base in look.source.remember(("bases", each.start_byte), partial(_bases, look, each)):
            if isinstance(base, Node):
                if base in found:
                    found.remove(base)  # Python looks at a shared base last.
                    found.append(base)
                elif base not in todo:
                    todo.append(base)
            elif base not in outside:
                known = look.source.project.classes(look.source.path, base)
                if known is None:
                    outside.append(base)
                else:
                    facts.append(known)
                    outside.extend(known.outside)
    return Lineage(tuple(found), tuple(outside), tuple(facts))


def _listed(klass: Node) -> list[Node]:
    listed = klass.child_by_field_name("superclasses")
    if listed is None:
        return []
    return [each for each in listed.named_children[:_MAX_LISTED] if not each.is_extra]


def _bases(look: Look, klass: Node) -> tuple[Node | str, ...]:
    """Return the bases of a class: a class of this file, or the dotted name of another."""
    return tuple(each for listed in _listed(klass) for each in _meant(look, klass, listed, 0))


def metaclass(look: Look, klass: Node) -> str | None:
    """Return what the metaclass of a class stands for, where one is given."""
    for listed in _listed(klass):
        name = listed.child_by_field_name("name") if listed.type == "keyword_argument" else None
        value = listed.child_by_field_name("value") if name is not None else None
        if name is not None and value is not None and look.text(name) == "metaclass":
            return look.origin(value)
    return None


def _meant(look: Look, klass: Node, base: Node, depth: int) -> Iterator[Node | str]:
    if depth > _MAX_DEPTH:
        return
    if base.type in _NAMES:
        yield from _named(look, klass, base, depth)
    elif base.type == "call":
        yield from _made(look, klass, base, depth)
    for part in _WRAPPED.get(base.type, ()):
        inner = base.child_by_field_name(part) if isinstance(part, str) else base.named_child(part)
        if inner is not None:
            yield from _meant(look, klass, inner, depth + 1)


def _named(look: Look, klass: Node, base: Node, depth: int) -> Iterator[Node | str]:
    dotted = look.dotted(base)
    if dotted is None:
        return
    own = [each for each in _classes(look, klass, dotted) if each != klass]
    if own:
        yield from own
        return
    head = dotted.partition(".")[0]
    if "." not in dotted:
        values = assigned_values(look, head, base.start_byte)
        for value in values:
            yield from _meant(look, klass, value, depth + 1)
        if values:
            return
    origin = look.origin(base)
    if head not in look.imported and origin == dotted:
        origin = _by_star(look, dotted) or dotted
    if origin is not None:
        yield origin


def assigned_values(look: Look, name: str, at: int) -> tuple[Node, ...]:
    """Return the values that assignments give a name, those for type checkers left out."""
    source = look.source
    if not standing(source, b"TYPE_CHECKING"):
        return () if name in look.imported else bound_values(source, name, at)
    found: list[Node] = []
    for each in innermost(source, name, at):
        node = binding_node(source, name, each)
        value = assigned_value(node) if node is not None else None
        if node is None or is_never_run(source, node):
            continue
        if value is None:
            return ()
        found.append(value)
    return tuple(found)


def _made(look: Look, klass: Node, call: Node, depth: int) -> Iterator[Node | str]:
    """Yield what a call in the place of a base class makes it of: ``with_metaclass(Meta, Case)``."""
    function = call.child_by_field_name("function")
    arguments = call.child_by_field_name("arguments")
    origin = look.origin(function) if function is not None else None
    if origin in _NAMED_TUPLES:
        yield "typing.NamedTuple"
        return
    for each in arguments.named_children if arguments is not None else ():
        if each.type in _NAMES:
            yield from _meant(look, klass, each, depth + 1)
    maker = function.child_by_field_name("object") if function is not None else None
    if maker is not None and maker.type in _NAMES:  # A class's own method makes a class of it.
        made = _meant(look, klass, maker, depth + 1)
        yield from (each for each in made if isinstance(each, Node))


def _classes(look: Look, klass: Node, dotted: str) -> list[Node]:
    """Return the classes of this file that a dotted name stands for where a class names it."""
    first, *rest = dotted.split(".")
    ask_for_class(look.source, first)
    if not definitions(look.source).has_class(first.encode("utf-8", "surrogatepass")):
        return []
    scope: Node | None = holder(klass) or look.source.root
    found: list[Node] = []
    while scope is not None and not found:
        named = classes_called(look.source, first, klass.start_byte)
        found = [each for each in named if holder(each) == scope]
        scope = holder(scope)
        while scope is not None and scope.type == "class_definition":
            scope = holder(scope)  # What a class defines is not seen from inside its functions.
    for name in rest:
        found = [
            each
            for outer in found
            for each in classes_called(look.source, name, outer.start_byte)
            if holder(each) == outer
        ]
    before = [each for each in found if each.start_byte < klass.start_byte or klass.parent is None]
    return before[-1:] if _is_plain(before) else before or found


def _is_plain(classes: list[Node]) -> bool:
    """Say whether the last of some classes of one name stands in no branch, so that it counts."""
    if not classes:
        return False
    parent = classes[-1].parent
    if parent is not None and parent.type == "decorated_definition":
        parent = parent.parent
    return parent is not None and (parent.type == "module" or parent == _body(classes[-1]))


def _body(klass: Node) -> Node | None:
    outer = holder(klass)
    return outer.child_by_field_name("body") if outer is not None else None


def _by_star(look: Look, dotted: str) -> str | None:
    """Return what a name that nothing binds stands for, when a star import may bring it."""
    for joined in star_names(look.source, dotted):
        if look.source.project.classes(look.source.path, joined) is not None:
            return joined
    return None


def star_names(source: Source, dotted: str) -> Iterator[str]:
    """Yield what a name may stand for by a star import, the last import first."""
    for module in source.remember("star imports", lambda: _star_imports(source)):
        yield f"{module}{'' if module.endswith('.') else '.'}{dotted}"


def _star_imports(source: Source) -> tuple[str, ...]:
    data = source.data
    lines = ((data.rfind(b"\n", 0, at) + 1, at) for at in standing(source, b"import *"))
    found = [_STAR.fullmatch(data, line, at) for line, at in lines]
    return tuple(each[1].decode("utf-8", "replace") for each in reversed(found) if each)


_STAR = re.compile(rb"[ \t]*from[ \t]+([.\w]+)[ \t]+")


def module_level_class(look: Look, dotted: str) -> Node | None:
    """Return the class that a dotted name stands for to those who import the module."""
    found = _classes(look, look.source.root, dotted)
    return found[-1] if found else None


def meant_classes(look: Look, value: Node) -> Iterator[Node | str]:
    """Yield the classes that a value at module level may be: of this file, or by dotted name."""
    yield from _meant(look, value, value, 0)


def class_at(name: Node | None) -> Node | None:
    """Return the class that a name names where it is defined."""
    parent = name.parent if name is not None else None
    return parent if parent is not None and parent.type == "class_definition" else None


_WITHOUT = frozenset(
    {
        "object", "typing.Generic", "typing_extensions.Generic", "abc.ABC",
        "contextlib.ContextDecorator", "contextlib.AbstractContextManager",
        "contextlib.AbstractAsyncContextManager", "unittest.TestSuite",
    }
)  # fmt: skip
_WITHOUT_MODULES = ("collections.abc.", "typing.Abstract", "typing.Supports", "numbers.")
_WITH = frozenset(
    {
        "pydantic.BaseModel", "pydantic.BaseSettings", "msgspec.Struct", "torch.nn.Module",
        "django.db.models.Model", "marshmallow.Schema", "sqlalchemy.orm.DeclarativeBase",
        "typing_extensions.Protocol", "typing_extensions.TypedDict",
        "typing_extensions.NamedTuple",
    }
)  # fmt: skip
_BUILTIN_WITH = frozenset(
    {
        "dict", "list", "set", "frozenset", "tuple", "str", "bytes", "bytearray", "int", "float",
        "complex", "type", "memoryview", "property", "super",
    }
)  # fmt: skip
_ERRORS = ("Error", "Exception", "Warning")
_MADE_BY = frozenset(
    {
        "dataclasses.dataclass", "dataclass", "attr.s", "attr.attrs", "attr.define", "attr.frozen",
        "attr.mutable", "attr.dataclass", "attrs.define", "attrs.frozen", "attrs.mutable",
        "pydantic.dataclasses.dataclass",
    }
)  # fmt: skip


def makes_constructor(decorator: str) -> bool:
    """Say whether a decorator gives a class an ``__init__``."""
    return decorator in _MADE_BY


def has_constructor(base: str) -> bool:
    """Say whether a class from elsewhere, by its dotted name, has an ``__init__`` or a ``__new__``.

    Of the standard library's classes nearly all have one; of others we know a few. Every exception
    has one.
    """
    if base in _WITHOUT or base.startswith(_WITHOUT_MODULES):
        return False
    if base in _WITH or base in _BUILTIN_WITH or base.endswith(_ERRORS):
        return True
    head, _, rest = base.partition(".")
    return bool(rest) and head in sys.stdlib_module_names and not is_case(base)


_KNOWN_CASES = frozenset(
    {
        "unittest.IsolatedAsyncioTestCase", "unittest.case.TestCase", "unittest.FunctionTestCase",
        "fixtures.TestWithFixtures", "testscenarios.TestWithScenarios",
    }
)  # fmt: skip


def is_case(base: str) -> bool:
    """Say whether a class from elsewhere, by its dotted name, is one of unittest's cases.

    What derives from unittest's ``TestCase`` is called so, from Django's to tornado's.
    """
    last = base.rpartition(".")[2]
    return base in _KNOWN_CASES or last.endswith("TestCase")


def may_be_case(base: str) -> bool:
    """Say whether a class from elsewhere, by its dotted name, is likely one of unittest's cases.

    Nobody derives from ``queuelib.tests.FifoQueueTest`` for another reason; of mixins one cannot tell.
    """
    head, _, rest = base.partition(".")
    is_elsewhere = bool(rest) and (not head or head not in sys.stdlib_module_names)
    return is_elsewhere and rest.rpartition(".")[2].endswith(("Test", "Tests", "TestBase"))
