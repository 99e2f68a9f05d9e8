"""Comments by which people silence a tool on a line; we keep quiet there as well."""

import re

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import silence_javascript
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.source import Source

_PYTHON = re.compile(
    r"#\s*(?:nosec\b|noqa(?:\s*:\s*(?P<codes>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*))?)", re.IGNORECASE
)
_CODES = {
    "security": ("S", "B"),
    "imports": ("F401", "F403", "F811", "I001", "I"),
    "async": ("ASYNC", "RUF006"),
    "docs": ("D",),
    "types": ("ANN",),
    "complexity": ("C901", "PLR"),
}


def is_silenced(source: Source, finding: Finding) -> bool:
    """Say whether a comment on a finding's first or last line (or the line above it) silences it."""
    if finding.category in ("tests", "data"):
        return False
    lines = {finding.span.start.line, finding.span.end.line}
    if source.family is Family.PYTHON:
        if _silences_file(source, finding.category):
            return True
        return any(_silences_python(source, number, finding.category) for number in lines)
    return silence_javascript.is_silenced(source, finding)


_WHOLE_FILE = re.compile(
    rb"^\s*#\s*(?:flake8|ruff)\s*:\s*noqa(?P<codes>:[^\n]*)?\s*$", re.IGNORECASE | re.MULTILINE
)
_HEAD_BYTES = 8_000
"""How far down a comment that silences the whole file is looked for."""


def _silences_file(source: Source, category: str) -> bool:
    found = source.remember(
        "silenced file", lambda: list(_WHOLE_FILE.finditer(bytes(source.data[:_HEAD_BYTES])))
    )
    codes = _CODES.get(category, ())
    return any(
        each["codes"] is None or any(code.startswith(codes) for code in _split(each["codes"]))
        for each in found
    )


def _split(codes: bytes) -> list[str]:
    return re.split(r"[,\s]+", codes.decode("ascii", "replace").upper().lstrip(": "))


def _silences_python(source: Source, number: int, category: str) -> bool:
    for found in _PYTHON.finditer(source.buffer.line(number)):
        codes = found["codes"]
        if codes is None:
            is_meant = "nosec" not in found[0].lower() or category == "security"
        else:
            is_meant = codes.upper().startswith(_CODES.get(category, ())) or any(
                code.startswith(_CODES.get(category, ()))
                for code in re.split(r"[,\s]+", codes.upper())
            )
        if is_meant and _is_comment(source, number, found.start()):
            return True
    return False


def _is_comment(source: Source, number: int, character: int) -> bool:
    column = len(source.buffer.line(number)[:character].encode("utf-8", "surrogatepass"))
    node = source.root.descendant_for_point_range((number, column), (number, column + 1))
    return node is not None and node.type == "comment"
