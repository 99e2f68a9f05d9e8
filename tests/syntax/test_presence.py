"""Where rare words stand, kept over edits: always what a fresh search finds."""

from hypothesis import given
from hypothesis import strategies as st

from skills_lsp.patterns.definitions import definitions
from skills_lsp.syntax.presence import standing
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point, Span

_WORDS = (b"abstract", b"__test__", b"import *")
_PIECES = st.sampled_from(
    ["ab", "stract", "__te", "st__", "import ", "*", "\n", "def f(): ...", "class A:", "  ", "del f",
     "\n    def g(self): ...", "test = 1", "Testé = f", ""]
)  # fmt: skip
_TEXT = st.lists(_PIECES, max_size=12).map("".join)


@given(_TEXT, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6), _TEXT), max_size=6))
def test_what_is_kept_is_what_a_fresh_search_finds(text, edits) -> None:
    source = Source(text, "python")
    for word in _WORDS:
        standing(source, word)
    definitions(source)
    for at, n_characters, typed in edits:
        now = source.buffer.text
        first, last = min(at, len(now)), min(at + n_characters, len(now))
        source.replace(Span(_place(now, first), _place(now, last)), typed)
        fresh = Source(source.buffer.text, "python")
        for word in _WORDS:
            assert standing(source, word) == standing(fresh, word)
        assert definitions(source) == definitions(fresh)


def _place(text: str, offset: int) -> Point:
    *above, line = text[:offset].split("\n")
    return Point(len(above), len(line.encode()))
