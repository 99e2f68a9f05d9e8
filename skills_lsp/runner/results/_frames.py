"""Stack traces of Python and JavaScript, as places."""

import re

from skills_lsp.runner.results._places import Frame

_MAX_LINES = 5000
_MAX_MESSAGE_CHARACTERS = 4000  # searched for places; the time grows with its square
# "tests/test_a.py:12: AssertionError", "src/a.py:3: in total"; not pytest's "E   …" lines.
_PYTEST = re.compile(r"(?!E\s)(?P<path>(?:[A-Za-z]:)?[^\s:][^:]*):(?P<line>\d+): (?P<rest>.*)")
_PYTHON = re.compile(r'\s*(?:E\s+)?File "(?P<path>[^"]+)", line (?P<line>\d+)')
_ASYNC = re.compile(r"^async\s+")
# What bundlers put into the message: "/a/b.ts:3:8: ERROR: …", "At file: /a/b.js:2:8".
_IN_MESSAGE = re.compile(
    r"(?P<path>(?:[A-Za-z]:|file://)?[^\s:()\"'`]+):(?P<line>\d+):(?P<column>\d+)"
)
# Babel: "/a/b.js: Unexpected token (2:8)", with the column from 0.
_BABEL = re.compile(
    r"(?P<path>(?:[A-Za-z]:)?[^\s:()][^:\n()]*\.\w+): [^\n]*\((?P<line>\d+):(?P<column>\d+)\)"
)


def python_frames(text: str) -> list[Frame]:
    """Return the frames of a traceback, pytest's or Python's own, innermost first."""
    frames = []
    for line in text.splitlines()[-_MAX_LINES:]:
        match = _PYTEST.match(line) or _PYTHON.match(line)
        if match is not None:
            frames.append(Frame(match["path"], _number(match["line"])))
    return frames[::-1]


def exception_at_frame(text: str) -> str:
    """Return the exception's name in pytest's last line ("tests/test_a.py:12: KeyError")."""
    for line in reversed(text.splitlines()[-_MAX_LINES:]):
        match = _PYTEST.match(line)
        if match is not None:
            return match["rest"] if match["rest"].isidentifier() else ""
    return ""


def script_frames(text: str) -> list[Frame]:
    """Return the frames of a JavaScript stack, V8's or vitest's, innermost first.

    Where there is no stack, the first place that the message names.
    """
    frames = []
    for line in text.splitlines()[:_MAX_LINES]:
        stripped = line.strip()
        if stripped.startswith("at "):
            frames += _v8(stripped.removeprefix("at "))
        elif stripped.startswith("❯ "):
            frames += _frame(stripped.rpartition(" ")[2])
    return frames


def frames_in_message(text: str) -> list[Frame]:
    """Return the places that a message names without a stack."""
    text = text[:_MAX_MESSAGE_CHARACTERS]
    matches = (*_IN_MESSAGE.finditer(text), *_BABEL.finditer(text))
    # Unlike stacks, the parsers (esbuild, rollup, Babel) count columns from 0.
    return [
        Frame(match["path"], _number(match["line"]), _number(match["column"]) + 1)
        for match in matches
    ]


def without_frames(text: str) -> str:
    """Return the message of a stack: what stands before its first frame."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip().startswith(("at ", "❯ ")) and _is_frame(line.strip()):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def _v8(text: str) -> list[Frame]:
    if text.endswith(")"):
        return _frame(text[text.rfind("(") + 1 : -1])
    return _frame(_ASYNC.sub("", text))


def _frame(text: str) -> list[Frame]:
    parts = text.rsplit(":", 2)
    if len(parts) != 3 or not parts[1].isdecimal() or not parts[2].isdecimal():  # noqa: PLR2004
        return []
    if not parts[0] or parts[0].startswith("node:"):
        return []
    return [Frame(parts[0], _number(parts[1]), _number(parts[2]))]


def _is_frame(line: str) -> bool:
    return bool(re.search(r":\d+:\d+\)?$|\(<anonymous>\)$", line))


def _number(digits: str) -> int:
    return int(digits[:9])
