"""What a pattern saw in a buffer."""

from dataclasses import dataclass

from skills_lsp.text import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One match of one pattern.

    ``span`` is the smallest range a person would underline; ``name`` the symbol or callee;
    ``test_id`` what a runner needs to run exactly this (``path::Class::test_x`` without the path
    part: ``Class::test_x``; for JavaScript the titles joined by a space). ``test_pattern`` is the
    regular expression by which JavaScript's runners choose it, and all rows of its table.
    """

    pattern: str
    category: str  # tests | async | security | imports | docs | types | complexity | data
    span: Span
    name: str
    message: str
    test_id: str = ""
    reach: Span | None = None  # the whole construct (a test's body) where it is wider than span
    test_pattern: str = ""

    @property
    def extent(self) -> Span:
        """The construct that the finding is about: a cursor in it is "at" the finding."""
        return self.reach or self.span


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition around the cursor, outermost first when in a list."""

    kind: str  # function | method | class | imports | module
    name: str
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen in one file (or in one stretch of it).

    ``too_large`` says in a sentence what of it was too much to be looked at; mostly it is empty.
    ``broken_line``, from 0, is the first that cannot be read as the language.
    """

    path: str
    language: str
    is_test_file: bool
    findings: tuple[Finding, ...]
    too_large: str = ""
    broken_line: int | None = None
