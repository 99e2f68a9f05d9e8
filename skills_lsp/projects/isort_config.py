"""What settings of isort come to.

Its ways to wrap long imports are many; only the one that ruff and black have is checked, for the
others the order alone. Source: https://pycqa.github.io/isort/docs/configuration/options.html
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from skills_lsp.domain.project import SECTIONS, ImportRules
from skills_lsp.projects.local_modules import local_modules

_Table: TypeAlias = dict[str, Any]

_VERTICAL_HANGING = frozenset({"3", "VERTICAL_HANGING_INDENT"})
_PROFILES: dict[str, _Table] = {
    "black": {
        "multi_line_output": 3, "include_trailing_comma": True, "split_on_trailing_comma": True,
        "use_parentheses": True, "ensure_newline_before_comments": True, "line_length": 88,
    },
    "django": {
        "combine_as_imports": True, "include_trailing_comma": True, "multi_line_output": 5,
        "line_length": 79,
    },
    "pycharm": {"multi_line_output": 3, "force_grid_wrap": 2, "lines_after_imports": 2},
    "google": {
        "force_single_line": True, "force_sort_within_sections": True, "lexicographical": True,
        "single_line_exclusions": ["typing"], "order_by_type": False, "line_length": 1000,
    },
    "open_stack": {
        "force_single_line": True, "force_sort_within_sections": True, "lexicographical": True,
    },
    "plone": {
        "force_alphabetical_sort": True, "force_single_line": True, "lines_after_imports": 2,
        "line_length": 200,
    },
    "attrs": {
        "force_grid_wrap": 2, "include_trailing_comma": True, "lines_after_imports": 2,
        "lines_between_types": 1, "multi_line_output": 3, "use_parentheses": True,
    },
    "hug": {
        "multi_line_output": 3, "include_trailing_comma": True, "force_grid_wrap": 0,
        "use_parentheses": True, "line_length": 100,
    },
    "wemake": {
        "multi_line_output": 3, "include_trailing_comma": True, "use_parentheses": True,
        "line_length": 80,
    },
    "appnexus": {
        "force_sort_within_sections": True, "order_by_type": False, "case_sensitive": False,
        "reverse_relative": True, "sort_relative_in_force_sorted_sections": True,
    },
}  # fmt: skip
"""Source: https://pycqa.github.io/isort/docs/configuration/profiles.html"""

_NAMES = {
    "FUTURE": "future", "STDLIB": "standard-library", "THIRDPARTY": "third-party",
    "FIRSTPARTY": "first-party", "LOCALFOLDER": "local-folder",
}  # fmt: skip
_KNOWN = {
    "known_first_party": "first-party",
    "known_third_party": "third-party",
    "known_local_folder": "local-folder",
    "known_standard_library": "standard-library",
    "known_future_library": "future",
    "extra_standard_library": "standard-library",
}
_BEYOND_US = (
    "lexicographical", "force_alphabetical_sort", "force_alphabetical_sort_within_sections",
    "reverse_sort", "reverse_relative", "only_sections", "no_inline_sort", "sort_order",
    "star_first", "sort_relative_in_force_sorted_sections", "force_sort_within_sections_by_length",
    "dedup_headings", "combine_star", "remove_redundant_aliases", "length_sort_sections",
)  # fmt: skip


def rules(settings: _Table, folder: str, path: str, base: str) -> ImportRules:
    """Return the rules that settings in a folder make for a file, whose name starts at a base."""
    profile = _PROFILES.get(str(settings.get("profile", "")).strip(), {})
    given = {**profile, **settings}
    sections = tuple(_NAMES.get(each, each.lower()) for each in _texts(given.get("sections")))
    default = _text(given.get("default_section")) or "THIRDPARTY"
    is_black = (
        _text(given.get("multi_line_output")) in _VERTICAL_HANGING
        and _flag(given.get("include_trailing_comma"))
        and not _number(given.get("force_grid_wrap"), 0)
        and _flag(given.get("ensure_newline_before_comments"))
    )
    sources = _texts(given.get("src_paths")) or _texts(given.get("known_src")) or (".", "src")
    is_silent = _skips(given, folder, path) or any(_is_set(given.get(it)) for it in _BEYOND_US)
    no_lines = _texts(given.get("no_lines_before"))
    if _text(given.get("lines_between_sections")) == "0":
        no_lines = sections or tuple(_NAMES)
    return ImportRules(
        is_isort=True,
        checks_layout=is_black,
        line_length=_number(given.get("line_length"), 79),
        python=0,
        sections=sections or SECTIONS,
        default_section=_NAMES.get(default, default.lower()),
        known=tuple(_known(given)),
        headings=tuple(_headings(given)),
        no_lines_before=frozenset(_NAMES.get(each, each.lower()) for each in no_lines),
        lines_after=_number(given.get("lines_after_imports"), -1),
        lines_between_types=_number(given.get("lines_between_types"), 0),
        no_sections=_flag(given.get("no_sections")),
        forced_separate=_texts(given.get("forced_separate")),
        force_single_line=_flag(given.get("force_single_line")),
        single_line_exclusions=frozenset(_texts(given.get("single_line_exclusions"))),
        force_sort_within_sections=_flag(given.get("force_sort_within_sections")),
        force_to_top=frozenset(_texts(given.get("force_to_top"))),
        combine_as=_flag(given.get("combine_as_imports")),
        split_on_trailing_comma=_flag(given.get("split_on_trailing_comma")),
        from_first=_flag(given.get("from_first")),
        case_sensitive=_flag(given.get("case_sensitive")),
        order_by_type=_flag(given.get("order_by_type", True)),
        length_sort=_flag(given.get("length_sort")),
        length_sort_straight=_flag(given.get("length_sort_straight")),
        constants=frozenset(_texts(given.get("constants"))),
        classes=frozenset(_texts(given.get("classes"))),
        variables=frozenset(_texts(given.get("variables"))),
        silent=frozenset({"unsorted-imports"} if is_silent else ()),
        is_local=local_modules(folder, base, sources, same_package=False, is_by_name=True),
    )


def _skips(given: _Table, folder: str, path: str) -> bool:
    """Say whether a file, or a folder that it is in, is to be left alone."""
    below = path.removeprefix(folder).replace("\\", "/").strip("/")
    parts = below.split("/")
    names = {each.strip("/") for key in ("skip", "extend_skip") for each in _texts(given.get(key))}
    if names & {*parts, *("/".join(parts[:n]) for n in range(1, len(parts) + 1))}:
        return True
    globs = (*_texts(given.get("skip_glob")), *_texts(given.get("extend_skip_glob")))
    return any(fnmatchcase(below, each) or fnmatchcase(path, each) for each in globs)


def _known(given: _Table) -> Iterator[tuple[str, str]]:
    for key, value in given.items():
        if key.startswith("known_") and key not in _KNOWN:
            section = key.removeprefix("known_")
            yield from ((each, section) for each in _texts(value))
    for key, section in _KNOWN.items():
        yield from ((each, section) for each in _texts(given.get(key)))


def _headings(given: _Table) -> Iterator[tuple[str, str]]:
    for key, value in given.items():
        if key.startswith("import_heading_") and _text(value):
            name = key.removeprefix("import_heading_")
            yield _NAMES.get(name.upper(), name), f"# {_text(value)}"


def _texts(value: object) -> tuple[str, ...]:
    """Return a list of texts, which in an INI file is separated by commas or lines."""
    if isinstance(value, str):
        return tuple(each.strip() for each in re.split(r"[,\n]", value) if each.strip())
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, (str, int)) else ""


def _flag(value: object) -> bool:
    return value is True or str(value).strip().lower() in ("1", "true", "yes", "on", "t", "y")


def _number(value: object, otherwise: int) -> int:
    text = _text(value)
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else otherwise


def _is_set(value: object) -> bool:
    return _flag(value) or (isinstance(value, list) and bool(value)) or _text(value) in (
        "native", "natural_plus", "force_to_top",
    )  # fmt: skip
