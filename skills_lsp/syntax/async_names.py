"""Names that stand beside the word ``async``: the only ones that can be async functions of a file.

A cheap sieve: calls are many, and to learn what a callee is bound to the file is searched.
"""

import re
from dataclasses import dataclass

from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.source import Source

_NAME = rb"[\w$\x80-\xff]+"
_BEHIND = re.compile(rb"async\s+(?:def\s+|function\b[\s*]*)?(#?%s)" % _NAME)
_BEFORE = re.compile(rb"(#?%s)\s*(?::[^=;{}\n]*)?=$" % _NAME)
_REACH = 200
"""How many bytes around ``async`` can matter: a name, its annotation, and blanks between."""


@dataclass(frozen=True, slots=True)
class _AsyncNames(Lasting):
    """A sieve may let through too much, so names are only ever added."""

    is_of_bytes = True

    names: frozenset[str]

    @property
    def said(self) -> frozenset[str]:
        return self.names

    def after(self, change: Change) -> "_AsyncNames":
        added: set[str] = set()
        for start, end in change.places():
            added.update(_find(change.data, max(0, start - _REACH), end + _REACH))
        return self if added <= self.names else _AsyncNames(self.names | added)


def async_names(source: Source) -> frozenset[str]:
    """Return all names that may be async functions or methods of the file, and perhaps others."""
    return _known(source).names


def _known(source: Source) -> _AsyncNames:
    known = source.lasting("async names", _AsyncNames, lambda: _known(source))
    if known is None:
        known = _AsyncNames(frozenset(_find(source.data, 0, len(source.data))))
        source.keep("async names", known)
    return known


def _find(data: bytes | bytearray, start: int, end: int) -> set[str]:
    found: set[bytes] = set()
    at = data.find(b"async", start, end)
    while at >= 0:
        behind = _BEHIND.match(data, at, at + _REACH)
        if behind is not None:
            found.add(behind[1])
        before = bytes(data[max(0, at - _REACH) : at]).rstrip()
        assigned = _BEFORE.search(before) if before.endswith(b"=") else None
        if assigned is not None:
            found.add(assigned[1])
        at = data.find(b"async", at + 5, end)
    return {each.decode("utf-8", "replace") for each in found}
