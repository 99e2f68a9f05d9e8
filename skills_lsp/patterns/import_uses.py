"""Uses of imports that were found before and that no edit has touched since.

To find out that an import is not used takes a search through the file. That it is used is told by one
place, mostly near, which stays where it is while people type elsewhere.
"""

import re
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar, cast

from tree_sitter import Node

from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.source import Source

_T = TypeVar("_T")

STEP = 25
"""How many names are looked for before others get a turn: some milliseconds in a long file."""

_MANY = 64
"""With more names than this, one pass over all words is quicker than to search for each."""

_CHUNK = 65_536
_WORDS = re.compile(rb"[\w$\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class KnownUses(Lasting):
    """For a name that the module imports, the code that decides on one of its uses, in bytes.

    That is from the start of the statement at module level to the end of the line of the use.
    """

    at: dict[str, tuple[int, int]]

    def after(self, change: Change) -> "KnownUses":
        """Return the uses that are as they were, moved."""
        written = frozenset(
            word
            for start, end in change.places()
            for word in _WORDS.findall(change.data, max(0, start - 1), end + 1)
        )
        moved: dict[str, tuple[int, int]] = {}
        for name, (start, end) in self.at.items():
            by = change.moved(start, end)
            if by is not None and name.encode("utf-8", "surrogatepass") not in written:
                moved[name] = (start + by, end + by)
        return KnownUses(moved)


def known_uses(source: Source) -> dict[str, tuple[int, int]]:
    """Return the uses that are known; what is added is kept.

    In code that is broken any occurrence may be a use, and what decides on it may be far away.
    """
    if source.root.has_error:
        return {}
    known = source.lasting("uses of imports", KnownUses)
    if known is None:
        known = KnownUses({})
        source.keep("uses of imports", known)
    return known.at


def deciding_code(source: Source, use: Node) -> tuple[int, int]:
    """Return the code that decides on a use."""
    statement = source.root.first_child_for_byte(use.start_byte)
    start = statement.start_byte if statement is not None else use.start_byte
    line_end = source.data.find(b"\n", use.end_byte)
    return start, line_end if line_end >= 0 else len(source.data)


def counted(source: Source, n_names: int) -> Generator[None, None, Counter[bytes]]:
    """Count the words of a file, in steps; nothing when there are too few names for it to pay."""
    counts: Counter[bytes] = Counter()
    data = bytes(source.data) if n_names > _MANY else b""
    at = 0
    while at < len(data):
        end = data.find(b"\n", at + _CHUNK)
        end = end if end >= 0 else len(data)
        counts.update(_WORDS.findall(data, at, end))
        at = end
        yield
    return counts


def at_once(steps: Generator[None, None, _T]) -> _T:
    """Take all steps now, and return what they come to."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return cast("_T", stop.value)
