"""Which values a name of JavaScript may have where it is used: the assignments that reach the place.

Assignments are taken in the order of the text. One that surely runs before the place (it stands in
a block around the place, in the same function) hides those before it.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import Region
from skills_lsp.syntax.bindings import Binding, binding_node, innermost
from skills_lsp.syntax.occurrences import name_at, places
from skills_lsp.syntax.source import Source

_ASSIGNS = re.compile(rb"\s*[-+*/%&|^?<>]{0,3}=(?![=>])")
_MAX_ASSIGNMENTS = 40
"""A name that is assigned more often than this is a variable like any other; nobody knows its value."""

_BLOCKS = frozenset({"statement_block", "program", "switch_case", "switch_default", "class_body"})
_STATEMENTS = frozenset({"expression_statement", "lexical_declaration", "variable_declaration"})
_ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})

Range: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Assigned:
    """One place that gives a name a value; ``value`` is None where nobody knows which."""

    at: int
    end: int  # from here on it counts
    value: Node | None
    is_added: bool = False  # name += value
    block: Range | None = None  # the block whose run reaches this place for sure


def reaching(look: Look, name: Node) -> tuple[Assigned, ...]:
    """Return the assignments whose values a name may have where it stands; none when unknown."""
    text, at = look.text(name), name.start_byte
    every = _assigned(look.source, text, innermost(look.source, text, at))
    here = _function(look, at)
    certain = [each.at for each in every if _hides(each, at) and _function(look, each.at) is here]
    if not certain:
        return tuple(each for each in every if not each.at <= at < each.end)
    return tuple(each for each in every if certain[-1] <= each.at and each.end <= at)


def _hides(each: Assigned, at: int) -> bool:
    """Say whether an assignment before a place surely runs before it."""
    if each.block is None or each.is_added or each.end > at:
        return False
    return each.block[0] <= at < each.block[1]


def _function(look: Look, at: int) -> Region | None:
    return look.regions.function_around(at)


def is_filled(look: Look, name: Node) -> bool:
    """Say whether something is put into the list or table that a name stands for."""
    text = look.text(name)
    bound = innermost(look.source, text, name.start_byte)
    start, end = (bound[0].start, bound[0].end) if bound else (0, len(look.source.data))
    return look.source.remember(
        ("filled", text, start), lambda: _is_filled(look.source.data, text, start, end)
    )


def _is_filled(data: bytes | bytearray, name: str, start: int, end: int) -> bool:
    word = name.encode("utf-8", "surrogatepass")
    for at in places(data, word, max(0, start)):
        if at >= end:
            break
        if _FILLS.match(data, at + len(word)) is not None:
            return True
    return False


_FILLS = re.compile(
    rb"\s*(?:\.\s*(?:push|unshift|splice|fill|set|add)\s*\(|(?:\[[^\]\n]{0,80}\]|\.[\w$]+)+\s*[-+|&?]{0,2}=(?![=>]))"
)


def _assigned(source: Source, name: str, bound: tuple[Binding, ...]) -> tuple[Assigned, ...]:
    """Return all that gives a name a value in its scope, in order."""
    if any(each.origin is not None for each in bound):
        return ()
    start = bound[0].start if bound else -1
    key = ("assigned", name, start)
    return source.remember(key, lambda: tuple(_find(source, name, bound)))


def _find(source: Source, name: str, bound: tuple[Binding, ...]) -> list[Assigned]:
    found = [_declared(source, name, each) for each in bound]
    low, high = (bound[0].start, bound[0].end) if bound else (0, len(source.data))
    word = name.encode("utf-8", "surrogatepass")
    n_seen = 0
    for at in places(source.data, word, max(0, low)):
        if at >= high:
            break
        if _ASSIGNS.match(source.data, at + len(word)) is None:
            continue
        node = name_at(source, at, at + len(word))
        parent = node.parent if node is not None else None
        if node is None or parent is None or parent.type not in _ASSIGNMENTS:
            continue
        n_seen += 1
        if n_seen > _MAX_ASSIGNMENTS:
            return [Assigned(low, low, None)]
        if not _is_of(innermost(source, name, node.start_byte), bound):
            continue
        is_added = parent.type == "augmented_assignment_expression"
        value = parent.child_by_field_name("right")
        found.append(Assigned(node.start_byte, parent.end_byte, value, is_added, _block(parent)))
    return sorted((each for each in found if each is not None), key=lambda each: each.at)


def _is_of(found: tuple[Binding, ...], bound: tuple[Binding, ...]) -> bool:
    if not found or not bound:
        return not found and not bound
    return (found[0].start, found[0].end) == (bound[0].start, bound[0].end)


def _declared(source: Source, name: str, binding: Binding) -> Assigned | None:
    node = binding_node(source, name, binding)
    declarator = node.parent if node is not None else None
    if declarator is None or declarator.type != "variable_declarator":
        return Assigned(binding.at, binding.at, None)
    value = declarator.child_by_field_name("value")
    if value is None:
        return None  # ``let x;``: what is assigned later counts.
    return Assigned(binding.at, declarator.end_byte, value, block=_block(declarator))


def _block(node: Node) -> Range | None:
    """Return the block that an assignment or declaration is a statement of."""
    statement = node.parent
    if statement is None or statement.type not in _STATEMENTS:
        return None
    block = statement.parent
    if block is not None and block.type == "export_statement":
        block = block.parent
    if block is None or block.type not in _BLOCKS:
        return None
    return block.start_byte, block.end_byte + 1
