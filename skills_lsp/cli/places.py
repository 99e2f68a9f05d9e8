"""``FILE:LINE:COL`` as people write it."""

import re
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.errors import UsageError

_PLACE = re.compile(r"(?P<file>.*?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file and a place in it; line and column from 1."""

    path: Path
    line: int
    column: int


def parse_place(text: str) -> FilePlace:
    """Return the place a text names.

    Raises
    ------
    UsageError
        When there is no such file, or the line is not in it.
    """
    if Path(text).is_file():  # A name may itself end in ":12".
        return FilePlace(Path(text).resolve(), 1, 1)
    match = _PLACE.fullmatch(text)
    assert match is not None
    path = Path(match["file"])
    if "\0" in text or not path.exists():
        raise UsageError("unknown-file", f"There is no file {match['file']!r}.")
    if not path.is_file():
        raise UsageError("not-a-file", f"{match['file']!r} is not a file.")
    line, column = int(match["line"] or 1), int(match["column"] or 1)
    if line < 1 or column < 1:
        raise UsageError("bad-place", f"Lines and columns start from 1, not {text!r}.")
    return FilePlace(path.resolve(), line, column)


def check_line(place: FilePlace, n_lines: int) -> None:
    """Refuse a line that the file does not have."""
    if place.line > n_lines:
        raise UsageError(
            "unknown-line", f"{place.path.name} has {n_lines} lines, so there is no {place.line}."
        )
