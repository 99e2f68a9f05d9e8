"""Marks and calls by which a test is left out."""

import re

from tree_sitter import Node

from skills_lsp.patterns.arguments import keyword
from skills_lsp.patterns.decorators import meant
from skills_lsp.patterns.definitions import holder
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.pytest_rules import is_test_function

_SKIPS = re.compile(r"skip(?:$|_|if|If|unless|Unless|Test|On|on_)")
_LISTS = frozenset({"list", "tuple", "set", "parenthesized_expression"})


def is_skip(look: Look, expression: Node) -> bool:
    """Say whether a decorator or mark leaves out what it stands at, always or under a condition.

    A mark that an assignment names is followed; one from elsewhere is known by its name
    (``skipUnlessDBFeature``, ``skip_on_windows``).
    """
    return any(_SKIPS.match(origin.rpartition(".")[2]) for origin, _ in meant(look, expression))


def skips(look: Look, value: Node) -> bool:
    """Say whether a value is such a mark, or a list with one."""
    if value.type in _LISTS:
        return any(is_skip(look, each) for each in value.named_children if not each.is_extra)
    return is_skip(look, value)


def is_row_skipped(look: Look, arguments: Node) -> bool:
    """Say whether the arguments of ``pytest.param`` have a mark that leaves the row out."""
    value = keyword(look, arguments, "marks")
    return value is not None and skips(look, value)


def opens_test(look: Look, call: Node) -> bool:
    """Say whether a statement stands directly in a test's body, so that it is always run."""
    statement = call.parent
    block = statement.parent if statement is not None else None
    function = block.parent if block is not None else None
    if statement is None or function is None or function.type != "function_definition":
        return False
    is_whole = statement.type in ("expression_statement", "raise_statement")
    return is_whole and is_test_function(look, function)


def is_raised(_look: Look, call: Node) -> bool:
    """Say whether what a call makes is raised."""
    return call.parent is not None and call.parent.type == "raise_statement"


def is_at_module_level(_look: Look, node: Node) -> bool:
    """Say whether a node stands in no function and no class, so that it is run by the import."""
    outer = holder(node)
    return outer is None or outer.type == "module"
