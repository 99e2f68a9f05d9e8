"""Reading a history from CSV: ``user,session,time,skill,success,duration_s`` and more."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from skills_lsp.errors import UsageError
from skills_lsp.learning.replay import Use

_REQUIRED = ("user", "time", "skill", "success")
_COLUMNS = ("user", "session", "time", "skill", "success", "duration_s", "project", "language", "file_kind", "phase")  # fmt: skip
_WORDS = {
    "1": True, "true": True, "yes": True, "passed": True,
    "0": False, "false": False, "no": False, "failed": False,
    "": None,
}  # fmt: skip
_MAX_NAME = 500
_FIRST_YEAR, _LAST_YEAR = 1970, 3000


class _Rows(Protocol):
    """What csv.reader returns; its type has no public name before Python 3.13."""

    line_num: int

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out, counted from 1, and why."""

    line: int
    reason: str


def read_history(path: Path) -> tuple[list[Use], list[BadLine]]:
    """Return the uses in a file, and the lines that hold none.

    Raises
    ------
    UsageError
        When the file cannot be read, or has no head with the columns that are needed.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return _read(csv.reader(file), path)
    except OSError as error:
        raise UsageError("unknown-file", f"Cannot read {path}: {error.strerror}.") from error


def _read(rows: _Rows, path: Path) -> tuple[list[Use], list[BadLine]]:
    head = _head(rows, path)
    uses: list[Use] = []
    bad: list[BadLine] = []
    for line, row in _numbered(rows, bad):
        if not any(cell.strip() for cell in row):
            continue
        try:
            uses.append(_use(head, row))
        except ValueError as error:
            bad.append(BadLine(line, str(error)))
    return uses, bad


def _numbered(rows: _Rows, bad: list[BadLine]) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(BadLine(rows.line_num, f"it is no CSV: {error}"))
            continue
        yield rows.line_num, row


def _head(rows: _Rows, path: Path) -> list[str]:
    try:
        head = [it.strip().lower() for it in next(rows)]
    except StopIteration:
        head = []
    except csv.Error as error:
        raise UsageError("bad-history", f"{path} is no CSV: {error}.") from error
    missing = [it for it in _REQUIRED if it not in head]
    if missing:
        raise UsageError(
            "bad-history",
            f"The first line of {path} does not name {', '.join(missing)}.",
            f"It reads {','.join(_COLUMNS[:6])}; {', '.join(_COLUMNS[6:])} may follow.",
        )
    return head


def _use(head: list[str], row: list[str]) -> Use:
    if len(row) > len(head):
        raise ValueError(f"it has {len(row)} cells, the head has {len(head)}")
    cells = dict.fromkeys(_COLUMNS, "") | {
        name: cell.strip() for name, cell in zip(head, row, strict=False)
    }
    if not cells["skill"]:
        raise ValueError("it names no skill")
    if any(len(it) > _MAX_NAME for it in cells.values()):
        raise ValueError(f"a cell is longer than {_MAX_NAME} characters")
    word = cells["success"].lower()
    if word not in _WORDS:
        raise ValueError(f"success is {word!r}, not 1 or 0")
    return Use(
        cells["user"],
        cells["session"],
        _instant(cells["time"]),
        cells["skill"],
        _WORDS[word],
        _duration(cells["duration_s"]),
        cells["project"],
        cells["language"],
        cells["file_kind"],
        cells["phase"],
    )


def _instant(text: str) -> float:
    """Return seconds since 1970 for a number or an ISO-8601 time, which is UTC if it does not say."""
    try:
        at = float(text)
    except ValueError:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"time is {text!r}, neither seconds nor ISO-8601") from None
        at = (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    years = _FIRST_YEAR + at / 31_556_952
    if not math.isfinite(at) or not _FIRST_YEAR <= years < _LAST_YEAR:
        raise ValueError(
            f"time is {text!r}, which is not in the years {_FIRST_YEAR} to {_LAST_YEAR}"
        )
    return at


def _duration(text: str) -> float | None:
    """Return seconds; what cannot be a duration (a negative one) is unknown."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"duration_s is {text!r}, not a number") from None
