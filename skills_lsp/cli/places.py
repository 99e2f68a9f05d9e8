"""Files and places as people write them: ``FILE:LINE:COL``."""

import os.path
import re
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.errors import UsageError
from skills_lsp.reports.layout import plural
from skills_lsp.syntax.languages import language_of

_PLACE = re.compile(
    r"(?P<file>.*?)(?::(?P<line>[0-9]{1,9}))?(?::(?P<column>[0-9]{1,9}))?:?\Z", re.DOTALL
)
# Larger files are generated or data: nobody puts a cursor there, and they take minutes.
_MAX_FILE_BYTES = 8_000_000
# Languages that skills are for and that are not parsed; editors name them by these ids.
_IDS_BY_SUFFIX = {
    ".bash": "shellscript",
    ".json": "json",
    ".markdown": "markdown",
    ".md": "markdown",
    ".rst": "restructuredtext",
    ".sh": "shellscript",
    ".sql": "sql",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
}
# The ids under which skills name the parsed languages, where they differ from the grammar's.
_IDS_BY_PARSED_SUFFIX = {".jsx": "javascriptreact", ".tsx": "typescriptreact"}


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
        When there is no such file, or line and column do not start from 1.
    """
    if "\0" in text:
        raise UsageError("unknown-file", "A file name holds no NUL character.")
    if os.path.isfile(text):  # noqa: PTH113 - a name may end in ":12", or be none (too long)
        return FilePlace(Path(text).resolve(), 1, 1)
    match = _PLACE.fullmatch(text)
    assert match is not None  # the pattern matches every text
    path = Path(match["file"])
    if not match["file"] or not os.path.exists(path):  # noqa: PTH110 - Path.exists raises where a name is too long
        raise _no_such_file(match["file"])
    if not path.is_file():
        raise UsageError("not-a-file", f"{match['file']!r} is not a file.")
    line, column = int(match["line"] or 1), int(match["column"] or 1)
    if line < 1 or column < 1:
        raise UsageError("bad-place", f"Lines and columns start from 1, not {text!r}.")
    return FilePlace(path.resolve(), line, column)


def _no_such_file(name: str) -> UsageError:
    file, _, place = name.rpartition(":")
    if file and os.path.isfile(file):  # noqa: PTH113 - as above
        return UsageError(
            "bad-place",
            f"{place[:80]!r} is no line of {file}.",
            "Write FILE:LINE or FILE:LINE:COL.",
        )
    return UsageError("unknown-file", f"There is no file {_short(name)!r}.")


def _short(name: str, limit: int = 200) -> str:
    return name if len(name) <= limit else f"{name[:limit]}…"


def check_line(place: FilePlace, lines: list[str]) -> None:
    """Refuse a line that the file does not have; what follows the last line break is none."""
    n_lines = len(lines) - 1 if len(lines) > 1 and not lines[-1] else len(lines)
    if place.line > n_lines:
        has = plural(n_lines, "line")
        raise UsageError("unknown-line", f"{place.path.name} has {has}, no line {place.line}.")


def language_id_of(path: str | Path) -> str:
    """Return the language id that an editor would send for a file; empty when we know of none.

    >>> language_id_of("a.py"), language_id_of("b.tsx"), language_id_of("run.sh")
    ('python', 'typescriptreact', 'shellscript')
    >>> language_id_of("Makefile")
    ''
    """
    suffix = Path(path).suffix.lower()
    parsed = _IDS_BY_PARSED_SUFFIX.get(suffix) or language_of("", str(path))
    return parsed or _IDS_BY_SUFFIX.get(suffix, "")


def unknown_language(path: str | Path, also: str = "") -> UsageError:
    """Return the error for a file in a language that we do not know."""
    return UsageError(
        "unknown-language",
        f"{Path(path).name} is in no language that skills-lsp reads.",
        f"It reads Python, JavaScript and TypeScript (.py .pyi .js .jsx .mjs .ts .tsx …){also}.",
    )


def read_text(path: str | Path) -> str:
    """Return a file's text, without a byte order mark; bytes that are no UTF-8 are replaced."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError("unknown-file", f"Cannot read {path}: {error.strerror}.") from error
    if len(data) > _MAX_FILE_BYTES:
        raise UsageError("large-file", f"{path} is larger than {_MAX_FILE_BYTES // 10**6} MB.")
    if b"\0" in data:
        raise UsageError("no-text", f"{path} is no text in UTF-8.")
    return data.decode("utf-8-sig", "replace")
