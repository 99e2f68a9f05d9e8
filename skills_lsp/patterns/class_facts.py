"""What a module says of a class, for those who derive from it in another file."""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.project import ClassFacts
from skills_lsp.patterns.classes import (
    assigned_values,
    has_constructor,
    is_case,
    lineage,
    meant_classes,
    module_level_class,
    star_names,
)
from skills_lsp.patterns.decorators import decorator_nodes
from skills_lsp.patterns.definitions import yields
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.pytest_rules import (
    abstract_methods,
    functions_of,
    has_own_constructor,
    test_flag,
)
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.syntax.imports import import_table
from skills_lsp.syntax.source import Source

_MAX_METHODS = 2_000


def class_facts(source: Source, dotted: str) -> ClassFacts | None:
    """Return what matters of a class that a module defines, imports or assigns; None if it does not.

    ``dotted`` is the class's name in the module, or a class in a class.
    """
    look = Look(source, None, {}, frozenset(), (0, len(source.data)))
    klass = module_level_class(look, dotted)
    if klass is not None:
        return _facts(look, klass)
    head, _, rest = dotted.partition(".")
    for value in () if rest else assigned_values(look, head, len(source.data)):
        for each in meant_classes(look, value):
            return _facts(look, each) if isinstance(each, Node) else _of_import(source, each)
    origin = import_table(source).get(head)
    if origin is not None:
        return _of_import(source, f"{origin}.{rest}" if rest else origin)
    if rest:
        return None
    for joined in star_names(source, dotted):
        found = source.project.classes(source.path, joined)
        if found is not None:
            return found
    return None


def _of_import(source: Source, origin: str) -> ClassFacts:
    found = source.project.classes(source.path, origin)
    if found is not None:
        return found
    return ClassFacts(
        is_unittest=is_case(origin), has_init=has_constructor(origin), outside=(origin,)
    )


def _facts(look: Look, klass: Node) -> ClassFacts:
    line = lineage(look, klass)
    methods = {name for each in line.facts for name in each.methods}
    methods.update(look.text(name) for name, _ in _methods(line.nodes))
    coroutines: dict[str, bool] = {}
    for name, function in _methods(line.nodes):
        coroutines.setdefault(look.text(name), _is_plain_coroutine(look.source, function))
    inherited = {name for each in line.facts for name in each.coroutines} - coroutines.keys()
    return ClassFacts(
        is_unittest=any(map(is_case, line.outside)) or any(it.is_unittest for it in line.facts),
        has_init=has_own_constructor(look, line),
        coroutines=frozenset(inherited | {name for name, is_one in coroutines.items() if is_one}),
        is_test=test_flag(look, line),
        methods=frozenset(methods),
        abstract=frozenset(abstract_methods(look, line)),
        outside=line.outside,
    )


def _methods(classes: tuple[Node, ...]) -> Iterator[tuple[Node, Node]]:
    """Yield the methods of some classes, each with its name, own ones first and the last of each."""
    for klass in classes:
        for function in reversed(list(functions_of(klass))[:_MAX_METHODS]):
            name = function.child_by_field_name("name")
            if name is not None:
                yield name, function


def _is_plain_coroutine(source: Source, function: Node) -> bool:
    is_plain = is_async_function(function) and not decorator_nodes(function)
    return is_plain and not yields(source, function)
