"""Real source to measure on: the standard library of the running Python."""

import random
import sysconfig
from functools import cache
from pathlib import Path

SEED = 20_261_121


@cache
def python_lines(n_lines: int) -> tuple[str, ...]:
    """Return so many lines of library source, the same for the same Python."""
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    random.Random(SEED).shuffle(files)
    lines: list[str] = []
    for file in files:
        text = file.read_text("utf-8", "replace")
        lines += [line for line in text.split("\n") if "\f" not in line and "\r" not in line]
        if len(lines) >= n_lines:
            break
    return tuple(lines[:n_lines])


def edits(n_edits: int, n_lines: int, seed: int = SEED) -> list[tuple[int, int, str]]:
    """Return keystrokes as (line, column, text): real lines typed again below themselves.

    The code is broken most of the time, as in life, and whole again when the line is done.
    """
    rng = random.Random(seed)
    lines = list(python_lines(n_lines))
    made: list[tuple[int, int, str]] = []
    while len(made) < n_edits:
        at = rng.randrange(10, len(lines) - 10)
        typed = lines[at]
        if not typed.strip() or not typed.isascii():
            continue
        made.append((at, len(typed), "\n"))
        lines.insert(at + 1, typed)
        made += [(at + 1, column, letter) for column, letter in enumerate(typed)]
    return made[:n_edits]
