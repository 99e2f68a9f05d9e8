"""The patterns that exist: what the folders hold. The folder is the registry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from skills_lsp.errors import PatternError
from skills_lsp.patterns.scheme import Clause, read
from skills_lsp.syntax.languages import LANGUAGES

CATEGORIES = frozenset(
    {"tests", "async", "security", "imports", "docs", "types", "complexity", "data"}
)
ROOT = Path(__file__).parent

# A folder's patterns are compiled for every language that its grammar's trees are like.
_FOLDERS = {
    "python": ("python",),
    "javascript": ("javascript",),
    "typescript": ("javascript", "typescript"),
    "tsx": ("javascript", "typescript"),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing worth noticing, in one folder: a query file or a module."""

    id: str
    languages: tuple[str, ...]
    category: str
    summary: str
    source: str
    path: Path

    @property
    def is_module(self) -> bool:
        """Say whether Python code finds it, and not a query."""
        return self.path.suffix == ".py"


@dataclass(frozen=True, slots=True)
class Definition:
    """A pattern with what its file says; ``clauses`` is empty for a module."""

    pattern: Pattern
    clauses: tuple[Clause, ...]


@cache
def definitions(
    language: str, root: Path = ROOT
) -> tuple[tuple[Definition, ...], tuple[PatternError, ...]]:
    """Return the patterns of a language and what was wrong with those that cannot be used."""
    found: list[Definition] = []
    problems: list[PatternError] = []
    for path in _files(language, root):
        try:
            found.append(_module(path) if path.suffix == ".py" else _query(path))
        except (ValueError, OSError) as error:
            problems.append(problem(path, str(error)))
    return tuple(found), tuple(problems)


def catalogue(root: Path = ROOT) -> tuple[Pattern, ...]:
    """Return every pattern that can be used, by id and folder."""
    found = {
        each.pattern.path: each.pattern
        for language in LANGUAGES
        for each in definitions(language, root)[0]
    }
    return tuple(sorted(found.values(), key=lambda each: (each.id, each.languages)))


def problem(path: Path, reason: str) -> PatternError:
    """Return the error for a pattern file that cannot be used."""
    return PatternError(
        "bad-pattern", f"{path.parent.name}/{path.name}: {reason}", "The other patterns are used."
    )


def _files(language: str, root: Path) -> Iterator[Path]:
    for folder in _FOLDERS[language]:
        if (root / folder).is_dir():
            for path in sorted((root / folder).iterdir()):
                if path.suffix in (".scm", ".py") and path.name != "__init__.py":
                    yield path


def _languages(path: Path) -> tuple[str, ...]:
    return tuple(each for each in LANGUAGES if path.parent.name in _FOLDERS[each])


def _query(path: Path) -> Definition:
    header, clauses = read(path.read_text(encoding="utf-8"))
    if not clauses:
        raise ValueError("it holds no pattern")
    categories = {each.settings.get("category", "") for each in clauses} - {""}
    if len(categories) != 1 or not categories <= CATEGORIES:
        raise ValueError(f"it must set one category, one of {', '.join(sorted(CATEGORIES))}")
    if any("message" not in each.settings for each in clauses):
        raise ValueError("each of its patterns must set a message")
    category = categories.pop()
    pattern = Pattern(path.stem, _languages(path), category, header.summary, header.source, path)
    return Definition(pattern, clauses)


_ASSIGNED = re.compile(r'^CATEGORY = "([a-z]+)"$', re.MULTILINE)


def _module(path: Path) -> Definition:
    """Read what a module says of itself, without running it: docstring and ``CATEGORY``."""
    text = path.read_text(encoding="utf-8")
    category = _ASSIGNED.search(text)
    if category is None or category[1] not in CATEGORIES:
        raise ValueError(f"it must set CATEGORY, one of {', '.join(sorted(CATEGORIES))}")
    opening = text[3 : text.index('"""', 3)] if text.startswith('"""') else ""
    said, _, source = " ".join(opening.split()).partition("Source: ")
    pattern = Pattern(
        path.stem.replace("_", "-"), _languages(path), category[1], said.strip(), source, path
    )
    return Definition(pattern, ())
