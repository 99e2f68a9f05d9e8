"""One look at a file or a stretch of it: the matches, and what patterns ask about their places."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from tree_sitter import Node

from skills_lsp.patterns.regions import Region, Regions
from skills_lsp.syntax.aliases import alias_names, looked_up
from skills_lsp.syntax.bindings import origin
from skills_lsp.syntax.imports import import_table, summary
from skills_lsp.syntax.source import Source
from skills_lsp.text import Span

Captures: TypeAlias = dict[str, list[Node]]

_DOTTED = re.compile(r"[\w$]+(?:\s*\??\.\s*[\w$]+)*")
_REQUIRED = re.compile(r"""require\(\s*["'](?:node:)?([\w@/.-]+)["']\s*\)((?:\s*\.\s*[\w$]+)*)""")
_MAX_DOTTED_BYTES = 200
"""A callee longer than this is a chain of calls, not a name; slicing each would be quadratic."""
_OWN = frozenset({"self", "cls", "this", "super"})


@dataclass(frozen=True, slots=True)
class RunnerCall:
    """A call of a test runner's own function."""

    words: frozenset[str]  # test, suite or hook; skipped, each, async
    title: str
    body: Node | None
    pattern: str = ""  # of the title, as a regular expression


def heads_of(source: Source, heads: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that imports bind, and all first words of names that are worth resolving."""
    imported = frozenset(import_table(source))
    known = heads | imported
    return imported, known | alias_names(source, known)


class Look:
    """One look at a source: lives for one request, remembers what it was asked."""

    __slots__ = (
        "_heads",
        "_origins",
        "_regions",
        "_texts",
        "end",
        "first_own",
        "groups_on",
        "imported",
        "is_own",
        "matches",
        "rules_on",
        "runner_calls",
        "source",
        "span",
        "start",
        "sums",
    )  # fmt: skip

    def __init__(
        self,
        source: Source,
        span: Span | None,
        matches: dict[str, list[Captures]],
        heads: frozenset[str],
        between: tuple[int, int],
        *,
        is_own: bool = False,
    ) -> None:
        self.source = source
        self.span = span
        self.matches = matches
        self.start, self.end = between
        self.rules_on: dict[int, bool] = {}  # by the id of a rule: whether it is for this file
        self.groups_on: dict[int, list[Any]] = {}  # by the id of a group: its rules for this file
        self._texts: dict[tuple[int, int], str] = {}
        self.sums: set[int] = set()  # offsets of the sums that were met
        self.runner_calls: dict[int, RunnerCall | None] = {}
        # Whoever asks only for a name's sake depends on that name, not on all that is imported.
        (self.imported, self._heads), _ = source.asked(
            # An offset in the key says that this is no fact of its own.
            lambda: source.remember(("heads", 0, heads), lambda: heads_of(source, heads))
        )
        self.is_own = is_own
        self.first_own = source.buffer.offset(span.start) if is_own and span is not None else 0
        self._origins: dict[tuple[int, int], str | None] = {}
        self._regions = Regions([])

    @property
    def regions(self) -> Regions:
        """The regions that anything in the look stands in."""
        return self._regions

    def take_regions(self, regions: list[Region]) -> None:
        """Take the regions, once they are known."""
        self._regions = Regions(regions)

    def touches(self, span: Span) -> bool:
        """Say whether a span is looked at; of a look at its own alone, whether it begins there."""
        if self.span is None:
            return True
        if self.is_own:
            return self.span.start.line <= span.start.line <= self.span.end.line
        return self.span.touches(span)

    @property
    def has_imports(self) -> bool:
        """Say whether an import statement is looked at."""
        return self.span is None or summary(self.source).touches(self.start, self.end)

    def text(self, node: Node) -> str:
        """Return the text of a node."""
        start, end = key = node.start_byte, node.end_byte
        if end - start > _MAX_DOTTED_BYTES:
            return self.source.text_between(start, end)
        known = self._texts.get(key)
        if known is None:
            known = self._texts[key] = self.source.text_between(start, end)
        return known

    def dotted(self, node: Node) -> str | None:
        """Return a dotted name as it is written, without blanks; None for anything else."""
        if node.end_byte - node.start_byte > _MAX_DOTTED_BYTES:
            return None
        return _dotted(self.text(node))

    def may_resolve(self, node: Node) -> bool:
        """Say whether what a name stands for can be anything that a pattern asks for."""
        if node.end_byte - node.start_byte > _MAX_DOTTED_BYTES:
            return False
        head = self.text(node).partition(".")[0]
        return head in self._heads or not head.isidentifier()

    def origin(self, node: Node) -> str | None:
        """Return what a dotted name stands for: imports followed, local names let go.

        A name that neither an import binds nor any pattern asks for is returned as it is written:
        whether it is local makes no difference to anyone, and finding out means a search.
        """
        key = (node.start_byte, node.end_byte)
        if key not in self._origins:
            dotted = self.dotted(node)
            self._origins[key] = self._origin(dotted, key[0]) if dotted else None
        return self._origins[key]

    def _origin(self, dotted: str, at: int) -> str | None:
        head = dotted.partition(".")[0]
        if head in _OWN:
            return None
        if head not in self._heads:
            return dotted
        return origin(self.source, dotted, at)


@lru_cache(maxsize=8_192)
def _dotted(text: str) -> str | None:
    if text.isidentifier():
        return text
    if _DOTTED.fullmatch(text) is None:
        required = _REQUIRED.fullmatch(text) if text.startswith("require") else None
        if required is None:
            return looked_up(text)
        return "".join((required[1] + required[2]).split())
    return "".join(text.replace("?.", ".").split())
