"""One open file: a buffer and a syntax tree that move together."""

import copy
import re
import sys
from collections.abc import Callable
from typing import TypeVar, cast

from tree_sitter import Node, Parser, Tree

from skills_lsp.domain.project import NO_PROJECT, Project
from skills_lsp.syntax.change import Change, Edit, Lasting
from skills_lsp.syntax.drift import Drift
from skills_lsp.syntax.facts import Fact, Remembered, remembered
from skills_lsp.syntax.languages import Family, family_of, grammar
from skills_lsp.syntax.parsing import OverTimeError, ParseApart, parsed
from skills_lsp.text import Buffer, Point, Span

_CHUNK_BYTES = 16_384
"""What the parser is handed at a time: an incremental parse reads two or three of them."""

_MAX_FRESH_BYTES = 20_000
"""Up to here broken code is parsed afresh after each edit: at most 4 ms."""

_MAX_CHANGED_BYTES = 20_000
"""When more than this changed, facts are found anew rather than tested one by one."""

_MAX_FACTS = 200
"""How many facts are kept: each is tested after each edit, in half a microsecond and more."""

_NO_EDIT = Edit(0, 0, 0)
_LONE_CR = re.compile(rb"\r(?!\n)")

_T = TypeVar("_T")
_L = TypeVar("_L", bound=Lasting)


class Source:
    """One open file: buffer and tree that move together.

    Edits are cheap and never parse; the tree is brought up to date when it is next asked for, so
    that a burst of edits costs one parse. ``version`` grows with every edit, for callers that
    cache; :meth:`remember` is such a cache.

    While ``lags`` is set, edits are not parsed: the last tree answers, its nodes moved along.

    Who caches what follows from the text over edits follows ``drift``, which says what changed, and
    :meth:`asked`, which says what an answer came from.
    """

    __slots__ = (
        "_apart", "_asked", "_asked_for", "_data", "_edited", "_is_settled", "_lags", "_lasting", "_memory",
        "_n_lone_cr", "_parsed", "_places", "_tree", "_unfollowed", "buffer", "drift", "language",
        "path", "project", "version",
    )  # fmt: skip

    def __init__(
        self, text: str, language: str, path: str = "", project: Project = NO_PROJECT
    ) -> None:
        self.path = path
        self.project = project
        self.language = language
        self.version = 0
        self._lags = False
        self._memory: dict[object, Remembered] = {}
        self._places: dict[object, object] = {}
        self._asked: set[object] = set()
        # What remembered answers came from: put together only when somebody wants to know.
        self._asked_for: dict[int, frozenset[object]] = {}
        self._lasting: dict[object, Lasting] = {}
        self._tree: Tree | None = None
        self._edited: Edit | None = None
        self._unfollowed: Edit | None = None  # what facts about the bytes have not seen yet
        self._apart: ParseApart | None = None
        self.drift: Drift | None = None
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
        if self.drift is not None:
            self.drift.before(self._data, edit)
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
            self._unfollowed = new if self._unfollowed is None else self._unfollowed.then(new)
            if self._apart is not None:
                self._apart.edits.append(edit)
        if self.drift is not None:
            self.drift.take(edit)
        self._n_lone_cr = n_lone_cr
        self._touch()

    @property
    def root(self) -> Node:
        """The root of the tree, parsed (incrementally) when edits came in since the last time."""
        if self._tree is None or not (self._parsed or self._lags):
            return self._take(self._parse(self._tree))
        return self._tree.root_node

    def parse(self, is_over: Callable[[], bool]) -> bool:
        """Bring the tree up to date unless that takes too long; say whether it is.

        ``is_over`` is asked every fraction of a millisecond. When it says yes, the tree stays as it
        was, and ``lags`` is set so that it answers.
        """
        if self._parsed:
            return True
        try:
            tree = self._parse(self._tree, is_over)
        except OverTimeError:
            self.lags = True
            if self._tree is None:
                self._take(Parser(grammar(self.language)).parse(b""))
                self._parsed = False
            return False
        self._lags = False
        self._take(tree)
        return True

    def parse_apart(self, *, afresh: bool = False) -> ParseApart:
        """Return a parse of the present text that can run on a thread, for :meth:`take_parse`."""
        old = None if afresh or self._tree is None else self._tree.copy()
        self._apart = ParseApart(bytes(self.data), old, self.language, [])
        return self._apart

    def take_parse(self, apart: ParseApart) -> bool:
        """Take the tree of a parse that ran; say whether it was of use.

        Edits that came meanwhile are told to it, and are parsed when the tree is next asked for.
        """
        if apart is not self._apart or apart.tree is None:
            return False  # A new text, or a lone CR, came between.
        self._apart = None
        for edit in apart.edits:
            apart.tree.edit(
                edit.start_byte, edit.old_end_byte, edit.new_end_byte,
                edit.start, edit.old_end, edit.new_end,
            )  # fmt: skip
        self._is_settled = apart.is_settled
        self._lags = False
        # To compare the trees may take longer than to find facts about them anew.
        self._lasting = {key: it for key, it in self._lasting.items() if it.is_of_bytes}
        self._take(apart.tree)
        self._forget()
        self.version += 1
        self._parsed = not apart.edits
        return True

    def frozen(self) -> "Source":
        """Return a copy that no edit reaches, to be looked at on another thread."""
        twin = copy.copy(self)
        twin._let_go()  # noqa: SLF001 - its own class
        return twin

    def _let_go(self) -> None:
        """Share nothing with the source that this is a copy of."""
        self._memory, self._places, self._asked, self._asked_for = {}, {}, set(), {}
        self._lasting = dict(self._lasting)
        self._apart, self.drift = None, None
        self.buffer = copy.copy(self.buffer)
        self._data = bytearray(self._data)
        self._tree = self._tree.copy() if self._tree is not None else None

    @property
    def is_parsed(self) -> bool:
        """Say whether the tree is of the present text."""
        return self._parsed

    @property
    def has_tree(self) -> bool:
        """Say whether there is a tree, be it of an older text."""
        return self._tree is not None

    @property
    def lags(self) -> bool:
        """Whether the last tree answers where edits came in since."""
        return self._lags

    @lags.setter
    def lags(self, lags: bool) -> None:
        if lags != self._lags:
            self._lags = lags
            self._forget()  # What was remembered is of another tree than what comes now.

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
        self._forget()
        return True

    def _parse(self, old: Tree | None, is_over: Callable[[], bool] | None = None) -> Tree:
        self._is_settled = True
        if old is not None:
            tree = parsed(self.language, self._read, old, is_over)
            if not tree.root_node.has_error:
                return tree
            if len(self._data) > _MAX_FRESH_BYTES:
                self._is_settled = False
                return tree
        return parsed(self.language, self._read, None, is_over)

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
        """Return what was computed under this key since the last edit, else compute it now.

        A key that is a text, or several, names a fact of the whole file; one that holds an offset, a
        fact of a place, which follows from what was asked to find it.
        """
        known = self._memory.get(key)
        if known is None:
            value, inner = self.asked(compute)
            known = self._memory[key] = remembered(key, value, compute, inner)
        if known.asked:
            self._asked_for[id(known.asked)] = known.asked
        return cast("_T", known.value)

    def remember_briefly(self, key: object, compute: Callable[[], _T]) -> _T:
        """Return what was computed under this key since the last edit or :meth:`forget_places`.

        For facts of a place: a long file has thousands, of use only while that place is looked at.
        What they came from is not noted: who asks for one says so with :meth:`ask`.
        """
        known = self._places.get(key)
        if known is None:
            known, _ = self.asked(compute)
            self._places[key] = known
        return cast("_T", known)

    def forget_places(self) -> None:
        """Let go of what was remembered briefly."""
        self._places.clear()

    def asked(self, work: Callable[[], _T]) -> tuple[_T, frozenset[object]]:
        """Do some work and return what it asked for as well: names as texts, facts as ``Fact``."""
        outer = self._asked, self._asked_for
        self._asked, self._asked_for = set(), {}
        try:
            result = work()
            return result, frozenset().union(self._asked, *self._asked_for.values())
        finally:
            self._asked, self._asked_for = outer

    def ask(self, name: str) -> None:
        """Note that an answer depends on what a name means."""
        self._asked.add(sys.intern(name))

    def fact(self, fact: Fact) -> object:
        """Return the present value of a fact of the whole file; None when nobody knows it now."""
        if fact.is_lasting:
            kept = self.lasting(fact.key, Lasting)  # type: ignore[type-abstract] # any kind
            return fact.compute() if kept is None else kept
        known = self._memory.get(fact.key)
        return self.remember(fact.key, fact.compute) if known is None else known.value

    def lasting(
        self, key: object, kind: type[_L], compute: Callable[[], object] = lambda: None
    ) -> _L | None:
        """Return what was stored by :meth:`keep` and has outlived all edits since.

        A key that is a text names a fact of the whole file. It is compared over edits, and where it
        did not outlive them, ``compute`` finds it anew.
        """
        if not self._parsed and not self._lags:
            _ = self.root  # Only a parse tells what the last edits changed.
        self._follow()
        found = self._lasting.get(key)
        if isinstance(key, str):
            self._asked.add(Fact(key, compute, is_lasting=True))
        return found if isinstance(found, kind) else None

    def keep(self, key: object, value: Lasting) -> None:
        """Keep a fact until an edit may change it, which the fact itself decides."""
        self._follow()
        self._lasting[key] = value
        if len(self._lasting) > _MAX_FACTS:
            self._lasting.pop(next(iter(self._lasting)))

    def _take(self, tree: Tree) -> Node:
        """Take a new tree, and let the lasting facts see what is different in it."""
        old, self._tree, self._parsed = self._tree, tree, True
        of_tree = [key for key, fact in self._lasting.items() if not fact.is_of_bytes]
        if of_tree and old is not None:
            ranges = [(each.start_byte, each.end_byte) for each in old.changed_ranges(tree)]
            self._outlive(of_tree, Change(self._edited or _NO_EDIT, tuple(ranges), self._data))
        self._edited = None
        return tree.root_node

    def _follow(self) -> None:
        """Let the facts about the bytes see what was edited."""
        if self._unfollowed is not None:
            change, self._unfollowed = Change(self._unfollowed, (), self._data), None
            self._outlive([key for key, it in self._lasting.items() if it.is_of_bytes], change)

    def _outlive(self, keys: list[object], change: Change) -> None:
        is_small = change.n_bytes <= _MAX_CHANGED_BYTES
        for key in keys:
            fact = self._lasting.pop(key)
            after = fact.after(change) if is_small else None
            if after is not None:
                self._lasting[key] = after

    def watch(self) -> None:
        """Begin to note in ``drift`` what changes from here on."""
        _ = self.root
        assert self._tree is not None
        self.drift = Drift(self._tree.copy())

    def changed_since(self, tree: Tree) -> list[tuple[int, int]]:
        """Return where the present tree is of another shape than an old one that was edited along."""
        _ = self.root
        assert self._tree is not None
        return [(it.start_byte, it.end_byte) for it in tree.changed_ranges(self._tree)]

    def _drop_tree(self) -> None:
        if self.drift is not None:
            self.drift.is_lost = True
        self._tree = None
        self._edited = self._unfollowed = None
        self._apart = None
        self._lasting.clear()

    def _forget(self) -> None:
        self._memory.clear()
        self._places.clear()

    def _touch(self) -> None:
        self.version += 1
        self._parsed = False
        self._forget()

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
