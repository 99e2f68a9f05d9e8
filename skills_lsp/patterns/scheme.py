"""Reading of pattern files: tree-sitter's query language, cut into structures and predicates.

tree-sitter needs 0.5 to 3 ms to compile one structure, and forty patterns over calls share one
("a call with its arguments"). So the structures are taken apart from the predicates: equal ones are
compiled once, all of a language in one query, and the predicates are answered in Python.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

_TOKEN = re.compile(r';[^\n]*|"(?:\\.|[^"\\])*"|[()\[\]]|[^\s()\[\]";]+|"')
_CLOSES = {"(": ")", "[": "]"}

Form: TypeAlias = "str | list[Form]"


@dataclass(frozen=True, slots=True)
class Predicate:
    """One ``(#name? …)``: captures keep their ``@``, strings their quotes."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One pattern of a file: the structure to look for and what must hold of its captures."""

    structure: str
    predicates: tuple[Predicate, ...]
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Header:
    """The comment that opens a file: what is seen and why it matters, and the source."""

    summary: str
    source: str


def read(text: str) -> tuple[Header, tuple[Clause, ...]]:
    """Read a pattern file. Raises ValueError with the reason when it is not well formed."""
    return _header(text), tuple(map(_clause, _top_level(_forms(text))))


def string_value(token: str) -> str:
    """Return what a quoted token stands for."""
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), token[1:-1])


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def _header(text: str) -> Header:
    said: list[str] = []
    source = ""
    for line in text.splitlines():
        if not line.startswith(";"):
            break
        words = line.lstrip("; ").rstrip()
        if words.startswith("Source: "):
            source = words.removeprefix("Source: ")
        elif words:
            said.append(words)
    return Header(" ".join(said), source)


def _forms(text: str) -> list[Form]:
    top: list[Form] = []
    stack: list[list[Form]] = [top]
    for word in _TOKEN.findall(text):
        if word.startswith(";"):
            continue
        if word in _CLOSES:
            inner: list[Form] = [word]
            stack[-1].append(inner)
            stack.append(inner)
        elif word in (")", "]"):
            if len(stack) == 1 or _CLOSES[str(stack[-1][0])] != word:
                raise ValueError(f"a {word} closes nothing")
            stack.pop()
        elif word == '"':
            raise ValueError("a string is not closed")
        else:
            stack[-1].append(word)
    if len(stack) > 1:
        raise ValueError(f"a {stack[-1][0]} is not closed")
    return top


def _top_level(forms: list[Form]) -> list[list[Form]]:
    """Put each form with the captures and quantifiers that follow it."""
    groups: list[list[Form]] = []
    for form in forms:
        if isinstance(form, list) or form.startswith('"'):
            groups.append([form])
        elif groups:
            groups[-1].append(form)
        else:
            raise ValueError(f"{form} stands before any pattern")
    return groups


def _clause(group: list[Form]) -> Clause:
    predicates: list[Predicate] = []
    settings: dict[str, str] = {}
    main = group[0]
    if isinstance(main, list):
        main = _without_predicates(main, predicates, settings)
        if len(group) == 1 and main[0] == "(" and len(main) > 1 and isinstance(main[1], list):
            return Clause(_text(main[1:]), tuple(predicates), settings)
    return Clause(_text([main, *group[1:]]), tuple(predicates), settings)


def _without_predicates(
    form: list[Form], predicates: list[Predicate], settings: dict[str, str]
) -> list[Form]:
    kept: list[Form] = []
    for part in form:
        if not isinstance(part, list):
            kept.append(part)
            continue
        head = part[1] if len(part) > 1 else ""
        if isinstance(head, str) and head.startswith("#"):
            words = tuple(str(word) for word in part[2:])
            if head == "#set!":
                settings[words[0]] = string_value(words[1]) if len(words) > 1 else ""
            else:
                predicates.append(Predicate(head[1:], words))
        else:
            kept.append(part)
    return kept


def _text(forms: list[Form]) -> str:
    """Write forms back, in one spelling: equal structures become equal texts."""
    words: list[str] = []
    stack: list[tuple[list[Form], int]] = [(forms, 0)]
    while stack:
        form, at = stack.pop()
        if at == len(form):
            if form is not forms:
                words.append(_CLOSES[str(form[0])])
            continue
        stack.append((form, at + 1))
        part = form[at]
        if isinstance(part, list):
            stack.append((part, 0))
        else:
            words.append(part)
    return " ".join(words)
