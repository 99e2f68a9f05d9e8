"""The constructs that code stands in: functions, classes, loops, suites of tests, and tests.

They come from the same query as the patterns' matches, so no question about what surrounds a place
climbs the tree: tree-sitter finds each parent from the root, which a deep file makes slow.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tree_sitter import Node

from skills_lsp.syntax.languages import Family


class Kind(StrEnum):
    """What a region is."""

    FUNCTION = "function"
    LAMBDA = "lambda"
    CLASS = "class"
    LOOP = "loop"
    SUITE = "suite"  # describe("…", () => {…})
    TEST = "test"  # it("…", () => {…})


@dataclass(slots=True)
class Region:
    """The inside of a construct, between two offsets: what of it runs in its own right.

    Decorators and defaults are evaluated outside the function they belong to, so a function's
    region is its body.
    """

    kind: Kind
    start: int
    end: int
    node: Node
    is_async: bool = False
    title: str = ""
    pattern: str = ""  # of a suite's title, as a regular expression
    parent: "Region | None" = None


class Regions:
    """The regions of a look, asked by offset."""

    def __init__(self, regions: list[Region]) -> None:
        self._regions = sorted(regions, key=lambda each: (each.start, -each.end))
        self._starts = [each.start for each in self._regions]
        stack: list[Region] = []
        for each in self._regions:
            while stack and stack[-1].end <= each.start:
                stack.pop()
            each.parent = stack[-1] if stack else None
            stack.append(each)

    def around(self, at: int) -> Iterator[Region]:
        """Yield the regions around an offset, innermost first."""
        index = bisect_right(self._starts, at) - 1
        region = self._regions[index] if index >= 0 else None
        while region is not None:
            if at < region.end:
                yield region
            region = region.parent

    def function_around(self, at: int) -> Region | None:
        """Return the innermost function or lambda around an offset."""
        return next((each for each in self.around(at) if each.kind in _CALLABLE), None)

    def definition_around(self, at: int) -> Region | None:
        """Return the innermost function, lambda or class around an offset."""
        return next((each for each in self.around(at) if each.kind in _DEFINITIONS), None)


_CALLABLE = (Kind.FUNCTION, Kind.LAMBDA)
_DEFINITIONS = (Kind.FUNCTION, Kind.LAMBDA, Kind.CLASS)

_NODE_KINDS = {
    Family.PYTHON: {
        "function_definition": Kind.FUNCTION,
        "lambda": Kind.LAMBDA,
        "class_definition": Kind.CLASS,
        "for_statement": Kind.LOOP,
        "while_statement": Kind.LOOP,
    },
    Family.JAVASCRIPT: {
        "function_declaration": Kind.FUNCTION,
        "generator_function_declaration": Kind.FUNCTION,
        "function_expression": Kind.FUNCTION,
        "generator_function": Kind.FUNCTION,
        "arrow_function": Kind.FUNCTION,
        "method_definition": Kind.FUNCTION,
        "class_body": Kind.CLASS,
        "for_statement": Kind.LOOP,
        "for_in_statement": Kind.LOOP,
        "while_statement": Kind.LOOP,
        "do_statement": Kind.LOOP,
    },
}


def structures(family: Family) -> tuple[str, ...]:
    """Return the query structures that find the regions of a family."""
    return tuple(f"({kind}) @region" for kind in _NODE_KINDS[family])


def region_of(family: Family, node: Node) -> Region | None:
    """Return the region that a node found by :func:`structures` opens.

    ``for await`` opens none: waiting at each turn is what it is for.
    """
    kind = _NODE_KINDS[family][node.type]
    if node.type == "for_in_statement" and node.child_count > 1 and node.child(1).type == "await":
        return None
    inside = node
    if node.type != "class_body":
        inside = node.child_by_field_name("body") or node
    start = inside.start_byte
    if kind is Kind.LOOP and node.type in ("while_statement", "do_statement"):
        start = node.start_byte  # The condition runs each time as well.
    is_async = kind is Kind.FUNCTION and is_async_function(node)
    return Region(kind, start, max(inside.end_byte, node.end_byte), node, is_async)


def is_async_function(node: Node) -> bool:
    """Say whether a function has the word ``async``, behind ``static`` and its like too."""
    for index in range(min(4, node.child_count)):
        child = node.child(index)
        if child.type == "async":
            return True
        if child.type in ("def", "function", "formal_parameters", "=>"):
            return False
    return False
