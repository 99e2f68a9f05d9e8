"""Where rare words stand: found once, and kept over edits.

A search of a long file for a word that is not in it takes 0.1 ms; patterns ask for a dozen such
words after each key.
"""

from bisect import bisect_left
from dataclasses import dataclass

from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.source import Source


@dataclass(frozen=True, slots=True)
class _Stands(Lasting):
    """Where some bytes stand, as offsets in order, overlaps left out."""

    is_of_bytes = True

    word: bytes
    places: tuple[int, ...]

    def after(self, change: Change) -> "_Stands":
        edit = change.edit
        by, size = edit.new_end - edit.old_end, len(self.word)
        first = bisect_left(self.places, edit.start - size + 1)
        last = bisect_left(self.places, edit.old_end)
        start = max(0, edit.start - size + 1)
        new = _places(change.data, self.word, start, edit.new_end + size - 1)
        if by or new or first < last:
            moved = (each + by for each in self.places[last:])
            return _Stands(self.word, (*self.places[:first], *new, *moved))
        return self


def standing(source: Source, word: bytes) -> tuple[int, ...]:
    """Return where some bytes stand in a source, inside other words as well.

    They must not overlap themselves, as ``aa`` does.
    """
    key = ("stands", 0, word)
    found = source.lasting(key, _Stands)
    if found is None:
        found = _Stands(word, _places(source.data, word, 0, len(source.data)))
        source.keep(key, found)
    return found.places


def _places(data: bytes | bytearray, word: bytes, start: int, stop: int) -> tuple[int, ...]:
    found = []
    at = data.find(word, start, stop)
    while at >= 0:
        found.append(at)
        at = data.find(word, at + len(word), stop)
    return tuple(found)
