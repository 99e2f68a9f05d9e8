"""Names that fit what pytest is told to look for: prefixes, and globs."""

from fnmatch import fnmatchcase
from functools import lru_cache

_GLOB = frozenset("*?[")


@lru_cache(maxsize=4096)
def is_named(name: str, wanted: tuple[str, ...]) -> bool:
    """Say whether a name begins with one of some words, or fits one that is a glob.

    Examples
    --------
    >>> is_named("test_x", ("test",)), is_named("check_it", ("check_*", "*_test"))
    (True, True)
    """
    return any(
        name.startswith(each) or (not _GLOB.isdisjoint(each) and fnmatchcase(name, each))
        for each in wanted
    )
