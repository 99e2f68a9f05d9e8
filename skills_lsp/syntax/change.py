"""What an edit changed, and facts that outlive edits elsewhere in the file.

To learn what a name stands for, a file is searched; in 20,000 lines that takes a millisecond for each
name, after each key. Most edits change nothing about it, and tree-sitter can say where the new tree
is different from the old.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement, or the smallest that holds several: offsets in bytes."""

    start: int
    old_end: int
    new_end: int

    def then(self, later: "Edit") -> "Edit":
        """Return the smallest edit that does what this and a later one do."""
        grown = self.new_end - self.old_end
        end = max(self.new_end, later.old_end)
        return Edit(min(self.start, later.start), end - grown, end + later.new_end - later.old_end)


@dataclass(frozen=True, slots=True)
class Change:
    """What is different since the last parse: the edit, and where the tree's shape changed.

    ``ranges`` are offsets in the new text, which is ``data``.
    """

    edit: Edit
    ranges: tuple[tuple[int, int], ...]
    data: bytearray

    @property
    def n_bytes(self) -> int:
        """How much of the new text may be different."""
        return sum(end - start for start, end in self.places())

    def moved(self, start: int, end: int) -> int | None:
        """Return by how much an unchanged stretch of the old text moved; None if it is changed.

        A stretch that only touches what changed counts as changed.
        """
        edit = self.edit
        if end < edit.start:
            by = 0
        elif start > edit.old_end:
            by = edit.new_end - edit.old_end
        else:
            return None
        changed = any(start + by <= last and first <= end + by for first, last in self.ranges)
        return None if changed else by

    def holds(self, word: bytes) -> bool:
        """Say whether a word stands in what is different, or reaches into it."""
        n = len(word)
        return any(
            self.data.find(word, max(0, first - n), last + n) >= 0 for first, last in self.places()
        )

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of the new text that may be different."""
        yield self.edit.start, self.edit.new_end
        yield from self.ranges


class Lasting(ABC):
    """A fact about a file that can tell whether a change leaves it true."""

    __slots__ = ()

    is_of_bytes: ClassVar[bool] = False
    """Whether it follows from the text alone, so that it needs no word of what the tree became."""

    @property
    def said(self) -> object:
        """What the fact says, without the places it says it of, to be compared with a later one."""
        return self

    @abstractmethod
    def after(self, change: Change) -> Self | None:
        """Return the fact with its offsets moved, or None when it may no longer hold."""
