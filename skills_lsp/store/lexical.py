"""Finding skills by their words: an FTS5 index in memory over the catalogue.

The half of the search that needs no model: as good as one on key words, helpless on paraphrase.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

import apsw

from skills_lsp.domain.skill import AgentPrompt, Command, Skill
from skills_lsp.store.database import rows

MAX_QUERY_CHARACTERS = 4_000
MAX_QUERY_WORDS = 64
MAX_BODY_CHARACTERS = 8_000  # of an agent skill's instructions; what it is about stands at the top

# Column and weight, in the order of the table. A word of the name says most, one of a body least.
_COLUMNS = (
    ("name", 8.0),
    ("title", 6.0),
    ("keywords", 5.0),
    ("triggers", 3.0),
    ("description", 3.0),
    ("body", 1.0),
)
_CREATE = (
    f"CREATE VIRTUAL TABLE skill USING fts5({', '.join(name for name, _ in _COLUMNS)},"
    " tokenize = 'porter unicode61 remove_diacritics 2')"
)
_INSERT = (
    f"INSERT INTO skill (rowid, {', '.join(name for name, _ in _COLUMNS)}) VALUES (?,?,?,?,?,?,?)"  # noqa: S608 - constants
)
_SEARCH = (
    f"SELECT rowid, bm25(skill, {', '.join(str(weight) for _, weight in _COLUMNS)}) AS cost"  # noqa: S608 - constants
    " FROM skill WHERE skill MATCH ? ORDER BY cost, rowid LIMIT ?"
)

# Words that say nothing about which skill is meant.
_STOP_WORDS = frozenset(
    """a an and are as at be been but by can could do does did for from get had has have how i if in
    into is it its me my no not of on or our please should so some such that the their them then
    there these they this to too us use used uses using want was we were what when where which while
    who why will with would you your""".split()  # noqa: SIM905 - a list of words reads as words
)
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class LexicalIndex:
    """The words of a catalogue; made anew when the catalogue changes. Safe from any thread."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._names = tuple(skill.name for skill in skills)
        self._lock = threading.Lock()
        self._db = apsw.Connection(":memory:")
        self._db.execute(_CREATE)
        with self._db:
            self._db.executemany(
                _INSERT, ((number, *_document(skill)) for number, skill in enumerate(skills))
            )

    def search(self, query: str, limit: int = 50) -> tuple[tuple[str, float], ...]:
        """Return the skills that share a word with the query, best first, with scores 0 to 1.

        The score is the BM25 of the skill divided by that of the best: 1 is the best of *this*
        query, so scores of two queries do not compare. Any text is a query: operators and quotes
        are words or nothing, and only its first 4,000 characters and 64 different words count.
        """
        found = tuple(_query_words(query))
        if not found or limit < 1:
            return ()
        match = " OR ".join(f'"{word}"' for word in found)
        with self._lock:
            hits = rows(self._db, _SEARCH, (match, limit))
        # FTS5's bm25 is better the more negative it is; a word in most skills can weigh nothing.
        best = min((cost for _, cost in hits), default=0.0)
        return tuple((self._names[number], cost / best if best else 0.0) for number, cost in hits)

    def share_known(self, query: str) -> float:
        """Return the share of a query's words that any skill has, 0 to 1; of no words, 0."""
        asked = tuple(_query_words(query))
        with self._lock:
            n_known = sum(_known(self._db, word) for word in asked)
        return n_known / len(asked) if asked else 0.0


def _known(db: apsw.Connection, word: str) -> bool:
    return bool(rows(db, "SELECT 1 FROM skill WHERE skill MATCH ? LIMIT 1", (f'"{word}"',)))


def words(text: str) -> Iterator[str]:
    """Return the words of a text in lower case, identifiers whole and in their parts.

    >>> list(words("use test_parseHTTPUrl with utf8"))
    ['test', 'parsehttpurl', 'parse', 'http', 'url', 'utf8', 'utf']
    """
    return chain.from_iterable(map(_pieces, _WORD.findall(text)))


@lru_cache(maxsize=32_768)
def _pieces(word: str) -> tuple[str, ...]:
    """Return a word and its parts; cached, as a catalogue says the same few words again and again."""
    whole = word.lower()
    if whole in _STOP_WORDS:
        return ()
    parts = [part.lower() for part in _PART.findall(word) if len(part) > 1]
    if len(parts) == 1 and len(parts[0]) == len(whole):
        return (whole,)
    return (whole, *(part for part in parts if part not in _STOP_WORDS))


def _query_words(query: str) -> Iterable[str]:
    seen: dict[str, None] = {}
    for word in words(query[:MAX_QUERY_CHARACTERS]):
        seen[word] = None
        if len(seen) == MAX_QUERY_WORDS:
            break
    return seen


def _document(skill: Skill) -> tuple[str, ...]:
    columns: tuple[Iterable[str], ...] = (
        (skill.name,),
        (skill.title,),
        (*skill.keywords, *skill.languages, skill.category, skill.phase, *_tool(skill)),
        (trigger.pattern for trigger in skill.triggers),
        (skill.description,),
        _body(skill),
    )
    return tuple(" ".join(words(" ".join(texts))) for texts in columns)


def _tool(skill: Skill) -> tuple[str, ...]:
    return (skill.action.tool,) if isinstance(skill.action, Command) else ()


def _body(skill: Skill) -> tuple[str, ...]:
    if not isinstance(skill.action, AgentPrompt):
        return ()
    return (skill.action.instructions[:MAX_BODY_CHARACTERS],)
