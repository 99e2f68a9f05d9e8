"""How a block of import statements is laid out when it is in order.

The rules are those of isort's profile "black", which ruff has by default, with the settings that
both know: https://docs.astral.sh/ruff/settings/#lintisort, https://pycqa.github.io/isort/ .
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import TypeAlias

from skills_lsp.domain.project import ImportRules
from skills_lsp.patterns.import_sections import FUTURE, section_of
from skills_lsp.patterns.import_statements import Comments, Member, Statement

Key: TypeAlias = tuple[object, ...]

_DIGITS = re.compile(r"([0-9]+)")
_TAB = 4


@dataclass(slots=True)
class Entry:
    """One import statement as it is to be: what statements said, taken apart or put together."""

    statement: Statement  # the first that says some of it
    index: int  # of that statement
    members: dict[tuple[str, str], Member] = field(default_factory=dict)
    comments: Comments = field(default_factory=Comments)
    has_trailing_comma: bool = False
    section: str = ""
    group: int = 0  # more than 0 where a module is to stand apart

    @property
    def part(self) -> tuple[int, str]:
        """What stands together, without an empty line."""
        return self.group, self.section

    @property
    def names(self) -> list[Member]:
        """The members, in order."""
        return list(self.members.values())


@dataclass(frozen=True, slots=True)
class Layout:
    """A block as it is to be: its statements in order, and its lines without their indentation."""

    entries: tuple[Entry, ...]
    lines: tuple[str, ...]
    by_member: dict[tuple[str, str, str], int]  # the place of each (module, name, alias)


def laid_out(
    statements: Iterable[Statement], path: str, rules: ImportRules, indentation: int
) -> Layout:
    """Return a block of statements as it is to be."""
    entries: list[Entry] = []
    for number, group in enumerate(_separated(list(_entries(statements, rules)), rules)):
        for entry in _ordered(group, path, rules):
            entry.group = number
            entries.append(entry)
    lines = tuple(_lines(entries, rules, indentation))
    places = {
        (entry.statement.module if entry.statement.is_from else "", *member): place
        for place, entry in enumerate(entries)
        for member in entry.members
    }
    return Layout(tuple(entries), lines, places)


def _entries(statements: Iterable[Statement], rules: ImportRules) -> Iterable[Entry]:
    """Take imports of several modules apart, and put together what one statement can hold."""
    found: dict[Key, Entry] = {}
    for index, statement in enumerate(statements):
        alone = (
            rules.force_single_line
            and statement.is_from
            and statement.module not in rules.single_line_exclusions
            and statement.members[0].name != "*"
        )
        for place, member in enumerate(statement.members):
            key = _entry_key(statement, member, rules, alone=alone)
            entry = found.setdefault(key, Entry(statement, index))
            if not statement.is_from:
                entry.members.setdefault((member.name, member.alias), member)
                if not place:
                    entry.comments.add(statement.comments)
                continue
            kept = entry.members.setdefault((member.name, member.alias), member.without_comments())
            kept.comments.add(member.comments)
            if not place:
                entry.comments.add(statement.comments)
            elif alone:
                entry.comments.inline += statement.comments.inline
                entry.comments.trailing += statement.comments.trailing
            if statement.has_trailing_comma and not alone and rules.split_on_trailing_comma:
                entry.has_trailing_comma = True
    for entry in found.values():
        if entry.statement.is_from:
            names = sorted(entry.names, key=lambda each: member_key(each, rules))
            entry.members = {(each.name, each.alias): each for each in names}
    return _cut_at_aliases(list(found.values()), rules) if rules.is_isort else found.values()


def _cut_at_aliases(entries: list[Entry], rules: ImportRules) -> Iterator[Entry]:
    """Yield the entries as isort has them: a name with an alias parts those around it."""
    aliases: dict[str, list[Key]] = {}
    for entry in entries:
        if entry.statement.is_from and len(entry.members) == 1 and entry.names[0].alias:
            key = member_key(entry.names[0], rules)
            aliases.setdefault(entry.statement.module, []).append(key)
    for entry in entries:
        cuts = aliases.get(entry.statement.module, []) if entry.statement.is_from else []
        parts: dict[int, Entry] = {}
        for member in entry.names:
            key = member_key(member, rules)
            place = sum(cut < key for cut in cuts)
            part = parts.setdefault(place, replace(entry, members={}))
            part.members[member.name, member.alias] = member
        yield from parts.values()


def _entry_key(statement: Statement, member: Member, rules: ImportRules, *, alone: bool) -> Key:
    if not statement.is_from:
        return ("", member.name, member.alias)
    if member.name == "*":
        return (statement.module, "*")
    if alone or (member.alias and not rules.combine_as):
        return (statement.module, member.name, member.alias)
    return (statement.module,)


def _separated(entries: list[Entry], rules: ImportRules) -> Iterator[list[Entry]]:
    """Yield the entries, then those of each module that is to stand apart."""
    groups: list[list[Entry]] = [[] for _ in range(len(rules.forced_separate) + 1)]
    for entry in entries:
        module = module_of(entry)
        place = next(
            (n for n, top in enumerate(rules.forced_separate, 1) if module.startswith(top)), 0
        )
        groups[place].append(entry)
    yield from groups


def _ordered(entries: list[Entry], path: str, rules: ImportRules) -> Iterator[Entry]:
    by_section: dict[str, list[Entry]] = {}
    for entry in entries:
        entry.section = section_of(module_of(entry), path, rules)
        by_section.setdefault(entry.section, []).append(entry)
    for section in rules.sections:
        group = by_section.get(section, [])
        if section == FUTURE:
            first_kind: bool | None = True
        else:
            first_kind = None if rules.force_sort_within_sections else rules.from_first
        yield from sorted(group, key=partial(_entry_order, rules=rules, first_kind=first_kind))


def _entry_order(entry: Entry, rules: ImportRules, *, first_kind: bool | None) -> Key:
    kind = 0 if first_kind is None or entry.statement.is_from is first_kind else 1
    return (kind, *_module_key(entry, rules), entry.index)


def module_of(entry: Entry) -> str:
    """Return the module that an entry is about."""
    return entry.statement.module if entry.statement.is_from else entry.names[0].name


def _module_key(entry: Entry, rules: ImportRules) -> Key:
    is_from = entry.statement.is_from
    module = module_of(entry)
    name = module.lstrip(".")
    level = len(module) - len(name)
    has_length = rules.length_sort or (rules.length_sort_straight and not is_from)
    distance = (0, level if rules.is_nearest_first else -level) if level else (1, 0)
    first = member_key(entry.names[0], rules) if is_from else ()
    alias = "" if is_from else entry.names[0].alias
    return (
        name not in rules.force_to_top,
        (width(name) + level) if has_length else 0,
        distance,
        natural(name.lower(), rules) if not rules.case_sensitive else (),
        natural(name, rules),
        first,
        natural(alias, rules),
    )


def member_key(member: Member, rules: ImportRules) -> Key:
    """Return the key by which the names of one import are sorted."""
    name = member.name
    return (
        name != "*",
        _kind(name, rules) if rules.order_by_type else 0,
        width(name) if rules.length_sort else 0,
        natural(name.lower(), rules) if not rules.case_sensitive else (),
        natural(name, rules),
        natural(member.alias, rules),
    )


def _kind(name: str, rules: ImportRules) -> int:
    """Return 0 for the name of a constant, 1 for that of a class, 2 for any other."""
    if name in rules.constants:
        return 0
    if name in rules.classes:
        return 1
    if name in rules.variables:
        return 2
    if len(name) > 1 and name.isupper():
        return 0
    return 1 if name[:1].isupper() else 2


def natural(text: str, rules: ImportRules) -> Key:
    """Return a key by which ``a2`` comes before ``a10``; for isort, ``a1`` also before ``a.b``."""
    return _natural(text, rules.is_isort)


@lru_cache(64)
def _natural(text: str, is_isort: bool) -> Key:
    if is_isort:
        parts = enumerate(_DIGITS.split(text))
        return tuple((int(part[:18]), "") if place % 2 else (0, part) for place, part in parts)
    key: list[tuple[int, int, int, str]] = []
    for place, part in enumerate(_DIGITS.split(text)):
        if place % 2:
            # As fractions do, numbers with a leading zero sort by their digits.
            is_plain = not part.startswith("0")
            key.append((ord("0"), is_plain, int(part[:18]) if is_plain else 0, part))
        else:
            key.extend((ord(each), 0, 0, "") for each in part)
    return tuple(key)


def width(text: str) -> int:
    """Return how many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )


def _lines(entries: list[Entry], rules: ImportRules, indentation: int) -> Iterator[str]:
    headings = dict(rules.headings)
    before: Entry | None = None
    is_new_type = False
    for entry in entries:
        is_first = before is None or before.part != entry.part
        if before is not None and is_first and has_gap(before, entry, rules):
            yield ""
        if is_first and entry.section in headings:
            yield headings[entry.section]
        if is_first:
            is_new_type = False
        elif before is not None and before.statement.is_from != entry.statement.is_from:
            is_later = entry.statement.is_from is not rules.from_first
            if is_later and not is_new_type and not rules.force_sort_within_sections:
                is_new_type = True
                yield from [""] * rules.lines_between_types
        atop = [each for each in entry.comments.atop if each not in headings.values()]
        if atop and not is_first:
            yield ""
        yield from atop
        yield from statement_lines(entry, rules, indentation)
        before = entry


def has_gap(before: Entry, after: Entry, rules: ImportRules) -> bool:
    """Say whether an empty line belongs between two parts."""
    if before.group != after.group:
        return True
    order = list(rules.sections)
    between = order[order.index(before.section) + 1 : order.index(after.section) + 1]
    return any(each not in rules.no_lines_before for each in between)


def statement_lines(entry: Entry, rules: ImportRules, indentation: int) -> Iterator[str]:
    """Yield the lines of one statement, without the comments above it."""
    if not entry.statement.is_from:
        yield _with(f"import {entry.names[0]}", entry.comments.inline)
        return
    names = entry.names
    single = f"from {entry.statement.module} import {', '.join(map(str, names))}"
    comments = [*entry.comments.inline]
    for each in names:
        comments += [*each.comments.atop, *each.comments.inline, *each.comments.trailing]
    comments += entry.comments.trailing
    columns = indentation + width(
        _with(single, [each for each in comments if not _is_pragma(each)])
    )
    single = _with(single, comments)
    if names[0].name == "*" and len(names) == 1:
        yield single
        return
    has_comments = any(each.comments for each in names)
    must_wrap = entry.has_trailing_comma or (
        len(names) > 1
        and (has_comments or (rules.force_wrap_aliases and any(each.alias for each in names)))
    )
    if not must_wrap and columns <= rules.line_length:
        yield single
        return
    yield _with(f"from {entry.statement.module} import (", entry.comments.inline)
    for each in names:
        yield from each.comments.atop
        yield _with(f"{each},", each.comments.inline)
        yield from each.comments.trailing
    yield _with(")", entry.comments.trailing)


_PRAGMA = re.compile(
    r"#\s*(?:(?i:noqa|nosec)\b|(?:isort|type|pyright|pyrefly|pylint|flake8|ruff|ty|mypy):)"
)


def _is_pragma(comment: str) -> bool:
    """Say whether a comment speaks to a tool; it may stand beyond the end of a line."""
    return _PRAGMA.match(comment) is not None


def _with(line: str, comments: list[str]) -> str:
    return "  ".join([line, *comments])
