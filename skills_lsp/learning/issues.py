"""What a failing run reported, as a text that means the same in another file."""

import re

MAX_MESSAGE = 240
MAX_READ = 4_000
"""Characters of a message that are looked at: what matters stands in its first line."""

_TEST_NAME = re.compile(r"test\w*(?:\[[^\]]{0,200}\])?: ")
_PATH = re.compile(r"(?:[\w.~-]*[/\\])+(?=[\w.-])")
_QUOTED = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)*)\1""")
_NUMBER = re.compile(r"\b(?:0x[0-9a-fA-F]+|\d[\d_.,:]*\d|\d)\b")
_SPACE = re.compile(r"\s+")
_LONGEST_NAME = 60
# What a tool says of a file that it could not read; all its other problems are unknown then.
_BROKEN = frozenset(
    {
        "invalid-syntax",
        "syntax",
        "syntax-error",
        "SyntaxError",
        "IndentationError",
        "TabError",
        "E999",
        "E901",
        "E902",
    }
)


def normalised(message: str) -> str:
    r"""Return a message without what differs from place to place.

    Its first line, with file names for paths, 0 for numbers, and an ellipsis for quotations that are
    no name. Names stay, in straight quotes: for which module there are stubs is what decides.

    Examples
    --------
    >>> normalised("Line too long (92 > 88)")
    'Line too long (0 > 0)'
    >>> normalised("test_pay[card]: assert 1 == 2\nwhere 1 = f()")
    'assert 0 == 0'
    >>> normalised("cannot open '/home/me/shop/data.csv'")
    "cannot open 'data.csv'"
    """
    line = next((it for it in message[:MAX_READ].splitlines() if it.strip()), "").strip()
    line = _TEST_NAME.sub("", line, count=1) if line.startswith("test") else line
    line = _QUOTED.sub(_without_sentence, line.replace("`", "'"))
    line = _NUMBER.sub("0", _PATH.sub("", line))
    return _SPACE.sub(" ", line)[:MAX_MESSAGE].strip()


def _without_sentence(match: re.Match[str]) -> str:
    quoted = match[2]
    is_name = len(quoted) <= _LONGEST_NAME and not _SPACE.search(quoted.strip())
    return match[0] if is_name else f"{match[1]}…{match[1]}"


def breaks_the_file(code: str) -> bool:
    """Say whether a problem of this code means that the file could not be read at all."""
    return code in _BROKEN
