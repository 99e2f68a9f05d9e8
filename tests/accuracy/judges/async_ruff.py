"""Blocking calls in coroutines, as ruff's rules ASYNC210 to ASYNC251 see them.

A place is a file and a line: ruff underlines the callee, and so do we.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from skills_lsp.patterns import inspect
from tests.accuracy.async_set import folders, python_files
from tests.accuracy.score import Place, Row

RULES = (
    "ASYNC210", "ASYNC212",  # HTTP
    "ASYNC220", "ASYNC221", "ASYNC222",  # processes
    "ASYNC230", "ASYNC240",  # files
    "ASYNC250", "ASYNC251",  # input, sleep
)  # fmt: skip
_PATTERN = "blocking-call-in-async"

EXCUSED: dict[Place, str] = {}


def rows() -> Iterator[Row]:
    """Compare with ruff, line by line."""
    files = dict(python_files())
    yield Row(
        "blocking call in a coroutine",
        "ruff ASYNC2xx",
        len(files),
        frozenset(judged(files)),
        frozenset(seen(files)),
        precision_bar=0.90,
        recall_bar=0.90,
        excused=EXCUSED,
    )


def judged(files: dict[str, Path]) -> Iterator[Place]:
    """Yield what ruff reports in some files."""
    named = {str(file): path for path, file in files.items()}
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero"]
    asked = ["--output-format", "json", "--target-version", "py313", "--select", ",".join(RULES)]
    done = subprocess.run(
        [*command, *asked, *map(str, folders())], capture_output=True, text=True, check=True
    )
    for each in json.loads(done.stdout):
        if each["code"] in RULES and each["filename"] in named:
            yield Place(named[each["filename"]], each["location"]["row"], _PATTERN)


def seen(files: dict[str, Path]) -> Iterator[Place]:
    """Yield what the pattern finds in some files."""
    for path, file in files.items():
        text = file.read_bytes().decode("utf-8", "replace")
        for each in inspect(str(file), text, "python").findings:
            if each.pattern == _PATTERN:
                yield Place(path, each.span.start.line + 1, _PATTERN)
