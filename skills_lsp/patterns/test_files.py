"""Which files hold tests, by the conventions of the runners."""

import re
from pathlib import PurePath

_PYTHON = re.compile(r"(?:test_.*|.*_test|conftest)\.pyi?|tests?\.py")
_PYTEST = re.compile(r"(?:test_.*|.*_test)\.py")
_JAVASCRIPT = re.compile(
    r".*[.\-_](?:test|spec|cy|e2e)\.[cm]?[jt]sx?|(?:test|spec)s?\.[cm]?[jt]sx?"
)
_PYTHON_FOLDERS = frozenset({"tests", "test"})
_JAVASCRIPT_FOLDERS = frozenset({"__tests__", "__test__", "test", "tests", "spec", "specs", "e2e"})


def is_test_file(path: str, language: str) -> bool:
    """Say whether a file belongs to tests, by its name and folders.

    Examples
    --------
    >>> is_test_file("/a/test_x.py", "python"), is_test_file("/a/latest.py", "python")
    (True, False)
    """
    pure = PurePath(path)
    if language == "python":
        return bool(_PYTHON.fullmatch(pure.name)) or not _PYTHON_FOLDERS.isdisjoint(pure.parts[:-1])
    return bool(_JAVASCRIPT.fullmatch(pure.name)) or not _JAVASCRIPT_FOLDERS.isdisjoint(
        pure.parts[:-1]
    )


def is_collected_by_pytest(path: str) -> bool:
    """Say whether pytest looks for tests in a file, by its default ``python_files``.

    A buffer without a file name may become anything, so it counts as one.
    """
    pure = PurePath(path)
    return not pure.suffix or _PYTEST.fullmatch(pure.name) is not None
