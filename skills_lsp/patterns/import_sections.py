"""Which section of a file's imports a module belongs to."""

import sys
from fnmatch import fnmatchcase
from functools import cache

from skills_lsp.domain.project import ImportRules

FUTURE, STDLIB, THIRD_PARTY, FIRST_PARTY, LOCAL = (
    "future", "standard-library", "third-party", "first-party", "local-folder",
)  # fmt: skip

_OLDEST, _NEWEST = 7, 15
_ADDED = {
    9: "graphlib zoneinfo",
    11: "tomllib",
    14: "annotationlib compression",
    15: "profiling",
}
# The last minor version that had them.
_LAST_IN = {
    7: "macpath",
    8: "dummy_threading _dummy_thread",
    9: "formatter parser symbol _bootlocale",
    10: "binhex",
    11: "asynchat asyncore distutils imp smtpd",
    12: "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev"
    " pipes sndhdr spwd sunau telnetlib uu xdrlib",
}
"""Source: the pages "What's new in Python 3.x"; what is private is as in the Python that runs us."""


def section_of(module: str, path: str, rules: ImportRules) -> str:
    """Return the section of a module, which for a relative import starts with its dots."""
    found = _section(module, path, rules)
    return found if found in rules.sections else rules.default_section


def _section(module: str, path: str, rules: ImportRules) -> str:
    top = module.partition(".")[0]
    if top == "__future__":
        return FUTURE
    if rules.no_sections:
        return FIRST_PARTY
    if not top:
        return LOCAL
    known = _known(module, rules.known)
    if not known and top in standard_library(rules.python):
        known = STDLIB
    if not known and (module == "__main__" or rules.is_local(path, module)):
        known = FIRST_PARTY
    return known or rules.default_section


def _known(module: str, known: tuple[tuple[str, str], ...]) -> str:
    """Return the section that the project gives a module; the most precise name wins."""
    name = module if any("." in pattern for pattern, _ in known) else module.partition(".")[0]
    while name:
        for pattern, section in known:
            if name == pattern or ("*" in pattern and fnmatchcase(name, pattern)):
                return section
        name = name.rpartition(".")[0]
    return ""


@cache
def standard_library(minor: int) -> frozenset[str]:
    """Return the modules of a Python 3 by its minor version; with 0, what isort knows of any."""
    names = set(sys.stdlib_module_names)
    for last, gone in _LAST_IN.items():
        names.update(gone.split())
        if minor > last:
            names.difference_update(gone.split())
    for first, added in _ADDED.items():
        names.update(added.split())
        if minor and minor < first:
            names.difference_update(added.split())
    if not minor:
        # isort knows the modules that have a page in the documentation.
        names = {each for each in names if not each.startswith("_")} | {"_ast", "_thread", "test"}
    return frozenset(names)
