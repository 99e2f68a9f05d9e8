"""A promise that nobody waits for: its error is lost, and what follows runs too early.

Source: https://typescript-eslint.io/rules/no-floating-promises/
"""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.promises import is_floating
from skills_lsp.syntax.source import span_of

CATEGORY = "async"
STRUCTURES = ("( call_expression function: ( _ ) @callee arguments: ( _ ) @args ) @reach",)
_MAX_NAME_BYTES = 120


def find(look: Look) -> Iterator[Finding]:
    """Yield the calls that certainly give a promise, and whose promise is let go."""
    for captures in look.matches.get(STRUCTURES[0], ()):
        call, callee = captures["reach"][0], captures["callee"][0]
        if is_floating(look, call, callee):
            is_short = callee.end_byte - callee.start_byte <= _MAX_NAME_BYTES
            in_place = callee.type == "parenthesized_expression"
            name = look.text(callee) if is_short and not in_place else ""
            yield Finding(
                pattern="floating-promise",
                category=CATEGORY,
                span=span_of(_word(callee) if in_place else call),
                name=name,
                message="nobody waits for the promise of "
                f"{f'`{name}`' if name else 'this function'}, so its errors are lost",
                reach=span_of(call) if in_place else None,
            )


def _word(callee: Node) -> Node:
    """Return the word ``async`` of a function that is called in place."""
    function = callee.named_child(0)
    return next((each for each in function.children[:2] if each.type == "async"), callee)
