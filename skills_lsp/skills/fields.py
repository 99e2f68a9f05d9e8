"""The fields of a skill's TOML, each with the check of its value.

``schema/skill.schema.json`` says the same for editors; a test feeds both the same mistakes.
"""

import re
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any

from skills_lsp.domain.skill import Category, FileKind, Modality, Phase, Scope, ToolKind
from skills_lsp.skills.vocabulary import (
    PLACEHOLDERS,
    RESULT_READERS,
    nearest,
    normalize_shortcut,
    unknown_placeholders,
)

Check = Callable[[Any], str | None]
"""Returns what is wrong with a value, as the end of a sentence, or None."""

MAX_DESCRIPTION = 1024
MAX_TITLE = 60
MAX_ITEMS = 100
_MAX_TEXT = 2048
_MAX_INSTRUCTIONS = 200_000
_DAY_SECONDS = 86_400
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# source.* is absent on purpose: VS Code's menu under Ctrl+. never shows it.
_KIND = re.compile(r"(?:skill|quickfix|refactor)(?:\.[A-Za-z]+)*")
_PATTERN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SKILL_NAME = _PATTERN_ID
_LANGUAGE = re.compile(r"[a-z][a-z0-9+#.\-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def text(limit: int = _MAX_TEXT, *, lines: bool = False, may_be_empty: bool = False) -> Check:
    """Return the check of a text of at most ``limit`` characters, of one line unless said."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return _wrong_type("text", value)
        if not may_be_empty and not value.strip():
            return "is empty"
        if not lines and _CONTROL.search(value):
            return "must be one line without control characters"
        return f"is longer than {limit} characters" if len(value) > limit else None

    return check


def choice(values: type[StrEnum] | Collection[str]) -> Check:
    """Return the check of a word out of a list."""
    words = [str(value) for value in values]

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return _wrong_type("text", value)
        if value in words:
            return None
        return f"{value!r} is not one of {', '.join(words)}{nearest(value, words)}"

    return check


def number(low: float, high: float, *, above_low: bool = False) -> Check:
    """Return the check of a number between two bounds."""

    def check(value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return _wrong_type("a number", value)
        # Written so that nan, which compares with nothing, is refused too.
        if not low <= value <= high or (above_low and value == low):
            return f"must be {'above' if above_low else 'from'} {low:g} and at most {high:g}"
        return None

    return check


def boolean(value: Any) -> str | None:
    """Check a true or false."""
    return None if isinstance(value, bool) else _wrong_type("true or false", value)


def listing(item: Check) -> Check:
    """Return the check of a list whose items each pass ``item``, without repeats."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return _wrong_type("a list", value)
        if len(value) > MAX_ITEMS:
            return f"has more than {MAX_ITEMS} entries"
        for entry in value:
            mistake = item(entry)
            if mistake:
                return f"has an entry that {mistake}" if mistake[0].islower() else mistake
        return None

    return check


def table(value_check: Check, key: re.Pattern[str], key_name: str) -> Check:
    """Return the check of a table whose keys match ``key`` and whose values pass ``value_check``."""

    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return _wrong_type("a table", value)
        if len(value) > MAX_ITEMS:
            return f"has more than {MAX_ITEMS} entries"
        for name, entry in value.items():
            if not key.fullmatch(name):
                return f"{name!r} is no {key_name}"
            mistake = value_check(entry)
            if mistake:
                return f"{name!r} {mistake}"
        return None

    return check


def matching(pattern: re.Pattern[str], meaning: str) -> Check:
    """Return the check of a text of a given form."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return _wrong_type("text", value)
        if len(value) > _MAX_TEXT or not pattern.fullmatch(value):
            return f"{value[:100]!r} is no {meaning}"
        return None

    return check


def template(value: Any) -> str | None:
    """Check a text with placeholders."""
    mistake = text(may_be_empty=True)(value)
    if mistake:
        return mistake
    unknown = unknown_placeholders(value)
    if not unknown:
        return None
    return f"{{{unknown[0]}}} is no placeholder{nearest(unknown[0], PLACEHOLDERS)}"


def tool(value: Any) -> str | None:
    """Check a program's name: not filled in, and no option."""
    mistake = text(200)(value)
    if mistake:
        return mistake
    if value.startswith("-") or set(value) & set("{}"):
        return f"{value!r} is no program name; it starts with no dash and holds no placeholder"
    return None


def shortcut(value: Any) -> str | None:
    """Check a keyboard shortcut; the empty text is none."""
    mistake = text(60, may_be_empty=True)(value)
    if mistake or not value:
        return mistake
    if value != value.lower() or normalize_shortcut(value) is None:
        return f"{value!r} is no shortcut; write it like 'ctrl+shift+t' or 'ctrl+k ctrl+g t'"
    return None


def glob(value: Any) -> str | None:
    """Check a glob pattern relative to the project."""
    mistake = text(300)(value)
    if mistake:
        return mistake
    if value.startswith(("/", "~")) or ".." in value.split("/") or "\\" in value:
        return f"{value!r} must be relative to the project, with '/' and without '..'"
    return None


def url(value: Any) -> str | None:
    """Check a web address; the empty text is none."""
    mistake = text(may_be_empty=True)(value)
    if mistake or not value or re.match(r"https?://\S+$", value):
        return mistake
    return f"{value!r} is no http or https address"


_STRENGTH = number(0, 1, above_low=True)
_EXIT_CODE_RANGE = number(0, 255)


def exit_code(value: Any) -> str | None:
    """Check a process's exit code."""
    if isinstance(value, bool) or not isinstance(value, int):
        return _wrong_type("a whole number", value)
    return _EXIT_CODE_RANGE(value)


SKILL_FIELDS: Mapping[str, Check] = {
    "title": text(MAX_TITLE),
    "description": text(MAX_DESCRIPTION),
    "category": choice(Category),
    "modality": choice(Modality),
    "phase": choice(Phase),
    "languages": listing(matching(_LANGUAGE, "LSP language id")),
    "triggers": table(_STRENGTH, _PATTERN_ID, "pattern id"),
    "scope": choice(Scope),
    "file_kind": choice(FileKind),
    "requires_files": listing(glob),
    "requires_packages": listing(text(200)),
    "requires_imports": listing(text(200)),
    "kind": matching(_KIND, "kind; write skill, quickfix, refactor or refactor.…"),
    "shortcut": shortcut,
    "estimated_duration_seconds": number(0, _DAY_SECONDS),
    "keywords": listing(text(100)),
    "source": url,
    "requires_human_review": boolean,
    "next_passed": table(_STRENGTH, _SKILL_NAME, "skill name"),
    "next_failed": table(_STRENGTH, _SKILL_NAME, "skill name"),
}
REQUIRED_FIELDS = ("title", "description", "category", "modality", "phase")

COMMAND_FIELDS: Mapping[str, Check] = {
    "kind": choice(ToolKind),
    "tool": tool,
    "args": listing(template),
    "cwd": template,
    "result": choice(RESULT_READERS),
    "ok_exit_codes": listing(exit_code),
    "found_exit_codes": listing(exit_code),
    "timeout_seconds": number(0, _DAY_SECONDS, above_low=True),
    "changes_files": boolean,
    "needs": listing(matching(re.compile(r"[A-Za-z_][\w.]*", re.ASCII), "Python module")),
    "install": text(may_be_empty=True),
    "environment": table(template, _VARIABLE, "name of a variable"),
}
REQUIRED_COMMAND_FIELDS = ("kind", "tool")

AGENT_FIELDS: Mapping[str, Check] = {
    "instructions": text(_MAX_INSTRUCTIONS, lines=True),
    "allowed_tools": listing(text(200)),
}
REQUIRED_AGENT_FIELDS = ("instructions",)


def _wrong_type(wanted: str, value: Any) -> str:
    found = next((name for kind, name in _TYPE_NAMES if isinstance(value, kind)), "a date")
    return f"must be {wanted}, not {found}"


_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),  # before int, which it is too
    (str, "text"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
)
