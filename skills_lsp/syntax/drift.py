"""How far a text has moved away from a tree of it: where it was edited, and which words went.

Findings of a past look stay true where nothing that they came from has changed. A drift says what
has, over any number of edits, so that code that is broken for a moment and whole again (an open
bracket) counts for no more than the line that it was in.
"""

from tree_sitter import Tree

from skills_lsp.text.buffer import ByteEdit

_MAX_PLACES = 100
_MAX_REMOVED_BYTES = 20_000


class Drift:
    """What edits did to a text since a tree of it was made.

    ``places`` are the edited stretches of the present text, in bytes; ``removed`` holds the lines as
    they were before. When ``is_lost``, too much has changed to follow it.
    """

    __slots__ = ("is_lost", "places", "removed", "tree")

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.places: list[tuple[int, int]] = []
        self.removed = bytearray()
        self.is_lost = False

    def before(self, data: bytearray, edit: ByteEdit) -> None:
        """Note the lines that an edit is about to change."""
        if self.is_lost:
            return
        start, end = whole_lines(data, edit.start_byte, edit.old_end_byte)
        for place in self.places:
            first, last = whole_lines(data, *place)
            if first <= start and end <= last:
                return  # A line that is typed letter by letter is noted as it began.
        self.is_lost = len(self.removed) + end - start > _MAX_REMOVED_BYTES
        self.removed += b"\n" + data[start:end]

    def take(self, edit: ByteEdit) -> None:
        """Follow an edit that was made."""
        start, old_end, new_end = edit.start_byte, edit.old_end_byte, edit.new_end_byte
        if self.is_lost:
            return
        self.tree.edit(start, old_end, new_end, edit.start, edit.old_end, edit.new_end)
        kept = []
        for first, last in self.places:
            if last < start:
                kept.append((first, last))
            elif first > old_end:
                kept.append((first + new_end - old_end, last + new_end - old_end))
            else:
                start = min(start, first)
                new_end = max(new_end, last + new_end - old_end) if last > old_end else new_end
                old_end = max(old_end, last)
        self.places = [*kept, (start, new_end)]
        self.is_lost = len(self.places) > _MAX_PLACES


def whole_lines(data: bytes | bytearray, start: int, end: int) -> tuple[int, int]:
    """Return a stretch of bytes widened to the lines that it touches, without the last line's end."""
    behind = data.find(b"\n", end)
    return data.rfind(b"\n", 0, start) + 1, len(data) if behind < 0 else behind
