r"""Taking the good records out of a file that is no JSON any more: cut off, overwritten, patched.

A record is an object without objects in it, so that each one can be found by itself. What stands
between those that were found is looked through for the remains of others.

>>> found = salvage('{"invocations": [{"skill_name": "a", "invoked_at": "t"}, {"skill_na')
>>> [it["skill_name"] for _, it in found.records], [it.reason for it in found.skipped]
(['a'], ['the file ends in the middle of it'])
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from skills_lsp.domain.imported import Skipped

# Longer than any record we know of; bounds the work that one broken quote can make.
MAX_RECORD_CHARACTERS = 65_536

# Possessive, so that what does not match is given up at once. A text ends on its line.
_OBJECT = re.compile(r'\{(?:[^{}"]++|"(?:[^"\\\n\r]++|\\.)*+")*+\}')
_RECORDS = re.compile(r'(?<!\\)"invocations"\s*:\s*\[')
_TOTALS = re.compile(r'(?<!\\)"skills"\s*:\s*(?=\{)')
_NAME = re.compile(r'(?<!\\)"skill_name"')
_NOTHING = re.compile(r'[\s,\]}]*+(?:"(?:last_updated|exported_at)"\s*:\s*"[^"]*"[\s,}]*+)?')


@dataclass(frozen=True, slots=True)
class Salvaged:
    """Records with their places, pieces that are lost, and the file's own totals."""

    records: tuple[tuple[str, Mapping[str, Any]], ...]
    skipped: tuple[Skipped, ...]
    totals: Mapping[str, Any] | None


def salvage(text: str) -> Salvaged:
    """Return what a text that cannot be parsed still holds."""
    spans = [*_records(text)]
    begin = _RECORDS.search(text)
    start = begin.end() if begin else 0
    end = _TOTALS.search(text, start)
    stop = end.start() if end else len(text)
    lines = _Lines(text)
    records = tuple((f"line {lines.at(first)}", it) for first, _, it in spans)
    return Salvaged(records, tuple(_remains(text, spans, start, stop)), _totals(text))


def _records(text: str) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    at = text.find("{")
    while at >= 0:
        match = _OBJECT.match(text, at, at + MAX_RECORD_CHARACTERS)
        found = _parsed(match[0]) if match else None
        if match and found is not None:
            if "skill_name" in found and "invoked_at" in found:
                yield at, match.end(), found
            at = text.find("{", match.end())
        else:
            at = text.find("{", at + 1)


def _parsed(piece: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(piece, strict=False)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _remains(
    text: str, spans: list[tuple[int, int, Mapping[str, Any]]], start: int, stop: int
) -> Iterator[Skipped]:
    """Yield what lies between the records and is more than what parts them."""
    lines, at = _Lines(text), start
    for first, after, _ in (*spans, (stop, stop, {})):
        if first > stop:
            break
        if first < start:
            continue
        yield from _lost(text, at, first, lines)
        at = after


def _lost(text: str, at: int, until: int, lines: "_Lines") -> Iterator[Skipped]:
    rest = _NOTHING.match(text, at, until)
    if rest is not None and rest.end() >= until:
        return
    is_end = until >= len(text)
    reason = "the file ends in the middle of it" if is_end else "it is damaged, and no JSON"
    names = [match.start() for match in _NAME.finditer(text, at, until)]
    for n, place in enumerate(names or [rest.end() if rest else at]):
        is_last = n == max(len(names) - 1, 0)
        said = reason if is_last else "it is damaged, and no JSON"
        yield Skipped(f"line {lines.at(place)}", said)


def _totals(text: str) -> Mapping[str, Any] | None:
    found = _TOTALS.search(text)
    if found is None:
        return None
    try:
        totals, _ = json.JSONDecoder(strict=False).raw_decode(text, found.end())
    except (ValueError, RecursionError):
        return None
    return totals if isinstance(totals, dict) else None


class _Lines:
    """Numbers of lines, for places that are asked for in their order."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 1

    def at(self, place: int) -> int:
        self._line += self._text.count("\n", self._at, place)
        self._at = max(self._at, place)
        return self._line
