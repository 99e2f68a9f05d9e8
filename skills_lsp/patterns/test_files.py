"""Which files hold tests, by the conventions of the runners and the project's own."""

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePath

from skills_lsp.domain.project import NO_PROJECT, Project, PytestRules
from skills_lsp.syntax.source import Source

_PYTHON = re.compile(r"(?:test_.*|.*_test|conftest)\.pyi?|tests?\.py")
_PYTEST = re.compile(r"(?:test_.*|.*_test)\.py")
_JAVASCRIPT = re.compile(
    r".*[.\-_](?:test|spec|cy|e2e)\.[cm]?[jt]sx?|(?:test|spec)s?\.[cm]?[jt]sx?"
)
_PYTHON_FOLDERS = frozenset({"tests", "test"})
_JAVASCRIPT_FOLDERS = frozenset({"__tests__", "__test__", "test", "tests", "spec", "specs", "e2e"})


def is_test_file(path: str, language: str, project: Project = NO_PROJECT) -> bool:
    """Say whether a file belongs to tests, by its name and folders, or because pytest collects it.

    Examples
    --------
    >>> is_test_file("/a/test_x.py", "python"), is_test_file("/a/latest.py", "python")
    (True, False)
    """
    pure = PurePath(path)
    if language == "python":
        if _PYTHON.fullmatch(pure.name) or not _PYTHON_FOLDERS.isdisjoint(pure.parts[:-1]):
            return True
        return bool(pure.suffix) and is_collected_by_pytest(path, project)
    return bool(_JAVASCRIPT.fullmatch(pure.name)) or not _JAVASCRIPT_FOLDERS.isdisjoint(
        pure.parts[:-1]
    )


def is_collected(source: Source) -> bool:
    """Say whether pytest looks for tests in a source."""
    return source.remember(
        "is collected", lambda: is_collected_by_pytest(source.path, source.project)
    )


def is_collected_by_pytest(path: str, project: Project = NO_PROJECT) -> bool:
    """Say whether pytest looks for tests in a file, by the project's ``python_files``.

    A buffer without a file name may become anything, so it counts as one. Where a project takes
    files of any name, those count that are in its ``testpaths``.
    """
    return _is_collected(path, project.base, project.pytest)


@lru_cache(maxsize=256)
def _is_collected(path: str, base: str, rules: PytestRules) -> bool:
    pure = PurePath(path)
    name = pure.name
    if not pure.suffix:
        return True
    full = _absolute(path, base)
    if not name.endswith(".py") or _is_below(full, rules.ignored):
        return False
    if any(_is_skipped(each, rules.skipped) for each in pure.parts[:-1]):
        return False
    if not any(_fits(each, name, full) for each in rules.files):
        return False
    is_usual = _PYTEST.fullmatch(name) is not None
    return is_usual or not rules.paths or _is_below(full, rules.paths)


@lru_cache(maxsize=1024)
def _is_skipped(folder: str, skipped: tuple[str, ...]) -> bool:
    return folder not in ("..", ".") and any(fnmatchcase(folder, each) for each in skipped)


def _absolute(path: str, base: str) -> str:
    path = path.replace("\\", "/")
    base = base.replace("\\", "/").rstrip("/")
    return path if path.startswith("/") or path[1:2] == ":" else f"{base}/{path}"


def _is_below(path: str, tops: tuple[str, ...]) -> bool:
    return any(path == top or path.startswith(f"{top.rstrip('/')}/") for top in tops)


@lru_cache(maxsize=1024)
def _fits(pattern: str, name: str, full: str) -> bool:
    """Say whether a file fits a pattern, as pytest does: one with a folder is for the whole path."""
    if "/" not in pattern:
        return fnmatchcase(name, pattern)
    return fnmatchcase(full, pattern if pattern.startswith("/") else f"*/{pattern}")
