"""What is worth noticing in code: one file per pattern, and the engine that finds them.

The folders ``python``, ``javascript`` (also for TypeScript and TSX) and ``typescript`` are the
registry: a pattern is there when its file is there.
"""

from skills_lsp.domain.finding import Finding, Inspection
from skills_lsp.domain.project import NO_PROJECT, Project
from skills_lsp.errors import PatternError
from skills_lsp.patterns.catalogue import Pattern, catalogue
from skills_lsp.patterns.engine import look_at, look_at_places
from skills_lsp.patterns.limits import too_large, too_long
from skills_lsp.patterns.rules import rule_set
from skills_lsp.patterns.test_files import is_test_file
from skills_lsp.syntax.languages import language_of
from skills_lsp.syntax.nodes import first_error
from skills_lsp.syntax.source import Source
from skills_lsp.text import Span

__all__ = [
    "Pattern",
    "catalogue",
    "findings",
    "findings_of_places",
    "inspect",
    "is_test_file",
    "problems",
    "warm_up",
]


def findings(source: Source, span: Span | None = None) -> tuple[Finding, ...]:
    """Return what is worth noticing in a file, or (quickly) what of it touches a span.

    The findings of a span are exactly those of the file whose extent touches it.
    """
    return source.remember(("findings", "findings_of_places", span), lambda: look_at(source, span))


def findings_of_places(source: Source, span: Span) -> tuple[Finding, ...]:
    """Return what touches a span, quickly in a long file too: without what is about its imports."""
    return source.remember(("places", span), lambda: look_at_places(source, span))


def inspect(
    path: str, text: str, language: str | None = None, project: Project = NO_PROJECT
) -> Inspection:
    """Return what is worth noticing in a text; in a language we do not read, nothing."""
    known = language or language_of("", path) or ""
    if not known:
        return Inspection(path, "", is_test_file=False, findings=())
    is_test = is_test_file(path, known, project)
    reason = too_long(len(text))
    if reason:
        return Inspection(path, known, is_test, (), reason)
    source = Source(text, known, path, project)
    error = first_error(source.root)
    broken_line = error.start_point.row if error is not None else None
    return Inspection(path, known, is_test, findings(source), too_large(source), broken_line)


def problems(language: str) -> tuple[PatternError, ...]:
    """Return what is wrong with the pattern files of a language; the others work without them."""
    return rule_set(language).problems


def warm_up(language: str) -> None:
    """Load the grammar and compile the patterns of a language, as the first request would."""
    rule_set(language)
