"""An async function that awaits nothing only wraps its result: a word too much, or an await too few.

Source: https://eslint.org/docs/latest/rules/require-await
"""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.async_bodies import functions_without_await
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.source import span_of

CATEGORY = "async"
_MAX_NAME_BYTES = 120
_NAMED = {"variable_declarator": "name", "pair": "key", "assignment_expression": "left"}


def find(look: Look) -> Iterator[Finding]:
    """Yield the async functions whose own body waits for nothing."""
    for function in functions_without_await(look):
        named = function.child_by_field_name("name") or _taker(function)
        name = look.text(named) if named is not None else ""
        is_short = 0 < len(name) <= _MAX_NAME_BYTES
        here = function.child_by_field_name("name") or _word(function)
        yield Finding(
            pattern="async-without-await",
            category=CATEGORY,
            span=span_of(here),
            name=name if is_short else "",
            message=f"{f'`{name}`' if is_short else 'this function'} is async and awaits nothing, "
            "so it only wraps its result in a promise",
            reach=span_of(function),
        )


def _taker(function: Node) -> Node | None:
    """Return what a function is given to: the variable, the property."""
    holder = function.parent
    field = _NAMED.get(holder.type) if holder is not None else None
    return holder.child_by_field_name(field) if holder is not None and field is not None else None


def _word(function: Node) -> Node:
    """Return the word ``async``."""
    return next((each for each in function.children[:4] if each.type == "async"), function)
