"""isort's default order of imports, judged on the tree.

Source: https://pycqa.github.io/isort/ ; the order of members is ``order_by_type``.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.syntax.imports import Import, imports
from skills_lsp.syntax.source import Source

Key: TypeAlias = tuple[object, ...]

_FUTURE, _STDLIB, _THIRD_PARTY, _FIRST_PARTY, _RELATIVE = range(5)
_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A block of imports that is not sorted, and the first statement that stands too late."""

    first: Node
    last: Node
    late: Node
    reason: str


def unsorted_blocks(source: Source) -> tuple[Unsorted, ...]:
    """Return each block of module-level imports that is not in order."""
    return source.remember("unsorted imports", lambda: tuple(_unsorted(source)))


def _unsorted(source: Source) -> Iterator[Unsorted]:
    by_statement: dict[int, list[Import]] = {}
    for each in imports(source):
        by_statement.setdefault(each.statement.start_byte, []).append(each)
    for block in _blocks(source):
        found = _late(source, block, by_statement)
        if found is not None:
            yield Unsorted(block[0], block[-1], *found)


def _blocks(source: Source) -> Iterator[list[Node]]:
    """Yield the runs of import statements at module level; other code ends a run."""
    block: list[Node] = []
    seen: set[int] = set()
    for each in imports(source):
        statement = each.statement
        if statement.start_byte in seen or statement.parent is None:
            continue
        seen.add(statement.start_byte)
        if statement.parent.type != "module" or statement.has_error:
            continue
        if block and not _follows(block[-1], statement):
            yield block
            block = []
        block.append(statement)
    if block:
        yield block


def _follows(before: Node, after: Node) -> bool:
    """Say whether nothing but comments stands between two statements."""
    node = before.next_named_sibling
    while node is not None and node.type == "comment":
        node = node.next_named_sibling
    return node == after


def _late(
    source: Source, block: list[Node], by_statement: dict[int, list[Import]]
) -> tuple[Node, str] | None:
    """Return the first statement of a block that is not as isort leaves it, and what is wrong."""
    lines = [_Line(source, each, by_statement[each.start_byte]) for each in block]
    for before, line in zip([None, *lines], lines, strict=False):
        reason = line.wrong_alone() or (before is not None and line.wrong_after(before))
        if reason:
            return line.statement, reason
    return None


class _Line:
    """One import statement of a block, with its place in the order."""

    __slots__ = ("_source", "key", "names", "statement")

    def __init__(self, source: Source, statement: Node, names: list[Import]) -> None:
        self._source = source
        self.statement = statement
        self.names = names
        self.key = _key(source, statement, names)

    def wrong_alone(self) -> str:
        if self.statement.type == "import_statement" and len(self.names) > 1:
            return "each of these modules wants an import of its own"
        return "" if _members_sorted(self._source, self.names) else "these names are not sorted"

    def wrong_after(self, before: "_Line") -> str:
        is_same_module = self.key == before.key and self.statement.type != "import_statement"
        if is_same_module and not _has_alias(self.names) and not _has_alias(before.names):
            return "one import can hold these names and those above"
        if self.key < before.key:
            return "this import belongs further up"
        has_gap = _has_gap(self._source, before.statement, self.statement)
        if self.key[0] != before.key[0]:
            return "" if has_gap else "an empty line belongs between two sections of imports"
        if has_gap and self.key[1] == before.key[1]:
            return "these imports are of one section, without an empty line"
        return ""


def _has_alias(names: list[Import]) -> bool:
    return any(each.entry.type == "aliased_import" for each in names)


def _has_gap(source: Source, before: Node, after: Node) -> bool:
    first, last = before.end_point[0] + 1, after.start_point[0]
    return any(not source.buffer.line(number).strip() for number in range(first, last))


def _key(source: Source, statement: Node, names: list[Import]) -> Key:
    module = names[0].module
    is_from = statement.type != "import_statement"
    dots = len(module) - len(module.lstrip("."))
    section = _section(source, module)
    # isort sorts ``from ..a`` before ``from .a``: the farther first.
    return (section, is_from, -dots, _natural(module.lower()), module)


def _section(source: Source, module: str) -> int:
    if module == "__future__":
        return _FUTURE
    if module.startswith("."):
        return _RELATIVE
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return _STDLIB
    # Without a look at the disk: a module named like a folder above the file is this project's.
    return _FIRST_PARTY if top in PurePath(source.path).parts[:-1] else _THIRD_PARTY


def _members_sorted(source: Source, names: list[Import]) -> bool:
    if len(names) < 2 or names[0].statement.type == "import_statement":  # noqa: PLR2004 - a pair
        return True
    keys = [_member(source, each) for each in names]
    return all(before <= after for before, after in pairwise(keys))


def _member(source: Source, each: Import) -> Key:
    taken = each.entry.child_by_field_name("name") or each.entry
    name = source.text_of(taken)
    is_constant = name.isupper() and len(name) > 1
    kind = 0 if is_constant else 1 if name[:1].isupper() else 2
    return (kind, _natural(name.lower()), name)


def _natural(text: str) -> Key:
    """Return a key by which ``a2`` comes before ``a10``."""
    parts = _NUMBER.split(text)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)
