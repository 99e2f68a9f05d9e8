"""Which JavaScript and TypeScript files a test runner loads, in which its globals are there."""

import re
from fnmatch import translate
from functools import lru_cache
from pathlib import PurePath

from skills_lsp.syntax.source import Source

# The defaults of vitest, jest, mocha, jasmine, node:test, Playwright and Cypress, and habits.
_NAME = re.compile(
    r"""
    .*[.\-_](?:tests?|specs?|cy|e2e|unit|integration|acceptance)\.[cm]?[jt]sx?
    | .*[a-z0-9](?:Tests?|Specs?)\.[cm]?[jt]sx?
    | (?:tests?|specs?)(?:[.\-_].*)?\.[cm]?[jt]sx?
    """,
    re.VERBOSE,
)
_FOLDER = re.compile(r"_*(?:[\w.]+[-.])?(?:tests?|specs?|e2e|cypress)(?:[-.][\w.-]*)?_*")


_BENCHMARKS = re.compile(r".*[.\-_]bench(?:mark)?s?\.[cm]?[jt]sx?")


def holds_tests(source: Source) -> bool:
    """Say whether a file is one that a runner loads: by name, folder, or the project's settings.

    A buffer without a file name may become anything, so it counts as one.
    """
    return source.remember("holds tests", lambda: _holds_tests(source))


def is_benchmark(source: Source) -> bool:
    """Say whether a file is one of vitest's benchmarks, in which a suite holds no tests."""
    return _BENCHMARKS.fullmatch(PurePath(source.path).name) is not None


def _holds_tests(source: Source) -> bool:
    if not source.path:
        return True
    if is_benchmark(source):
        return False
    project = source.project
    below = _below(source.path, project.base or project.root)
    if _NAME.fullmatch(below.name) or any(map(_FOLDER.fullmatch, below.parts[:-1])):
        return True
    path = PurePath(project.base, source.path).as_posix()
    return any(_glob(each).match(path) for each in project.scripts.test_files) or any(
        _expression(each).search(path) for each in project.scripts.test_expressions
    )


def _below(path: str, top: str) -> PurePath:
    """Return a path as its project sees it: a project may itself be in a folder of tests."""
    pure = PurePath(path)
    return pure.relative_to(top) if top and pure.is_relative_to(top) else pure


@lru_cache(maxsize=64)
def _glob(glob: str) -> re.Pattern[str]:
    """Return the expression of a glob: ``**`` is any folders, ``{a,b}`` and ``?(a|b)`` a choice."""
    pieces: list[str] = []
    for part in re.split(r"(\*\*/?|[@?+*]\([^()]*\)|\{[^{}]*\})", glob):
        if part.startswith("**"):
            pieces.append("(?:.*/)?" if part.endswith("/") else ".*")
        elif part[:1] == "{" or part[1:2] == "(":
            inside = part[1:-1] if part[0] == "{" else part[2:-1]
            each = (_simple(word) for word in re.split(r"[,|]", inside))
            pieces.append(f"(?:{'|'.join(each)}){part[0] if part[0] in '?*+' else ''}")
        else:
            pieces.append(_simple(part))
    try:
        return re.compile("".join(pieces) + r"\Z")
    except re.error:
        return re.compile(r"(?!)")


@lru_cache(maxsize=64)
def _expression(written: str) -> re.Pattern[str]:
    """Return an expression of JavaScript's, in which only rare things differ; a bad one fits nothing."""
    try:
        return re.compile(written)
    except (re.error, OverflowError, RecursionError):
        return re.compile(r"(?!)")


def _simple(part: str) -> str:
    """Return the expression of a part of a glob that has no ``**``: ``*`` stays in its folder."""
    return translate(part)[4:-3].replace(".*", "[^/]*")
