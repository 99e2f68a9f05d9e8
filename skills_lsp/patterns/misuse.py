"""Where a coroutine stands that certainly should have been awaited: nobody takes it, or as a value.

A coroutine object can be passed on, kept, returned and awaited later, so most places are fine. It has
no items, no attributes of its result, no length, no truth; where one is asked for these, or nobody
keeps it at all, an ``await`` is missing.
"""

from enum import Enum, auto

from tree_sitter import Node

from skills_lsp.patterns.coroutine_variables import is_misused_later
from skills_lsp.patterns.coroutines import Made
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.value_takers import PASSING, SCOPES, holders, is_passed_on, takes_result
from skills_lsp.syntax.nodes import ancestors


class Place(Enum):
    """What becomes of a coroutine."""

    STATEMENT = auto()  # Nobody takes it.
    VALUE = auto()  # It is taken for its result.
    FINE = auto()


def place_of(look: Look, call: Node, made: Made) -> Place:
    """Say what becomes of what a call makes."""
    place = _place(look, call, made)
    if place is not Place.FINE and _is_expected_to_fail(look, call):
        return Place.FINE
    return place


def _place(look: Look, node: Node, made: Made) -> Place:
    """Climb from an expression to what takes its value."""
    child = node
    for holder in holders(node):
        kind = holder.type
        if kind == "expression_statement":
            return Place.STATEMENT if holder.named_child_count == 1 else Place.FINE
        if kind in PASSING or is_passed_on(holder, child):
            if kind == "named_expression" and is_misused_later(look, holder, made):
                return Place.VALUE
            child = holder
            continue
        if kind == "assignment":
            return Place.VALUE if is_misused_later(look, holder, made) else Place.FINE
        return Place.VALUE if takes_result(look, holder, child, made) else Place.FINE
    return Place.FINE


def _is_expected_to_fail(look: Look, call: Node) -> bool:
    """Say whether a test says that this must warn or raise: ``with pytest.warns(RuntimeWarning)``."""
    for each in ancestors(call):
        if each.type == "with_statement":
            end = each.child_by_field_name("body") or each
            text = look.source.text_between(
                each.start_byte, min(end.start_byte, each.start_byte + 400)
            )
            if _EXPECTED.search(text):
                return True
        if each.type in SCOPES:
            return False
    return False


_EXPECTED = Late(r"TypeError|RuntimeWarning|AttributeError|simplefilter|catch_warnings|\bwarns\b")
