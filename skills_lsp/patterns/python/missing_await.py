"""A coroutine that nobody awaits never runs, and is no value: its result comes from ``await``.

Source: https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines
"""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.coroutines import made_by, may_make_coroutine
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.misuse import Place, place_of
from skills_lsp.syntax.source import span_of

CATEGORY = "async"
STRUCTURES = ("( call function: ( _ ) @callee arguments: ( _ ) @args ) @reach",)

_MESSAGES = {
    Place.STATEMENT: "`{name}` makes a coroutine that nobody awaits, so it never runs",
    Place.VALUE: "`{name}` gives a coroutine, which is used here as if it were awaited already",
}
_MAX_NAME_BYTES = 120


def find(look: Look) -> Iterator[Finding]:
    """Yield the calls that certainly need an ``await`` and have none."""
    for captures in look.matches.get(STRUCTURES[0], ()):
        call, callee = captures["reach"][0], captures["callee"][0]
        if not may_make_coroutine(look, callee) or _is_awaited(look, call):
            continue
        made = made_by(look, callee)
        place = place_of(look, call, made) if made is not None else Place.FINE
        if place is not Place.FINE:
            name = _name(look, callee)
            yield Finding(
                pattern="missing-await",
                category=CATEGORY,
                span=span_of(call),
                name=name,
                message=_MESSAGES[place].replace("{name}", name),
            )


def _is_awaited(look: Look, call: Node) -> bool:
    return look.source.data.endswith(b"await ", 0, call.start_byte)


def _name(look: Look, callee: Node) -> str:
    return look.text(callee) if callee.end_byte - callee.start_byte <= _MAX_NAME_BYTES else "this"
