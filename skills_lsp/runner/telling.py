"""The line of a tool's output that tells most, for summaries."""

import re

_COLOURS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_MAX_CHARACTERS = 200_000  # from the end: what matters stands there
_TELLING = re.compile(
    r"(?i)^(?:[\w.]*(?:error|exception)\b|(?:npm )?(?:error|err!|fatal|failed|usage)\b|[^:\n]{1,60}: (?:fatal )?error: )"
)
_EXCEPTION = re.compile(
    r"(?:[\w.]*\.)?(?P<name>[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt))\b"
)


def telling_line(output: str) -> str:
    r"""Return the last line that names an error, else the last that says something.

    Examples
    --------
    >>> telling_line("collecting\nERROR: not found: a.py\n\ndone")
    'ERROR: not found: a.py'
    """
    lines = _lines(output)
    return next((line for line in reversed(lines) if _TELLING.match(line)), last_line(output))


def last_line(output: str) -> str:
    """Return the last line with a letter or digit in it."""
    return next((line for line in reversed(_lines(output)) if re.search(r"\w", line)), "")


def error_name(line: str) -> str:
    """Return the exception that a line names, or nothing.

    Examples
    --------
    >>> error_name("json.decoder.JSONDecodeError: Expecting value")
    'JSONDecodeError'
    """
    match = _EXCEPTION.match(line)
    return match["name"] if match is not None else ""


def without_colours(text: str) -> str:
    """Return the text without terminal sequences."""
    return _COLOURS.sub("", text) if "\x1b" in text else text


def _lines(output: str) -> list[str]:
    text = without_colours(output[-_MAX_CHARACTERS:])
    return [line.rpartition("\r")[2].strip() for line in text.replace("\r\n", "\n").split("\n")]
