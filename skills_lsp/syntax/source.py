"""One open file: a buffer and a syntax tree that move together."""

import re
from collections.abc import Callable
from typing import TypeVar, cast

from tree_sitter import Node, Parser, Tree

from skills_lsp.domain.project import NO_PROJECT, Project
from skills_lsp.syntax.change import Change, Edit, Lasting
from skills_lsp.syntax.languages import Family, family_of, grammar
from skills_lsp.text import Buffer, Point, Span

_CHUNK_BYTES = 16_384
"""What the parser is handed at a time: an incremental parse reads two or three of them."""

_MAX_FRESH_BYTES = 100_000
"""Up to here broken code is parsed afresh after each edit: at most 12 ms."""

_MAX_CHANGED_BYTES = 20_000
"""When more than this changed, facts are found anew rather than tested one by one."""

_MAX_FACTS = 200
"""How many facts are kept: each is tested after each edit, in half a microsecond and more."""

_LONE_CR = re.compile(rb"\r(?!\n)")

_T = TypeVar("_T")
_L = TypeVar("_L", bound=Lasting)


class Source:
    """One open file: buffer and tree that move together.

    Edits are cheap and never parse; the tree is brought up to date when it is next asked for, so
    that a burst of edits costs one parse. ``version`` grows with every edit, for callers that
    cache; :meth:`remember` is such a cache.

    While ``lags`` is set, edits are not parsed: the last tree answers, its nodes moved along.
    """

    __slots__ = (
        "_data", "_edited", "_is_settled", "_lags", "_lasting", "_memory", "_n_lone_cr", "_parsed",
        "_tree", "buffer", "language", "path", "project", "version",
    )  # fmt: skip

    def __init__(
        self, text: str, language: str, path: str = "", project: Project = NO_PROJECT
    ) -> None:
        self.path = path
        self.project = project
        self.language = language
        self.version = 0
        self._lags = False
        self._memory: dict[object, object] = {}
        self._lasting: dict[object, Lasting] = {}
        self._tree: Tree | None = None
        self._edited: Edit | None = None
        self.reset(text)

    @property
    def family(self) -> Family:
        """Return the family of the language."""
        return family_of(self.language)

    def reset(self, text: str) -> None:
        """Take a new text in place of the old."""
        self.buffer = Buffer(text)
        self._data = bytearray(self.buffer.data)
        self._n_lone_cr = _n_lone_cr(self._data)
        self._parsed = False
        self._is_settled = True
        self._drop_tree()
        self._touch()

    def replace(self, span: Span, text: str) -> None:
        """Replace a span that lies in the text. Parses nothing."""
        edit = self.buffer.replace(span, text)
        start, old_end, new_end = edit.start_byte, edit.old_end_byte, edit.new_end_byte
        before = max(0, start - 1)
        n_lone_cr = self._n_lone_cr - _n_lone_cr(self._data[before : old_end + 1])
        self._data[start:old_end] = text.encode("utf-8", "surrogatepass")
        n_lone_cr += _n_lone_cr(self._data[before : new_end + 1])
        if self._n_lone_cr or n_lone_cr:
            # tree-sitter ends lines at LF alone, so its rows and ours differ: start afresh.
            self._drop_tree()
        elif self._tree is not None:
            self._tree.edit(start, old_end, new_end, edit.start, edit.old_end, edit.new_end)
            new = Edit(start, old_end, new_end)
            self._edited = new if self._edited is None else self._edited.then(new)
        self._n_lone_cr = n_lone_cr
        self._touch()

    @property
    def root(self) -> Node:
        """The root of the tree, parsed (incrementally) when edits came in since the last time."""
        if self._tree is None or not (self._parsed or self._lags):
            return self._take(self._parse(self._tree))
        return self._tree.root_node

    @property
    def is_parsed(self) -> bool:
        """Say whether the tree is of the present text."""
        return self._parsed

    @property
    def lags(self) -> bool:
        """Whether the last tree answers where edits came in since."""
        return self._lags

    @lags.setter
    def lags(self, lags: bool) -> None:
        if lags != self._lags:
            self._lags = lags
            self._memory.clear()  # What was remembered is of another tree than what comes now.

    @property
    def is_settled(self) -> bool:
        """Say whether the tree is the one that a fresh parse would give.

        How tree-sitter recovers from broken code depends on the tree it had before. Short files
        are therefore parsed afresh at once while they are broken; a long one, which takes 5 ms for
        each 1,000 lines, keeps the incremental tree until :meth:`settle` is called.
        """
        return self._parsed and self._is_settled

    def settle(self) -> bool:
        """Parse afresh where that can matter; say whether it was done. For idle moments."""
        if not self.root.has_error or self._is_settled:
            return False
        self._take(self._parse(None))
        self.version += 1
        self._memory.clear()
        return True

    def _parse(self, old: Tree | None) -> Tree:
        parser = Parser(grammar(self.language))
        self._is_settled = True
        if old is not None:
            tree = parser.parse(self._read, old)
            if not tree.root_node.has_error:
                return tree
            if len(self._data) > _MAX_FRESH_BYTES:
                self._is_settled = False
                return tree
        return parser.parse(self._read)

    @property
    def data(self) -> bytes | bytearray:
        """The text in bytes as the tree sees it: a lone CR reads as LF. Not to be changed."""
        if not self._n_lone_cr:
            return self._data
        return self.remember("data", lambda: _with_lf(self._data))

    def text_of(self, node: Node) -> str:
        """Return the text of a node."""
        return self.text_between(node.start_byte, node.end_byte)

    def text_between(self, start: int, end: int) -> str:
        """Return the text between two byte offsets; a split character reads as U+FFFD."""
        return self.data[start:end].decode("utf-8", "replace")

    def remember(self, key: object, compute: Callable[[], _T]) -> _T:
        """Return what was computed under this key since the last edit, else compute it now."""
        memory = self._memory
        if key not in memory:
            memory[key] = compute()
        return cast("_T", memory[key])

    def lasting(self, key: object, kind: type[_L]) -> _L | None:
        """Return what was stored by :meth:`keep` and has outlived all edits since."""
        if not self._parsed:
            _ = self.root  # Only a parse tells what the last edits changed.
        found = self._lasting.get(key)
        return found if isinstance(found, kind) else None

    def keep(self, key: object, value: Lasting) -> None:
        """Keep a fact about the tree until an edit may change it, which the fact itself decides."""
        self._lasting[key] = value
        if len(self._lasting) > _MAX_FACTS:
            self._lasting.pop(next(iter(self._lasting)))

    def _take(self, tree: Tree) -> Node:
        """Take a new tree, and let the lasting facts see what is different in it."""
        old, self._tree, self._parsed = self._tree, tree, True
        if self._lasting and old is not None:
            ranges = [(each.start_byte, each.end_byte) for each in old.changed_ranges(tree)]
            change = Change(self._edited or Edit(0, 0, 0), tuple(ranges), self._data)
            is_small = change.n_bytes <= _MAX_CHANGED_BYTES
            after = {key: fact.after(change) for key, fact in self._lasting.items() if is_small}
            self._lasting = {key: fact for key, fact in after.items() if fact is not None}
        self._edited = None
        return tree.root_node

    def _drop_tree(self) -> None:
        self._tree = None
        self._edited = None
        self._lasting.clear()

    def _touch(self) -> None:
        self.version += 1
        self._parsed = False
        self._memory.clear()

    def _read(self, offset: int, _point: object) -> bytes:
        return bytes(self.data[offset : offset + _CHUNK_BYTES])


def span_of(node: Node) -> Span:
    """Return the span of a node."""
    return span_over(node, node)


def span_over(first: Node, last: Node) -> Span:
    """Return the span from the start of one node to the end of another."""
    return Span(Point(*first.start_point), Point(*last.end_point))


def _n_lone_cr(data: bytes | bytearray) -> int:
    return data.count(b"\r") - data.count(b"\r\n")


def _with_lf(data: bytearray) -> bytes:
    return _LONE_CR.sub(b"\n", data)
