"""Files that somebody else wrote, read within bounds: text, or the one reason why not."""

import os
import stat
import unicodedata
from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Problem

SKILL_FILE_LIMIT_BYTES = 256 * 1024
SKILL_MD_LIMIT_BYTES = 1024 * 1024  # the specification advises 5,000 tokens, about 20 kB
PROJECT_FILE_LIMIT_BYTES = 1024 * 1024
# tomllib takes quadratic time on a dotted key: 60,000 parts (120 kB) took 69 s, 200 take 0.8 ms.
_MAX_DOTS_IN_A_LINE = 200


def read_text(path: Path, limit_bytes: int) -> str | Problem:
    """Return the text of a regular file in UTF-8, without its byte order mark."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return Problem(shown(path), 0, "is a folder, where a file is expected")
        if not stat.S_ISREG(status.st_mode):
            return Problem(shown(path), 0, "is not a regular file")
        with path.open("rb") as file:
            data = file.read(limit_bytes + 1)
    except OSError as error:
        return Problem(shown(path), 0, f"cannot be read: {error.strerror or error}")
    if len(data) > limit_bytes:
        return Problem(shown(path), 0, f"is larger than {limit_bytes // 1024} kB, the limit here")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(shown(path), line, "is not UTF-8 text")


def parse_toml(path: str, text: str) -> dict[str, Any] | Problem:
    """Return a TOML text as plain data."""
    import tomllib  # noqa: PLC0415 - 6 ms that a start without TOML files does not need

    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MAX_DOTS_IN_A_LINE:
            return Problem(path, number, "has more dots in a line than any key needs")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place, sentence = _line_of_toml_error(str(error), text)
        return Problem(path, place, f"is not valid TOML: {sentence}")
    except ValueError:  # from int(): Python refuses to read more than 4,300 digits
        return Problem(path, 0, "is not valid TOML: a number is too long")
    except RecursionError:
        return Problem(path, 0, "is nested too deeply")


def parse_json(path: str, text: str) -> object:
    """Return a JSON text as plain data, or a :class:`Problem`."""
    import json  # noqa: PLC0415 - kept off the start path with its siblings

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return Problem(path, error.lineno, f"is not valid JSON: {error.msg}")
    except ValueError:
        return Problem(path, 0, "is not valid JSON: a number is too long")
    except RecursionError:
        return Problem(path, 0, "is nested too deeply")


def shown(path: Path | str) -> str:
    """Return a path as text that can be encoded, whatever bytes the file system has in it."""
    return os.fsencode(path).decode("utf-8", "replace")


def one_line(text: object, limit: int) -> str:
    r"""Return a foreign text as one plain line for a menu, cut at ``limit`` characters.

    Control characters, lone surrogates and direction marks (which can make a menu entry read as
    something else) become spaces.

    >>> one_line("a\n\tb\u202ec\ud800", 20), one_line("abcdef", 4)
    ('a b c', 'abc…')
    """
    head = str(text)[: 8 * limit]
    plain = "".join(" " if unicodedata.category(c) in _UNSHOWN else c for c in head)
    words = " ".join(plain.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _line_of_toml_error(message: str, text: str) -> tuple[int, str]:
    sentence, _, place = message.partition(" (at ")
    if place.startswith("line "):
        return int(place[5:].partition(",")[0]), sentence
    return text.count("\n") + 1, sentence  # "(at end of document)"
