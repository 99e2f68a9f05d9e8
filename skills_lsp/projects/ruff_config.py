"""What settings of ruff come to. Source: https://docs.astral.sh/ruff/settings/#lintisort ."""

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from skills_lsp.domain.project import SECTIONS, ImportRules
from skills_lsp.projects.local_modules import local_modules

_Table: TypeAlias = dict[str, Any]

_CODES = {
    "F401": "unused-import",
    "I001": "unsorted-imports",
    "F811": "duplicate-import",
    "F403": "star-import",
}
_SORTS = frozenset({"I", "I0", "I00", "I001", "ALL"})
_NEWEST_PYTHON = 14
_DEFAULT_PYTHON = 11  # ruff's, in the version that the accuracy tests ask


def rules(ruff: _Table, folder: str, path: str, base: str, python: int) -> ImportRules:
    """Return the rules that settings in a folder make for a file, whose name starts at a base."""
    isort = _isort(ruff)
    sections = _texts(isort.get("section-order")) or SECTIONS
    own = isort.get("sections")
    user = own if isinstance(own, dict) else {}
    sources = _texts(ruff.get("src")) or (".", "src")
    same_package = isort.get("detect-same-package") is not False
    default_section = isort.get("default-section")
    return ImportRules(
        line_length=_number(_lint(ruff).get("line-length", ruff.get("line-length")), 88),
        python=python or _DEFAULT_PYTHON,
        sections=tuple(
            dict.fromkeys((*sections, *(each for each in user if each not in sections)))
        ),
        default_section=default_section if isinstance(default_section, str) else "third-party",
        known=tuple(_known(isort, user)),
        headings=tuple(_headings(isort.get("import-heading"))),
        lines_after=_number(isort.get("lines-after-imports"), -1),
        lines_between_types=_number(isort.get("lines-between-types"), 0),
        forced_separate=_texts(isort.get("forced-separate")),
        is_nearest_first=isort.get("relative-imports-order") == "closest-to-furthest",
        split_on_trailing_comma=isort.get("split-on-trailing-comma") is not False,
        order_by_type=isort.get("order-by-type") is not False,
        allowed_unused=frozenset(_allowed(ruff, isort)),
        silent=silent(ruff, folder, path),
        is_local=local_modules(folder, base, sources, same_package=same_package),
        no_sections=isort.get("no-sections") is True,
        force_single_line=isort.get("force-single-line") is True,
        force_sort_within_sections=isort.get("force-sort-within-sections") is True,
        force_wrap_aliases=isort.get("force-wrap-aliases") is True,
        combine_as=isort.get("combine-as-imports") is True,
        from_first=isort.get("from-first") is True,
        case_sensitive=isort.get("case-sensitive") is True,
        length_sort=isort.get("length-sort") is True,
        length_sort_straight=isort.get("length-sort-straight") is True,
        single_line_exclusions=frozenset(_texts(isort.get("single-line-exclusions"))),
        force_to_top=frozenset(_texts(isort.get("force-to-top"))),
        no_lines_before=frozenset(_texts(isort.get("no-lines-before"))),
        constants=frozenset(_texts(isort.get("constants"))),
        classes=frozenset(_texts(isort.get("classes"))),
        variables=frozenset(_texts(isort.get("variables"))),
    )


_KNOWN = {
    "known-first-party": "first-party",
    "known-third-party": "third-party",
    "known-local-folder": "local-folder",
    "extra-standard-library": "standard-library",
}


def is_about_imports(ruff: _Table) -> bool:
    """Say whether ruff is asked to sort imports."""
    lint = _lint(ruff)
    if set(_texts(lint.get("ignore", ruff.get("ignore")))) & _SORTS:
        return False
    selected = (
        *_texts(lint.get("select", ruff.get("select"))),
        *_texts(lint.get("extend-select", ruff.get("extend-select"))),
    )
    return bool(_isort(ruff)) or any(each in _SORTS for each in selected)


def silent(ruff: _Table, folder: str, path: str) -> frozenset[str]:
    """Return the patterns whose rules a project ignores in a file."""
    lint = _lint(ruff)
    codes: list[str] = []
    for key in ("ignore", "extend-ignore"):
        codes += _texts(lint.get(key, ruff.get(key)))
    for key in ("per-file-ignores", "extend-per-file-ignores"):
        table = lint.get(key, ruff.get(key))
        for pattern, ignored in table.items() if isinstance(table, dict) else ():
            if _matches(str(pattern), folder, path):
                codes += _texts(ignored)
    return frozenset(
        name
        for code, name in _CODES.items()
        if any(each == "ALL" or (each and code.startswith(each)) for each in codes)
    )


def python(ruff: _Table) -> int:
    """Return the minor version of Python that settings name, 0 for none."""
    target = ruff.get("target-version")
    found = re.fullmatch(r"py3(\d+)", target) if isinstance(target, str) else None
    return int(found[1]) if found else 0


def required(requires: object) -> int:
    """Return the oldest minor version of Python 3 that ``requires-python`` allows, 0 for any."""
    if not isinstance(requires, str):
        return 0
    lowest = [
        int(each[2]) + (each[1] == ">")
        for each in re.finditer(r"(>=|~=|==|>)\s*3\.(\d{1,2})", requires)
    ]
    return min(max(lowest), _NEWEST_PYTHON) if lowest else 0


def _isort(ruff: _Table) -> _Table:
    found = _lint(ruff).get("isort", ruff.get("isort"))
    return found if isinstance(found, dict) else {}


def _lint(ruff: _Table) -> _Table:
    found = ruff.get("lint")
    return found if isinstance(found, dict) else {}


def _known(isort: _Table, user: _Table) -> Iterator[tuple[str, str]]:
    for section, modules in user.items():
        yield from ((each, str(section)) for each in _texts(modules))
    for key, section in _KNOWN.items():
        yield from ((each, section) for each in _texts(isort.get(key)))


def _headings(table: object) -> Iterator[tuple[str, str]]:
    for section, text in table.items() if isinstance(table, dict) else ():
        yield str(section), f"# {text}"


def _allowed(ruff: _Table, isort: _Table) -> Iterator[str]:
    pyflakes = _lint(ruff).get("pyflakes", ruff.get("pyflakes"))
    if isinstance(pyflakes, dict):
        yield from _texts(pyflakes.get("allowed-unused-imports"))
    for each in _texts(isort.get("required-imports")):
        words = re.split(r"[\s,]+", each)
        if words[0] == "from" and len(words) > 3:  # noqa: PLR2004 - from, module, import, name
            yield f"{words[1]}.{words[3]}"
        elif len(words) > 1:
            yield words[1]


def _matches(pattern: str, folder: str, path: str) -> bool:
    is_negated = pattern.startswith("!")
    glob = pattern.removeprefix("!")
    below = os.path.join(folder, glob)  # noqa: PTH118 - pathlib takes five times as long
    name = path.replace("\\", "/")
    is_match = bool(
        _glob(glob).fullmatch(name.rpartition("/")[2])
        or _glob(below.replace("\\", "/")).fullmatch(name)
    )
    return is_match is not is_negated


@lru_cache(512)
def _glob(pattern: str) -> re.Pattern[str]:
    """Return a glob of ruff's as an expression: ``*`` goes over folders too."""
    words = {"**/": "(?:.*/)?", "**": ".*", "*": ".*", "?": ".", "{": "(?:", "}": ")", ",": "|"}
    depth = 0
    found: list[str] = []
    for part in re.findall(r"\*\*/|\*\*|\[[^\]]+\]|.", pattern, re.DOTALL):
        depth += (part == "{") - (part == "}")
        is_choice = part in "{}" or (part == "," and depth > 0)
        if part.startswith("[") and len(part) > 1:
            found.append(part.replace("[!", "[^").replace("\\", ""))
        elif part in words and (is_choice or part not in "{},"):
            found.append(words[part])
        else:
            found.append(re.escape(part))
    try:
        return re.compile("".join(found))
    except re.error:
        return re.compile(re.escape(pattern))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    items: Iterable[object] = value if isinstance(value, list) else ()
    return tuple(each for each in items if isinstance(each, str))


def _number(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
