"""Cognitive complexity: what it takes to follow a function in one's head.

Each break in the linear flow counts one, and one more for each level it is nested in.

Source: Campbell (2018), Cognitive Complexity, a new way of measuring understandability.
https://www.sonarsource.com/resources/cognitive-complexity/
"""

from collections.abc import Iterator
from functools import cache

from tree_sitter import Node, Query, QueryCursor

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import structures
from skills_lsp.syntax.languages import Family, family_of, grammar
from skills_lsp.syntax.source import Source, span_of

THRESHOLD = 15
"""The default of SonarSource's own rule (S3776)."""

# Breaks that also nest what is inside them.
_NESTS = {
    Family.PYTHON: (
        "if_statement", "for_statement", "while_statement", "except_clause", "match_statement",
        "conditional_expression",
    ),
    Family.JAVASCRIPT: (
        "if_statement", "for_statement", "for_in_statement", "while_statement", "do_statement",
        "catch_clause", "switch_statement", "ternary_expression",
    ),
}  # fmt: skip
# Functions in functions: they nest, and are no break themselves.
_ONLY_NESTS = {
    Family.PYTHON: ("function_definition", "lambda"),
    Family.JAVASCRIPT: (
        "function_declaration", "function_expression", "arrow_function", "method_definition",
    ),
}  # fmt: skip
# Breaks that count one at any depth.
_ONCE = {
    Family.PYTHON: ("elif_clause", "else_clause"),
    Family.JAVASCRIPT: ("else_clause",),
}
_LOGIC = {Family.PYTHON: "boolean_operator", Family.JAVASCRIPT: "binary_expression"}
_OPERATORS = frozenset({"and", "or", "&&", "||", "??"})
_MAX_NODES = 50_000
"""A function with more branches than this is over any threshold; it is not counted to the end."""


def complex_functions(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield a finding for each function of a look that is over the threshold."""
    family = look.source.family
    for structure in structures(family):
        for captures in look.matches.get(structure, ()):
            function = captures["region"][0]
            if function.type not in _ONLY_NESTS[family] or function.type == "lambda":
                continue
            if not _may_be_complex(function) or not look.touches(span_of(function)):
                continue
            score = cognitive_complexity(look.source, function)
            if score > THRESHOLD:
                yield _finding(look, pattern, function, score)


_MIN_BREAKS = 6
_NODES_PER_BREAK = 4


def _may_be_complex(function: Node) -> bool:
    """Say whether a function has enough parts to be over: 6 nested breaks are needed for 16."""
    return function.descendant_count >= _MIN_BREAKS * _NODES_PER_BREAK


def _finding(look: Look, pattern: str, function: Node, score: int) -> Finding:
    name = function.child_by_field_name("name")
    if name is None and function.parent is not None:
        name = function.parent.child_by_field_name("name")
    here = span_of(name) if name is not None else span_of(function.child(0))
    text = look.text(name) if name is not None else ""
    message = f"cognitive complexity {score}, over {THRESHOLD}: hard to follow in one's head"
    return Finding(pattern, "complexity", here, text, message, reach=span_of(function))


def cognitive_complexity(source: Source, function: Node) -> int:
    """Return the cognitive complexity of a function, its inner functions included."""
    family = source.family
    cursor = QueryCursor(_query(source.language))
    cursor.set_byte_range(function.start_byte, function.end_byte)
    found = [each["it"][0] for _, each in cursor.matches(function)]
    found.sort(key=lambda node: (node.start_byte, -node.end_byte))
    score = 0
    open_ends: list[int] = []
    for node in found[:_MAX_NODES]:
        while open_ends and open_ends[-1] <= node.start_byte:
            open_ends.pop()
        kind = node.type
        if kind == _LOGIC[family]:
            score += _changes_of_operator(node)
        elif kind in _ONCE[family]:
            score += 1
        elif kind in _NESTS[family] and not _is_else_if(source, node):
            score += 1 + len(open_ends)
            open_ends.append(node.end_byte)
        elif kind in _ONLY_NESTS[family] and node != function:
            open_ends.append(node.end_byte)
    return score


def _is_else_if(source: Source, node: Node) -> bool:
    """Say whether an ``if`` stands directly behind ``else``, which has counted already."""
    if node.type != "if_statement" or source.family is Family.PYTHON:
        return False
    before = bytes(source.data[max(0, node.start_byte - 40) : node.start_byte]).rstrip()
    return before.endswith(b"else")


def _changes_of_operator(node: Node) -> int:
    """Return 1 for a run of the same logical operator, counted at its outermost place."""
    operator = _operator(node)
    if operator is None:
        return 0
    left = node.child_by_field_name("left")
    return 1 - (left is not None and _operator(left) == operator)


def _operator(node: Node) -> str | None:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None and operator.type in _OPERATORS else None


@cache
def _query(language: str) -> Query:
    family = family_of(language)
    kinds = (*_NESTS[family], *_ONLY_NESTS[family], *_ONCE[family], _LOGIC[family])
    return Query(grammar(language), "\n".join(f"({kind}) @it" for kind in kinds))
