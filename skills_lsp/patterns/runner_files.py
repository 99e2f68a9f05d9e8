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


def holds_tests(source: Source) -> bool:
    """Say whether a file is one that a runner loads: by name, folder, or the project's settings.

    A buffer without a file name may become anything, so it counts as one.
    """
    return source.remember("holds tests", lambda: _holds_tests(source))


def _holds_tests(source: Source) -> bool:
    if not source.path:
        return True
    path = _below(source.path, source.project.root)
    if _NAME.fullmatch(path.name) or any(map(_FOLDER.fullmatch, path.parts[:-1])):
        return True
    return any(_glob(each).match(path.as_posix()) for each in source.project.scripts.test_files)


def _below(path: str, root: str) -> PurePath:
    """Return a path as its project sees it: a project may itself be in a folder of tests."""
    pure = PurePath(path)
    return pure.relative_to(root) if root and pure.is_relative_to(root) else pure


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


def _simple(part: str) -> str:
    """Return the expression of a part of a glob that has no ``**``: ``*`` stays in its folder."""
    return translate(part)[4:-3].replace(".*", "[^/]*")
