"""Text in columns, for a terminal."""

import shutil
import sys
import unicodedata
from collections.abc import Collection, Sequence

from skills_lsp.ide.plain_text import one_line

_GAP = "  "
_MAX_CHARACTERS = 1_000


def columns(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Collection[int] = (),
    width: int | None = None,
) -> str:
    """Return rows as aligned text, without trailing blanks; the last column is cut at the width.

    ``numbers`` stand right. Without a width nothing is cut.

    >>> print(columns(("Skill", "Runs"), [("pytest-run", "2"), ("mypy", "10")], numbers=(1,)))
    Skill       Runs
    pytest-run     2
    mypy          10
    """
    shown = [[one_line(cell, _MAX_CHARACTERS) for cell in row] for row in (head, *rows)]
    widths = [max(cells(row[i]) for row in shown) for i in range(len(head))]
    before = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    if width is not None and width - before >= cells(head[-1]):
        widths[-1] = min(widths[-1], width - before)
    return "\n".join(_line(row, widths, numbers) for row in shown)


def terminal_width() -> int | None:
    """Return the width of the terminal; None when the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes.

    >>> cells("abc"), cells("\N{CJK UNIFIED IDEOGRAPH-4E2D}"), cells("e\N{COMBINING ACUTE ACCENT}")
    (3, 2, 1)
    """
    return sum(_cells_of(char) for char in text)


def _cells_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _line(row: Sequence[str], widths: Sequence[int], numbers: Collection[int]) -> str:
    return _GAP.join(
        _padded(cut(cell, width), width, is_number=i in numbers)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ).rstrip()


def _padded(text: str, width: int, *, is_number: bool) -> str:
    blanks = " " * (width - cells(text))
    return blanks + text if is_number else text + blanks


def cut(text: str, width: int) -> str:
    """Return a text cut to so many cells.

    >>> cut("one failed", 6)
    'one f…'
    """
    if cells(text) <= width:
        return text
    kept, taken = "", 0
    for char in text:
        taken += _cells_of(char)
        if taken > width - 1:
            break
        kept += char
    return f"{kept}…"
