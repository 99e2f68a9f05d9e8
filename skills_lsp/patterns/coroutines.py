"""Which calls of Python surely make a coroutine: async functions of this file, methods, libraries."""

import re
from enum import StrEnum
from functools import lru_cache

from tree_sitter import Node

from skills_lsp.patterns.async_library import library, words_of
from skills_lsp.patterns.classes import lineage
from skills_lsp.patterns.definitions import yields
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.objects import Owner, assignments, class_of, members, own_class, owners
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.syntax.async_names import async_names
from skills_lsp.syntax.bindings import binding_node, innermost, origin
from skills_lsp.syntax.imports import import_table, imported_modules


class Made(StrEnum):
    """What a call makes that must be awaited."""

    COROUTINE = "coroutine"
    ENTERED = "entered"  # A context manager as well: ``async with session.get(url)``.


_WORD = re.compile(rb"\w+$")
_MAX_WORD_BYTES = 64

_KEEPING = frozenset(
    {
        "staticmethod", "classmethod", "abstractmethod", "abc.abstractmethod", "override",
        "typing.override", "typing_extensions.override", "overload", "typing.overload", "final",
        "typing.final", "deprecated", "typing_extensions.deprecated", "warnings.deprecated",
        "wraps", "functools.wraps", "no_type_check", "typing.no_type_check", "retry",
        "tenacity.retry", "backoff.on_exception", "backoff.on_predicate", "unittest.skip",
        "unittest.skipIf", "unittest.skipUnless", "validate_call", "pydantic.validate_call",
        "beartype", "typechecked",
    }
)  # fmt: skip
_KEEPING_METHODS = frozenset(
    {
        "get", "post", "put", "patch", "delete", "head", "options", "websocket", "route", "api_route",
        "on_event", "exception_handler", "middleware", "errorhandler", "event", "listener",
    }
)  # fmt: skip
"""What web frameworks call the decorators that register a function and give it back."""


def may_make_coroutine(look: Look, callee: Node) -> bool:
    """Say whether a callee's last word is one of those that can make coroutines here.

    A cheap sieve: calls are many, and to learn what a name is bound to the file is searched.
    """
    start, end = callee.start_byte, callee.end_byte
    data = look.source.data
    found = _WORD.search(data, max(start, end - _MAX_WORD_BYTES), end)
    if found is None:
        return False
    word = found[0].decode("utf-8", "replace")
    if word in _words(look):
        return True
    # Of a class with bases elsewhere in the project, any method may be one.
    return data.startswith(_OWN, start) and word in _inherited_words(look, callee)


_OWN = (b"self.", b"cls.", b"super().")


def _words(look: Look) -> frozenset[str]:
    return look.source.remember("coroutine words", lambda: _find_words(look))


def _find_words(look: Look) -> frozenset[str]:
    packages = frozenset(each.partition(".")[0] for each in imported_modules(look.source))
    renamed = {name for name, dotted in import_table(look.source).items() if _is_known(dotted)}
    return async_names(look.source) | words_of(packages) | renamed


@lru_cache(maxsize=4_096)
def _is_known(dotted: str) -> bool:
    return library().makes_coroutine(dotted)


def _inherited_words(look: Look, callee: Node) -> frozenset[str]:
    klass = own_class(callee)
    if klass is None:
        return frozenset()
    return look.source.remember(
        ("inherited coroutine words", klass.start_byte),
        lambda: frozenset(name for it in lineage(look, klass).facts for name in it.coroutines),
    )


def made_by(look: Look, callee: Node) -> Made | None:
    """Return what calling this certainly makes that somebody must await; None when unsure.

    An ``async def`` of this file that nothing else shadows makes a coroutine, and so do methods of
    objects whose class is plain to see. A decorated one may return anything.
    """
    if callee.type == "identifier":
        return _by_name(look, callee)
    if callee.type != "attribute":
        return None
    dotted = look.dotted(callee)
    imported = origin(look.source, dotted, callee.start_byte) if dotted else None
    if imported is not None and dotted is not None and _is_imported(look, dotted, callee):
        return _from_library(imported)
    return _by_method(look, callee)


def _is_imported(look: Look, dotted: str, callee: Node) -> bool:
    head = dotted.partition(".")[0]
    bound = innermost(look.source, head, callee.start_byte)
    # ``import anyio.to_thread`` binds a name where a search for bindings sees none.
    return any(each.origin is not None for each in bound) if bound else head in look.imported


def _by_name(look: Look, callee: Node) -> Made | None:
    text = look.text(callee)
    bound = innermost(look.source, text, callee.start_byte)
    if not bound:
        return None
    nodes = [binding_node(look.source, text, each) for each in bound]
    if all(_is_function(look, each) for each in nodes):
        return Made.COROUTINE
    imported = origin(look.source, text, callee.start_byte)
    return _from_library(imported) if imported is not None else None


def _is_function(look: Look, name: Node | None) -> bool:
    holder = name.parent if name is not None else None
    if holder is None or holder.type != "function_definition":
        return False
    return is_plain_coroutine(look, holder)


def _from_library(dotted: str) -> Made | None:
    known = library()
    if known.is_entered(dotted):
        return Made.ENTERED
    return Made.COROUTINE if known.makes_coroutine(dotted) else None


def _by_method(look: Look, callee: Node) -> Made | None:
    holder, method = (callee.child_by_field_name(each) for each in ("object", "attribute"))
    if holder is None or method is None:
        return None
    name = look.text(method)
    if holder.type == "call" and look.source.data.startswith(b"super(", holder.start_byte):
        return _by_super(look, holder, name)
    named = class_of(look, holder) if holder.type in ("identifier", "attribute") else None
    found = (named,) if named is not None else owners(look, holder)
    made = {_of_class(look, each, name) for each in found}
    return made.pop() if len(made) == 1 else None


def _by_super(look: Look, call: Node, name: str) -> Made | None:
    klass = own_class(call)
    return _in_lineage(look, klass, name, is_super=True) if klass is not None else None


def _of_class(look: Look, owner: Owner | None, name: str) -> Made | None:
    if owner is None:
        return None
    if owner.klass is not None:
        return _in_lineage(look, owner.klass, name)
    return _from_library(f"{owner.dotted}.{name}") if owner.dotted else None


def _in_lineage(look: Look, klass: Node, name: str, *, is_super: bool = False) -> Made | None:
    """Say what a method makes, where all that the classes here call so are coroutine functions."""
    line = lineage(look, klass)
    known = False
    for each in line.nodes[1:] if is_super else line.nodes:
        defined = members(look, each).get(name, [])
        if not all(_is_method(look, member) for member in defined):
            return None
        if not is_super and assignments(look, each, name):
            return None
        known = known or bool(defined)
    if known:
        return Made.COROUTINE
    if any(name in facts.methods for facts in line.facts):
        return Made.COROUTINE if any(name in each.coroutines for each in line.facts) else None
    return next(filter(None, (_from_library(f"{each}.{name}") for each in line.outside)), None)


def _is_method(look: Look, member: Node) -> bool:
    return member.type == "function_definition" and is_plain_coroutine(look, member)


def is_plain_coroutine(look: Look, function: Node) -> bool:
    """Say whether a function is async, no generator, and nothing that may change it decorates it."""
    if not is_async_function(function) or yields(look.source, function):
        return False
    returned = function.child_by_field_name("return_type")
    if returned is not None and _GENERATORS.search(look.text(returned)):
        return False  # A stub of an async generator has no ``yield`` to tell.
    holder = function.parent
    if holder is None or holder.type != "decorated_definition":
        return True
    decorators = [each for each in holder.named_children if each.type == "decorator"]
    return all(_is_keeping(look, each) for each in decorators)


_GENERATORS = Late(r"^[\w.]*\bAsync(?:Generator|Iterator|Iterable)\b")


def _is_keeping(look: Look, decorator: Node) -> bool:
    """Say whether what a decorator gives makes a coroutine again, as far as is known."""
    named = decorator.named_child(0) if decorator.named_child_count else None
    is_called = named is not None and named.type == "call"
    if named is not None and is_called:
        named = named.child_by_field_name("function")
    if named is None:
        return False
    dotted = look.dotted(named)
    if dotted is None:
        return False
    if dotted in _KEEPING or (look.origin(named) or "") in _KEEPING:
        return True
    if dotted.startswith("pytest.mark."):
        return True
    if "." in dotted:
        return is_called and dotted.rpartition(".")[2] in _KEEPING_METHODS
    return _wraps_in_coroutine(look, named)


def _wraps_in_coroutine(look: Look, name: Node) -> bool:
    """Say whether a decorator of this file puts an ``async def`` in the function's place."""
    text = look.text(name)
    bound = innermost(look.source, text, name.start_byte)
    node = binding_node(look.source, text, bound[0]) if len(bound) == 1 else None
    function = node.parent if node is not None else None
    if function is None or function.type != "function_definition":
        return False
    data = look.source.data
    inside = data[function.start_byte : function.end_byte]
    return (
        not is_async_function(function)
        and inside.count(b"def ") == 1 + inside.count(b"async def ") > 1
    )
