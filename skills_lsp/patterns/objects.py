"""Of which class an object of Python certainly is: by its constructor, its annotation, its name.

No types are inferred beyond what a reader sees at a glance: ``client = httpx.AsyncClient()``,
``async with ClientSession() as session``, ``path: Path | None``, ``self._lock = asyncio.Lock()``.
Whatever is less plain is of no class that we know.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tree_sitter import Node

from skills_lsp.patterns.async_library import library
from skills_lsp.patterns.classes import class_at, lineage
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.syntax.bindings import Binding, binding_node, innermost
from skills_lsp.syntax.nodes import nearest
from skills_lsp.syntax.occurrences import places

_MAX_STEPS = 6
"""How many names are followed from one to the next."""

_MAX_BINDINGS = 20
"""A name that is bound more often than this is of no one class."""

_MAX_MEMBERS = 2_000
"""How many members of a class are looked through."""

_DOTTED = re.compile(r"[\w.]+")


@dataclass(frozen=True, slots=True)
class Owner:
    """A class: a dotted name that is imported, or one that this file defines.

    Of a tuple, ``parts`` are the classes of its parts.
    """

    dotted: str = ""
    klass: Node | None = None
    parts: tuple[str, ...] = ()


Owners = tuple[Owner | None, ...]
"""The classes that an object may be of; None among them is one that nobody knows."""


def owners(look: Look, node: Node, steps: int = _MAX_STEPS) -> Owners:
    """Return the classes that the value of an expression may be of; none when nothing is known."""
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_child(0)
    if not steps:
        return ()
    if node.type == "identifier":
        return _of_name(look, node, steps - 1)
    if node.type == "attribute":
        return _of_attribute(look, node, steps - 1)
    if node.type == "call":
        return _of_call(look, node, steps - 1)
    if node.type == "await" and node.named_child_count == 1:
        return _of_await(look, node.named_child(0), steps - 1)
    return ()


def class_of(look: Look, name: Node) -> Owner | None:
    """Return the class that an expression names."""
    dotted = look.dotted(name)
    return _class_named(look, dotted, name.start_byte) if dotted else None


def own_class(node: Node) -> Node | None:
    """Return the class that ``self`` is of at a place.

    Asked of the tree and not of the look's regions, which know only what the look touches.
    """
    return nearest(node, _CLASSES)


_CLASSES = frozenset({"class_definition"})


def members(look: Look, klass: Node) -> dict[str, list[Node]]:
    """Return what a class's own body defines, by name: functions and assignments."""
    return look.source.remember(
        ("members", klass.start_byte, klass.end_byte), lambda: _members(look, klass)
    )


def _members(look: Look, klass: Node) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    body = klass.child_by_field_name("body")
    for each in body.named_children[:_MAX_MEMBERS] if body is not None else ():
        member: Node | None = each
        if each.type == "decorated_definition":
            member = each.child_by_field_name("definition")
        elif each.type == "expression_statement" and each.named_child_count:
            member = each.named_child(0)
        name = None
        if member is not None:
            name = member.child_by_field_name("left" if member.type == "assignment" else "name")
        if member is not None and name is not None:
            found.setdefault(look.text(name), []).append(member)
    return found


def _class_named(look: Look, dotted: str, at: int) -> Owner | None:
    head, _, rest = dotted.partition(".")
    bound = innermost(look.source, head, at)
    origin = next((each.origin for each in reversed(bound) if each.origin is not None), None)
    if not bound and head in look.imported:
        origin = head  # ``import anyio.to_thread`` binds a name that no other place does.
    if origin is not None:
        return Owner(f"{origin}.{rest}" if rest else origin)
    if rest or len(bound) != 1:
        return None
    klass = class_at(binding_node(look.source, head, bound[0]))
    return Owner(klass=klass) if klass is not None else None


def _of_name(look: Look, name: Node, steps: int) -> Owners:
    text = look.text(name)
    if text in ("self", "cls"):
        klass = own_class(name)
        return (Owner(klass=klass),) if klass is not None else ()
    bound = _before(innermost(look.source, text, name.start_byte), name)
    if not 0 < len(bound) <= _MAX_BINDINGS:
        return ()
    nodes = [binding_node(look.source, text, each) for each in bound]
    return _together(_of_binding(look, each, steps) for each in nodes if each is not None)


def _before(bound: tuple[Binding, ...], name: Node) -> tuple[Binding, ...]:
    """Return the bindings before a use, where the use is in the function that binds the name."""
    earlier = tuple(each for each in bound if each.at < name.start_byte)
    if not earlier or len(earlier) == len(bound):
        return bound
    function = nearest(name, _FUNCTIONS)
    is_own = function is not None and function.start_byte == bound[0].start
    return earlier if is_own else bound


_FUNCTIONS = frozenset({"function_definition", "lambda"})


def _together(found: Iterable[Owners | None]) -> Owners:
    """Return all the classes when each of several values is of known ones. None is no value."""
    every: dict[Owner | None, None] = {}
    for each in found:
        if each is None:
            continue
        if not each:
            return ()
        every.update(dict.fromkeys(each))
    return tuple(every)


def _of_binding(look: Look, name: Node, steps: int) -> Owners | None:
    """Return the classes of what a name is bound to at one place; None when it is ``None`` there."""
    holder = name.parent
    if holder is None:
        return ()
    annotation = holder.child_by_field_name("type")
    if annotation is not None and holder.type in _ANNOTATED:
        return _of_annotation(look, annotation)
    if holder.type in ("assignment", "named_expression"):
        value = holder.child_by_field_name("right") or holder.child_by_field_name("value")
        return _of_value(look, value, steps) if value is not None else ()
    if holder.type == "as_pattern_target":
        return _of_context(look, holder, steps)
    if holder.type in _PATTERNS:
        return _of_part(look, name, holder, steps)
    return ()


_ANNOTATED = frozenset({"assignment", "typed_parameter", "typed_default_parameter"})
_PATTERNS = frozenset({"pattern_list", "tuple_pattern", "tuple"})


def _of_value(look: Look, value: Node, steps: int) -> Owners | None:
    if value.type == "none":
        return None
    if value.type == "assignment":  # a = b = value
        inner = value.child_by_field_name("right")
        return _of_value(look, inner, steps) if inner is not None else ()
    return owners(look, value, steps)


def _of_context(look: Look, target: Node, steps: int) -> Owners:
    """Return the classes of what a ``with`` statement binds."""
    pattern = target.parent
    value = pattern.named_child(0) if pattern is not None and pattern.type == "as_pattern" else None
    item = pattern.parent if pattern is not None else None
    if value is None or item is None or item.type != "with_item":
        return ()
    return tuple(_entered(each) for each in owners(look, value, steps))


def _entered(owner: Owner | None) -> Owner | None:
    """Return the class of what an object's ``__aenter__`` gives: mostly the object itself."""
    if owner is None or not owner.dotted:
        return None
    return _given(f"{owner.dotted}.with") or owner


def _given(dotted: str) -> Owner | None:
    """Return the class of what a library's function or attribute gives."""
    found = library().gives(dotted)
    if not found:
        return None
    return Owner(found[0]) if len(found) == 1 else Owner(parts=found)


def _of_part(look: Look, name: Node, pattern: Node, steps: int) -> Owners:
    """Return the classes of one of several names that are bound together."""
    holder = pattern.parent
    if holder is None or holder.type not in ("assignment", "as_pattern_target"):
        return ()
    index = next((i for i, each in enumerate(pattern.named_children) if each == name), None)
    if index is None:
        return ()
    if holder.type == "as_pattern_target":
        whole: Owners = _of_context(look, holder, steps)
    else:
        value = holder.child_by_field_name("right")
        if value is None:
            return ()
        if value.type in ("expression_list", "tuple") and index < value.named_child_count:
            return _of_value(look, value.named_child(index), steps) or ()
        whole = owners(look, value, steps)
    if len(whole) != 1 or whole[0] is None:
        return ()
    parts = whole[0].parts
    return (Owner(parts[index]),) if index < len(parts) else ()


def _of_annotation(look: Look, annotation: Node) -> Owners:
    """Return the classes that an annotation allows, ``None`` left out."""
    found: list[Owner | None] = []
    todo = [annotation]
    for _ in range(_MAX_BINDINGS):
        if not todo:
            break
        node = todo.pop()
        if node.type == "type" and node.named_child_count == 1:
            todo.append(node.named_child(0))
        elif node.type in ("binary_operator", "union_type"):
            todo.extend(node.named_children)
        elif node.type == "string":
            found.extend(_of_quoted(look, node))
        elif node.type in ("subscript", "generic_type"):
            todo.extend(_of_generic(look, node, found))
        elif node.type != "none":
            found.append(class_of(look, node) if node.type in _NAMES else None)
    return tuple(found) if any(each is not None for each in found) else ()


_NAMES = frozenset({"identifier", "attribute", "member_type"})


def _of_quoted(look: Look, string: Node) -> list[Owner | None]:
    """Read ``"Client"`` and ``"Client | None"``."""
    parts = [part.strip() for part in look.text(string).strip("'\"").split("|")]
    return [
        _class_named(look, part, string.start_byte) if _DOTTED.fullmatch(part) else None
        for part in parts
        if part != "None"
    ]


def _of_generic(look: Look, node: Node, found: list[Owner | None]) -> list[Node]:
    """Take the class of ``Queue[int]``; return what ``Optional[X]`` and its like hold instead."""
    name = node.named_child(0)
    origin = look.dotted(name) or ""
    inner = [
        part
        for each in node.named_children[1:]
        for part in (each.named_children if each.type == "type_parameter" else [each])
    ]
    word = origin.rpartition(".")[2]
    if word in ("Optional", "Union"):
        return inner
    if word in ("Annotated", "Final", "Required", "NotRequired", "ReadOnly"):
        return inner[:1]
    found.append(class_of(look, name))
    return []


def _of_attribute(look: Look, node: Node, steps: int) -> Owners:
    holder, attribute = (node.child_by_field_name(each) for each in ("object", "attribute"))
    if holder is None or attribute is None:
        return ()
    name = look.text(attribute)
    found: dict[Owner | None, None] = {}
    for owner in owners(look, holder, steps):
        if owner is None:
            return ()
        if owner.klass is not None:
            kinds = _of_member(look, owner.klass, name, steps)
        else:
            given = _given(f"{owner.dotted}.{name}")
            kinds = (given,) if given is not None else ()
        if not kinds:
            return ()
        found.update(dict.fromkeys(kinds))
    return tuple(found)


def _of_member(look: Look, klass: Node, name: str, steps: int) -> Owners:
    """Return the classes of an attribute, by all that its class and bases here assign to it."""
    return look.source.remember(
        ("attribute", klass.start_byte, name), lambda: _find_member(look, klass, name, steps)
    )


def _find_member(look: Look, klass: Node, name: str, steps: int) -> Owners:
    found: list[Owners | None] = []
    for each in lineage(look, klass).nodes:
        defined = members(look, each).get(name, [])
        functions = [member for member in defined if member.type == "function_definition"]
        if functions:
            return _of_property(look, functions[-1])
        targets = [*defined, *assignments(look, each, name)]
        for target in targets:
            annotation = target.child_by_field_name("type")
            if annotation is not None:
                return _of_annotation(look, annotation)
            value = target.child_by_field_name("right")
            found.append(_of_value(look, value, steps) if value is not None else ())
    return _together(found[:_MAX_BINDINGS])


def _of_property(look: Look, function: Node) -> Owners:
    """Return the classes of a property, by its annotation."""
    decorated = function.parent
    if decorated is None or decorated.type != "decorated_definition":
        return ()
    decorators = [look.text(each) for each in decorated.named_children if each.type == "decorator"]
    is_property = len(decorators) == 1 and decorators[0].endswith("property")
    return _returned(look, function) if is_property else ()


def _returned(look: Look, function: Node) -> Owners:
    """Return the classes of what a function says that it returns."""
    annotation = function.child_by_field_name("return_type")
    return _of_annotation(look, annotation) if annotation is not None else ()


def assignments(look: Look, klass: Node, name: str) -> list[Node]:
    """Return the assignments to ``self.name`` inside a class."""
    key = ("assignments", klass.start_byte, name)
    return look.source.remember(key, lambda: _assignments(look, klass, name))


def _assignments(look: Look, klass: Node, name: str) -> list[Node]:
    found = []
    data, root = look.source.data, look.source.root
    word = f"self.{name}".encode()
    for at in places(data, word, klass.start_byte):
        if at >= klass.end_byte:
            break
        if data[at + len(word) : at + len(word) + 3].lstrip()[:1] not in (b"=", b":"):
            continue
        node = root.descendant_for_byte_range(at, at + len(word))
        holder = node.parent if node is not None else None
        if holder is not None and holder.type == "assignment" and holder.start_byte == at:
            found.append(holder)
    return found


def _of_call(look: Look, call: Node, steps: int, *, is_awaited: bool = False) -> Owners:
    """Return the class that a call constructs, or that the function is known to return."""
    callee = call.child_by_field_name("function")
    if callee is None:
        return ()
    named = class_of(look, callee)
    if named is not None:
        given = _given(named.dotted) if named.dotted else None
        return (given or named,)
    function = _function(look, callee, steps)
    if function is not None:
        is_plain = function.parent is None or function.parent.type != "decorated_definition"
        fits = is_plain and is_async_function(function) == is_awaited
        return _returned(look, function) if fits else ()
    return _of_method(look, callee, steps) if callee.type == "attribute" else ()


def _of_method(look: Look, callee: Node, steps: int) -> Owners:
    """Return the class that a method of a library's object is known to give."""
    holder, method = (callee.child_by_field_name(each) for each in ("object", "attribute"))
    found = owners(look, holder, steps) if holder is not None else ()
    if len(found) != 1 or found[0] is None or method is None or not found[0].dotted:
        return ()
    given = _given(f"{found[0].dotted}.{look.text(method)}")
    return (given,) if given is not None else ()


def _function(look: Look, callee: Node, steps: int) -> Node | None:
    """Return the one function of this file that a call calls."""
    if callee.type == "identifier":
        text = look.text(callee)
        bound = innermost(look.source, text, callee.start_byte)
        node = binding_node(look.source, text, bound[0]) if len(bound) == 1 else None
        holder = node.parent if node is not None else None
        is_function = holder is not None and holder.type == "function_definition"
        return holder if is_function else None
    holder, method = (callee.child_by_field_name(each) for each in ("object", "attribute"))
    if callee.type != "attribute" or holder is None or method is None:
        return None
    found = owners(look, holder, steps)
    klass = found[0].klass if len(found) == 1 and found[0] is not None else None
    if klass is None:
        return None
    name = look.text(method)
    for each in lineage(look, klass).nodes:
        defined = members(look, each).get(name)
        if defined:
            return defined[-1] if defined[-1].type == "function_definition" else None
    return None


def _of_await(look: Look, awaited: Node, steps: int) -> Owners:
    """Return the class of what is waited for."""
    return _of_call(look, awaited, steps, is_awaited=True) if awaited.type == "call" else ()
