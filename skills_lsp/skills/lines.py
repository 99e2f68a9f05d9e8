"""Where in a TOML text a key stands; ``tomllib`` does not say."""

import re
from dataclasses import dataclass

_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_.\-\s\"']+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_\-]+)\s*[=.]")
# Who writes a key writes it on a shorter line; the patterns here take quadratic time on blanks.
_MAX_LINE = 1_000
_FENCES = ('"""', "'''")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines (from 1) of the keys of a TOML text, by dotted path."""

    by_key: dict[tuple[str, ...], int]
    texts: tuple[str, ...]

    def of(self, key: tuple[str, ...], value: object = None) -> int:
        """Return the line of a key, of ``value`` inside its array, or of the nearest parent."""
        while key:
            line = self.by_key.get(key)
            if line is not None:
                return self._line_of_value(line, value)
            key = key[:-1]
        return 1

    def _line_of_value(self, line: int, value: object) -> int:
        if not isinstance(value, str) or not value:
            return line
        starts = set(self.by_key.values())
        for number in range(line, len(self.texts) + 1):
            if number > line and number in starts:
                break
            if value in self.texts[number - 1]:
                return number
        return line


def locate(text: str) -> Lines:
    r"""Find the line of every key, good enough for a message: odd layouts give a parent's line.

    >>> locate('title = "x"\n[run]\ntool = "y"\n').of(("run", "tool"))
    3
    """
    texts = tuple(text.split("\n"))
    by_key: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    fence = ""
    for number, line in enumerate(texts, 1):
        if fence:
            fence = "" if line.count(fence) % 2 else fence
            continue
        header = _TABLE.match(line) if len(line) <= _MAX_LINE else None
        if header:
            table = tuple(part.strip(" \t\"'") for part in header[1].split("."))
            by_key.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            by_key.setdefault((*table, key[1].strip("\"'")), number)
        fence = next((mark for mark in _FENCES if line.count(mark) % 2), "")
    return Lines(by_key, texts)
