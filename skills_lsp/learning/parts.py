"""Handing a state over in parts: small enough that writing or reading one holds nobody up."""

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Any

_ROWS = 500


def chunks(rows: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    """Yield rows in lists of at most 500."""
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, _ROWS)):
        yield chunk


def finite(value: Any) -> float:
    """Return a number. Raises ValueError or TypeError for what is none, or not finite."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is no number")
    return number
