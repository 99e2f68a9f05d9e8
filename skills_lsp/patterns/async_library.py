"""What is known of asynchronous libraries: ``async_library.txt``, read when first asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".txt")
_MAX_BASES = 5
"""How many names a class may be known by, one behind the other."""


@dataclass(frozen=True, slots=True)
class Library:
    """Functions and methods that make coroutines, and what they give. All names are dotted.

    What is ``entered`` can be awaited, and is a context manager too. ``given`` is what a function
    (once awaited), a method or an attribute gives: a class, or several for the parts of a tuple.
    """

    functions: set[str] = field(default_factory=set)
    entered: set[str] = field(default_factory=set)
    methods: dict[str, set[str]] = field(default_factory=dict)
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def makes_coroutine(self, dotted: str) -> bool:
        """Say whether a function or a method (``module.Class.name``) makes something to await."""
        if dotted in self.functions:
            return True
        owner, _, name = dotted.rpartition(".")
        return any(name in self.methods.get(each, ()) for each in self.names_of(owner))

    def is_entered(self, dotted: str) -> bool:
        """Say whether what is made can be entered by ``async with`` as well as awaited."""
        owner, _, name = dotted.rpartition(".")
        return any(f"{each}.{name}" in self.entered for each in self.names_of(owner))

    def gives(self, dotted: str) -> tuple[str, ...]:
        """Return what a function, a method or an attribute gives; nothing when that is unknown."""
        owner, _, name = dotted.rpartition(".")
        found = (self.given.get(f"{each}.{name}") for each in self.names_of(owner))
        return next(filter(None, found), ())

    def names_of(self, owner: str) -> Iterator[str]:
        """Yield a class with all whose methods it has."""
        todo = [owner]
        for _ in range(_MAX_BASES):
            if not todo:
                return
            each = todo.pop(0)
            yield each
            todo.extend(self.others.get(each, ()))


@cache
def library() -> Library:
    """Return what is known."""
    found = Library()
    for line in _lines(_FILE.read_text(encoding="utf-8")):
        _read(line, found)
    return found


@cache
def words_of(packages: frozenset[str]) -> frozenset[str]:
    """Return the last words of all that makes coroutines in some packages.

    Where a class of one has the methods of a class of another, and where one gives objects of
    another, that one's words count too.
    """
    known = library()
    reached = set(packages)
    for owner, others in (*known.others.items(), *known.given.items()):
        if owner.partition(".")[0] in packages:
            reached.update(each.partition(".")[0] for each in others)
    words = {
        each.rpartition(".")[2] for each in known.functions if each.partition(".")[0] in reached
    }
    for owner, names in known.methods.items():
        if owner.partition(".")[0] in reached:
            words |= names
    return frozenset(words)


def _lines(text: str) -> Iterator[str]:
    whole = ""
    for line in text.splitlines():
        if line.startswith(" "):
            whole += line
            continue
        if whole:
            yield whole
        whole = "" if line.startswith("#") else line
    if whole:
        yield whole


def _read(line: str, found: Library) -> None:
    if " -> " in line:
        head, _, given = line.partition(" -> ")
        found.given[head] = tuple(given.split(", "))
    elif "() = " in line:
        head, _, others = line.partition("() = ")
        found.others[head] = tuple(others.split(", "))
    else:
        head, _, names = line.partition(":")
        owner = head.removesuffix(" with").removesuffix("()")
        dotted = {f"{owner}.{name}" for name in names.split()}
        if head.endswith(" with"):
            found.entered.update(dotted)
        if "()" in head:
            found.methods.setdefault(owner, set()).update(names.split())
        else:
            found.functions.update(dotted)
