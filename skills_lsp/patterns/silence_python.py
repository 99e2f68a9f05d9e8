"""Comments of Python that silence a tool: ``# nosec`` and ``# noqa``, with or without codes."""

import re
from collections.abc import Iterable

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.late import Late
from skills_lsp.syntax.nodes import ancestors
from skills_lsp.syntax.source import Source

_COMMENT = Late(
    r"#\s*(?:nosec(?P<tests>\s*:?\s*B\d{3}(?:[,\s]+B\d{3})*)?\b"
    r"|noqa(?!\()(?:\s*:\s*(?P<codes>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*))?)",
    re.IGNORECASE,
)
_WHOLE_FILE = Late(
    r"^\s*#\s*(?:flake8|ruff)\s*:\s*noqa(?P<codes>:[^\n]*)?\s*$", re.IGNORECASE | re.MULTILINE
)
_HEAD_BYTES = 8_000
"""How far down a comment that silences the whole file is looked for."""

_MAX_LINES = 60
"""How long a statement may be for a comment in any of its lines to speak for all of it."""

_OF_CATEGORY = {
    "async": ("ASYNC", "RUF006"),
    "docs": ("D",),
    "types": ("ANN",),
    "complexity": ("C901", "PLR"),
}
_OF_IMPORTS = {
    "unused-import": ("F401",),
    "unsorted-imports": ("I",),
    "duplicate-import": ("F811",),
    "star-import": ("F403",),
}
_NUMBERS = {
    "code-exec": (102, 307),
    "shell-injection": (601, 602, 604, 605, 606, 609),
    "deserialization": (301, 302, 614),
    "unsafe-yaml": (506,),
    "hardcoded-secret": (105, 106, 107),
    "tls-verify-off": (501, 323),
    "weak-hash": (303, 324),
    "tempfile": (108, 306),
    "sql-string": (608, 610, 611),
    "debug-server": (201,),
    "bind-all": (104,),
    "request-timeout": (113,),
    "insecure-random": (311,),
    "weak-crypto": (304, 305, 413, 505),
    "weak-tls": (502, 503, 504),
    "ssh-host-key": (507,),
    "insecure-protocol": (312, 321, 401, 402),
    "xml": (313, 314, 315, 316, 317, 318, 319, 320, 405, 406, 407, 408, 409, 410, 411),
    "template-xss": (308, 701, 702, 703, 704),
    "bidi": (613,),
}
"""bandit's tests (``B602``), which ruff took over under the same numbers (``S602``)."""


def is_silenced(source: Source, finding: Finding) -> bool:
    """Say whether a comment on one of a finding's lines, or one for the whole file, silences it."""
    codes = _codes(finding)
    return _silences_file(source, codes) or any(
        _silences(source, number, finding, codes) for number in _lines(source, finding)
    )


def _codes(finding: Finding) -> tuple[str, ...]:
    """Return how the codes begin that mean a finding."""
    if finding.category == "security":
        numbers = _NUMBERS.get(finding.pattern)
        return ("S", "B") if numbers is None else tuple(f"{it}{n}" for it in "SB" for n in numbers)
    return _OF_IMPORTS.get(finding.pattern) or _OF_CATEGORY.get(finding.category, ())


def _lines(source: Source, finding: Finding) -> Iterable[int]:
    """Return the lines on which a comment speaks for a finding."""
    if finding.category == "imports" and finding.reach is not None:
        # A comment on the first line speaks for a statement, and for a block of them.
        is_block = finding.pattern == "unsorted-imports"
        own = {finding.span.start.line, finding.span.end.line}
        return {finding.reach.start.line} | (set() if is_block else own)
    if finding.category != "security":
        return {finding.span.start.line, finding.span.end.line}
    return _statement(source, finding)


def _statement(source: Source, finding: Finding) -> range:
    """Return the lines of the statement that a finding is in; of a compound one, its own lines."""
    start, end = finding.span
    own = range(start.line, end.line + 1)
    node = source.root.descendant_for_point_range(start, start)
    for each in ancestors(node) if node is not None else ():
        if each.type.endswith("_statement"):
            body = each.child_by_field_name("body") or each.child_by_field_name("consequence")
            last = each.end_point[0] if body is None else end.line
            is_short = last - each.start_point[0] < _MAX_LINES
            return range(each.start_point[0], max(last, end.line) + 1) if is_short else own
        if each.type == "block":
            break
    return own


def _silences_file(source: Source, codes: tuple[str, ...]) -> bool:
    said = source.remember("silenced file", lambda: _said_of_file(source))
    return any(not each or _is_among(codes, each) for each in said)


def _said_of_file(source: Source) -> tuple[str, ...]:
    """Return the codes of each comment that is about the whole file; of one without, nothing."""
    head = source.text_between(0, _HEAD_BYTES)
    if "noqa" not in head.lower():
        return ()
    return tuple((each["codes"] or "").lstrip(": ") for each in _WHOLE_FILE.finditer(head))


def _silences(source: Source, number: int, finding: Finding, codes: tuple[str, ...]) -> bool:
    line = source.buffer.line(number)
    for found in _COMMENT.finditer(line) if "#" in line else ():
        named = found["codes"] or (found["tests"] or "").lstrip(": \t")
        if named:
            is_meant = _is_among(codes, named)
        else:
            is_meant = "nosec" not in found[0].lower() or finding.category == "security"
        if is_meant and _is_comment(source, number, found.start()):
            return True
    return False


def _is_among(codes: tuple[str, ...], named: str) -> bool:
    """Say whether one of some codes, or the beginning of one (``S6``), is named."""
    return any(
        each and (each.startswith(codes) or any(code.startswith(each) for code in codes))
        for each in re.split(r"[,\s]+", named.upper())
    )


def _is_comment(source: Source, number: int, character: int) -> bool:
    column = len(source.buffer.line(number)[:character].encode("utf-8", "surrogatepass"))
    node = source.root.descendant_for_point_range((number, column), (number, column + 1))
    return node is not None and node.type == "comment"
