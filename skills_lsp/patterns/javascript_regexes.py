r"""Regular expressions that can take exponential time: a repetition inside a repetition.

The measure is the star height, as the package safe-regex takes it (above 1 is unsafe), with two
differences: only repetitions without an end count, and a loop of which each turn begins or ends with
a character that nothing else in it matches, ``(?:,\w+)*``, has one way to match a text.

Source: https://github.com/davisjam/safe-regex
"""

from dataclasses import dataclass, field

from tree_sitter import Node

from skills_lsp.patterns.javascript_values import string_text
from skills_lsp.patterns.look import Look

_MAX_LENGTH = 1_000
"""A longer expression is not read."""

_MAX_DEPTH = 30
_ALL = (1 << 129) - 1  # ASCII, and one bit for everything else
_OTHER = 1 << 128


def _of(characters: str) -> int:
    found = 0
    for each in characters:
        found |= 1 << min(ord(each), 128)
    return found


_DIGITS = _of("0123456789")
_WORD = _DIGITS | _of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SPACE = _of(" \t\n\r\f\v") | _OTHER
_CLASSES = {
    "d": _DIGITS,
    "D": _ALL ^ _DIGITS,
    "w": _WORD,
    "W": _ALL ^ _WORD,
    "s": _SPACE,
    "S": _ALL ^ _of(" \t\n\r\f\v"),
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}


@dataclass(slots=True)
class _Item:
    """One thing that is matched: which characters, how often, and whether it is one character."""

    characters: int
    low: int = 1
    is_endless: bool = False
    holds_endless: bool = False
    is_single: bool = True


@dataclass(slots=True)
class _Group:
    """A group that is being read: its alternatives, each a list of items."""

    is_zero_width: bool = False
    alternatives: list[list[_Item]] = field(default_factory=lambda: [[]])


def is_nested_repetition(look: Look, pattern: Node) -> bool:
    """Say whether a regular expression has a repetition inside a repetition."""
    return is_unsafe(look.text(pattern))


def is_nested_in_string(look: Look, value: Node) -> bool:
    """Say whether a string (or a regular expression) given to RegExp has such a repetition."""
    text = string_text(look, value)
    return text is not None and is_unsafe(text.replace("\\\\", "\\"))


def is_unsafe(expression: str) -> bool:
    r"""Say whether an expression can take exponential time.

    Examples
    --------
    >>> is_unsafe("(x+x+)+y"), is_unsafe(r"(?:,\w+)*"), is_unsafe("^d+1337d+$")
    (True, False, False)
    """
    if len(expression) > _MAX_LENGTH or not any(each in expression for each in "*+{"):
        return False
    return _Reader(expression).read()


class _Reader:
    """Reads an expression once, from left to right."""

    __slots__ = ("_at", "_groups", "_text", "_unsafe")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._groups = [_Group()]
        self._unsafe = False

    def read(self) -> bool:
        text, size = self._text, len(self._text)
        while self._at < size and not self._unsafe and len(self._groups) <= _MAX_DEPTH:
            sign = text[self._at]
            self._at += 1
            if sign == "(":
                self._open()
            elif sign == ")":
                if len(self._groups) > 1:
                    self._close()
            elif sign == "|":
                self._groups[-1].alternatives.append([])
            elif sign == "[":
                self._take(_Item(self._class()))
            elif sign == "\\":
                self._escape()
            elif sign not in "^$":
                self._take(_Item(_ALL ^ _of("\n\r") if sign == "." else _of(sign)))
        return self._unsafe

    def _open(self) -> None:
        text = self._text
        is_zero_width = text.startswith(("?=", "?!", "?<=", "?<!"), self._at)
        if text.startswith("?", self._at):
            named = text.startswith("?<", self._at) and not is_zero_width
            end = text.find(">", self._at) if named else self._at + 1
            while not named and end < len(text) and text[end] in "<=!:imsx-":
                end += 1
                if text[end - 1] in ":=!":
                    break
            self._at = end + 1 if named else end
        self._groups.append(_Group(is_zero_width))

    def _close(self) -> None:
        group = self._groups.pop()
        items = [each for alternative in group.alternatives for each in alternative]
        characters = 0
        for each in items:
            characters |= each.characters
        low = min((sum(i.low for i in each) for each in group.alternatives), default=0)
        is_single = all(
            len(each) == 1 and each[0].is_single and not each[0].is_endless and each[0].low == 1
            for each in group.alternatives
        )
        item = _Item(
            characters,
            min(low, 1),
            holds_endless=any(each.is_endless or each.holds_endless for each in items),
            is_single=is_single,
        )
        low_times, is_endless = self._times()
        if group.is_zero_width:
            return
        if is_endless and item.holds_endless and not _is_fenced(group, characters):
            self._unsafe = True
        item.low = min(item.low, low_times)
        item.is_endless = is_endless
        self._groups[-1].alternatives[-1].append(item)

    def _take(self, item: _Item) -> None:
        item.low, item.is_endless = self._times()
        self._groups[-1].alternatives[-1].append(item)

    def _times(self) -> tuple[int, bool]:
        """Read a quantifier; return the least number of turns and whether there is no greatest."""
        text, at = self._text, self._at
        sign = text[at] if at < len(text) else ""
        low, is_endless, size = 1, False, 0
        if sign and sign in "*+?":
            low, is_endless, size = (1 if sign == "+" else 0), sign != "?", 1
        elif sign == "{":
            end = text.find("}", at)
            least, comma, most = text[at + 1 : end].partition(",")
            if end > 0 and least.isdigit() and (not most or most.isdigit()):
                low, is_endless, size = min(int(least), 1), bool(comma) and not most, end + 1 - at
        self._at += size
        if size and text.startswith("?", self._at):
            self._at += 1
        return low, is_endless

    def _escape(self) -> None:
        sign = self._text[self._at : self._at + 1]
        self._at += 1
        if sign in ("b", "B"):
            return
        if sign and sign in "123456789k":
            self._take(_Item(_ALL, is_single=False))
            return
        self._take(_Item(self._escaped(sign)))

    def _escaped(self, sign: str) -> int:
        """Return what an escape matches; the escape's letter was read."""
        if sign in _CLASSES:
            return _CLASSES[sign]
        text = self._text
        if sign in ("p", "P", "u") and text.startswith("{", self._at):
            self._at = text.find("}", self._at) + 1 or len(text)
            return _ALL
        if sign in ("x", "u"):
            size = 2 if sign == "x" else 4
            digits = text[self._at : self._at + size]
            if len(digits) == size and all(each in "0123456789abcdefABCDEF" for each in digits):
                self._at += size
                return 1 << min(int(digits, 16), 128)
        return _of(_CONTROLS.get(sign, sign)) if sign else 0

    def _class(self) -> int:
        text, size = self._text, len(self._text)
        is_negated = text.startswith("^", self._at)
        self._at += is_negated
        found = 0
        while self._at < size and text[self._at] != "]":
            first = self._member()
            if text.startswith("-", self._at) and text[self._at + 1 : self._at + 2] not in (
                "]",
                "",
            ):
                self._at += 1
                last = self._member()
                if first and last and first.bit_count() == last.bit_count() == 1:
                    low, high = first.bit_length() - 1, last.bit_length() - 1
                    found |= ((1 << (high + 1)) - 1) & ~((1 << low) - 1) if high >= low else 0
                    continue
                found |= first | last
                continue
            found |= first
        self._at += 1
        return _ALL ^ found if is_negated else found

    def _member(self) -> int:
        sign = self._text[self._at]
        self._at += 1
        if sign != "\\":
            return _of(sign)
        sign = self._text[self._at : self._at + 1]
        self._at += 1
        return _of("\b") if sign == "b" else self._escaped(sign)


def _is_fenced(group: _Group, characters: int) -> bool:
    """Say whether each turn of a loop has a character that tells where it begins or ends."""
    for alternative in group.alternatives:
        if not any(each.is_endless or each.holds_endless for each in alternative):
            continue
        others = [each for each in group.alternatives if each is not alternative]
        beside = 0
        for other in others:
            for each in other:
                beside |= each.characters
        if not any(_fences(alternative, index, beside) for index in range(len(alternative))):
            return False
    return bool(characters)


def _fences(items: list[_Item], index: int, beside: int) -> bool:
    fence = items[index]
    if fence.low < 1 or fence.is_endless or not fence.is_single:
        return False
    before, after = items[:index], items[index + 1 :]
    first, last = _union(before), _union(after)
    if fence.characters & (first | last | beside):
        return False
    if not first & last:
        return True
    ends = after[-1] if after else None
    begins = before[0] if before else None
    return (ends is not None and ends.low > 0 and not ends.characters & first) or (
        begins is not None and begins.low > 0 and not begins.characters & last
    )


def _union(items: list[_Item]) -> int:
    found = 0
    for each in items:
        found |= each.characters
    return found
