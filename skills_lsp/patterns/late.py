"""Regular expressions that are compiled when first needed.

A long one takes a millisecond to compile, and most files never ask for most of them, while the first
answer after the start of an editor has to be quick.
"""

import re
from collections.abc import Iterator


class Late:
    """A regular expression, compiled on first use."""

    __slots__ = ("_compiled", "_expression", "_flags")

    def __init__(self, expression: str, flags: int = 0) -> None:
        self._expression = expression
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def match(self, text: str) -> re.Match[str] | None:
        """Match at the start of a text."""
        return self._pattern().match(text)

    def search(self, text: str) -> re.Match[str] | None:
        """Search a text."""
        return self._pattern().search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in a text."""
        return self._pattern().finditer(text)

    def _pattern(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._expression, self._flags)
        return self._compiled
