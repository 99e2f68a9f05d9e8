"""Import statements taken apart, from their text alone: names, aliases, and where comments stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r"(?P<comment>#[^\n\r]*)|(?P<word>\w+|\.+|[(),*;])")
_LINE_END = re.compile(r"[\r\n]|\Z")


@dataclass(slots=True)
class Comments:
    """The comments of a statement or a name: above it, behind it, and after the last name."""

    atop: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    trailing: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.atop or self.inline or self.trailing)

    def add(self, more: "Comments") -> None:
        """Take the comments of another place too."""
        self.atop += more.atop
        self.inline += more.inline
        self.trailing += more.trailing


@dataclass(slots=True)
class Member:
    """One name that is imported (for ``import a.b``, the module), and the name it gets here."""

    name: str
    alias: str = ""
    start: int = 0
    end: int = 0
    comments: Comments = field(default_factory=Comments)

    def without_comments(self) -> "Member":
        """Return the member alone."""
        return Member(self.name, self.alias, self.start, self.end)

    def __str__(self) -> str:
        return f"{self.name} as {self.alias}" if self.alias else self.name


@dataclass(slots=True)
class Statement:
    """One import statement; offsets are those of the text it was read from."""

    start: int
    end: int
    module: str  # with its dots; empty for plain imports
    members: list[Member]
    is_from: bool
    has_trailing_comma: bool
    comments: Comments = field(default_factory=Comments)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def read_statements(text: str, spans: list[tuple[int, int]]) -> list[Statement] | None:
    """Read the statements at some spans of a text; None when one of them is not understood."""
    comments = _comments(text, 0, _line_end(text, spans[-1][1]))
    found: list[Statement] = []
    for start, end in spans:
        statement = _statement(text, start, end)
        if statement is None:
            return None
        _take_comments(text, statement, comments)
        found.append(statement)
    return found


def _comments(text: str, start: int, end: int) -> list[_Word]:
    """Return the comments of a block, last first. A block of imports holds no strings."""
    matches = re.compile(r"#[^\n\r]*").finditer(text, start, end)
    return [_Word(each[0], each.start(), each.end()) for each in matches][::-1]


def _line_end(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def _statement(text: str, start: int, end: int) -> Statement | None:
    words = [
        _Word(each[0], each.start(), each.end())
        for each in _TOKEN.finditer(text, start, end)
        if each.lastgroup == "word"
    ]
    if not words:
        return None
    if words[0].text == "import":
        members = list(_members(words[1:]))
        if not members:
            return None
        return Statement(start, end, "", members, is_from=False, has_trailing_comma=False)
    at = next((n for n, each in enumerate(words) if each.text == "import"), 0)
    module = "".join(each.text for each in words[1:at])
    rest = [each for each in words[at + 1 :] if each.text not in "()"]
    if words[0].text != "from" or not module or not rest:
        return None
    has_comma = rest[-1].text == "," and words[-1].text == ")"
    members = list(_members(rest))
    if not members:
        return None
    return Statement(start, end, module, members, is_from=True, has_trailing_comma=has_comma)


def _members(words: list[_Word]) -> Iterator[Member]:
    part: list[_Word] = []
    for word in [*words, _Word(",", 0, 0)]:
        if word.text != ",":
            part.append(word)
            continue
        if part:
            texts = [each.text for each in part]
            at = texts.index("as") if "as" in texts else len(texts)
            name, alias = "".join(texts[:at]), "".join(texts[at + 1 :])
            yield Member(name, alias, part[0].start, part[-1].end)
        part = []


def _take_comments(text: str, statement: Statement, comments: list[_Word]) -> None:
    """Give each comment (last first) to what it speaks of, up to the end of a statement's line."""

    def take(before: int) -> list[str]:
        taken: list[str] = []
        while comments and comments[-1].start < before:
            taken.append(comments.pop().text)
        return taken

    own = statement.comments
    own.atop = take(statement.start)
    if not statement.is_from:
        own.inline = take(_line_end(text, statement.end))
        return
    members = statement.members
    first_line_end = _line_end(text, statement.start)
    if len(members) > 1 or first_line_end < members[0].start:
        own.inline = take(first_line_end)
    for member in members:
        member.comments.atop = take(member.start)
        member.comments.inline = take(_line_end(text, member.end))
    members[-1].comments.trailing = take(statement.end)
    own.trailing = take(_line_end(text, statement.end))
