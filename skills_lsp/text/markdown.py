"""Markdown that means what it says: text from outside escaped, tables that also read as text.

Only what would change the meaning is escaped, since Neovim, Helix and Emacs show the source.
"""

import re
from collections.abc import Collection, Sequence

_ALWAYS = re.compile(r"([\\`*\[\]<>|~&$])")
_LONE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_BLOCK_START = re.compile(r"^([#+=-]|\d+(?=[.)]))")


def escaped(line: str) -> str:
    r"""Return one line of text so that Markdown shows it as it is.

    >>> escaped("pytest-run: test_a == <b>")
    'pytest-run: test_a == \\<b\\>'
    >>> escaped("# 1. _x_")
    '\\# 1. \\_x\\_'
    """
    line = _LONE_UNDERSCORE.sub(r"\\_", _ALWAYS.sub(r"\\\1", line))
    start = _BLOCK_START.match(line)
    if start is None:
        return line
    if start[1].isdigit():
        return f"{start[1]}\\{line[start.end() :]}"
    return f"\\{line}"


def table(
    head: Sequence[str], cells: Sequence[Sequence[str]], *, numbers: Collection[int] = ()
) -> str:
    """Return a Markdown table, padded so that it also reads as text; ``numbers`` stand right.

    >>> print(table(("Skill", "Runs"), [("pytest", "12")], numbers=(1,)))
    | Skill  | Runs |
    | ------ | ---: |
    | pytest |   12 |
    """
    widths = [max(3, *(len(row[i]) for row in (head, *cells))) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if i in numbers else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * (width - 1) + ":" if i in numbers else "-" * width for i, width in enumerate(widths)
    ]
    return "\n".join((line(head), f"| {' | '.join(rule)} |", *map(line, cells)))
