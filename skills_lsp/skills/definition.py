"""One skill definition: a TOML text in, a skill out, or every mistake with its line."""

from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import Any

from skills_lsp.domain.skill import Origin, Problem, Skill
from skills_lsp.skills.build import to_skill
from skills_lsp.skills.fields import (
    AGENT_FIELDS,
    COMMAND_FIELDS,
    REQUIRED_AGENT_FIELDS,
    REQUIRED_COMMAND_FIELDS,
    REQUIRED_FIELDS,
    SKILL_FIELDS,
    Check,
)
from skills_lsp.skills.lines import locate
from skills_lsp.skills.reading import parse_toml, shown
from skills_lsp.skills.vocabulary import (
    KNOWN_PATTERNS,
    LANGUAGE_SLIPS,
    is_name,
    nearest,
)

Loaded = tuple[Skill | None, tuple[Problem, ...]]


def load_toml(
    path: str, text: str, origin: Origin, patterns: Collection[str] = KNOWN_PATTERNS
) -> Loaded:
    """Return the skill that a TOML text defines, and all that is wrong with it.

    An error leaves no skill; a warning (``is_error`` false) leaves it usable. The skill's name is
    the file's.
    """
    data = parse_toml(shown(path), text)
    if isinstance(data, Problem):
        return None, (data,)
    lines = locate(text)
    name = PurePath(path).stem
    problems = [
        Problem(shown(path), lines.of(key, value), message, is_error)
        for key, value, message, is_error in _mistakes(name, data, patterns)
    ]
    if any(problem.is_error for problem in problems):
        return None, tuple(problems)
    return to_skill(name, data, origin, shown(path)), tuple(problems)


# A mistake before it has a line: the key's path, the value to look for, the message, whether it
# is an error.
_Mistake = tuple[tuple[str, ...], object, str, bool]


def _mistakes(name: str, data: dict[str, Any], patterns: Collection[str]) -> list[_Mistake]:
    found: list[_Mistake] = []
    if not is_name(name):
        message = f"{name[:80]!r} is no skill name; call the file like 'pytest-run.toml'"
        found.append(((), None, message, True))
    actions = [key for key in ("run", "agent") if key in data]
    if len(actions) != 1:
        said = "both [run] and [agent]" if actions else "neither [run] nor [agent]"
        found.append((("agent",), None, f"has {said}; a skill has one of them", True))
    fields = {**SKILL_FIELDS, "run": _any_table, "agent": _any_table}
    found += _table_mistakes((), data, fields, REQUIRED_FIELDS)
    if isinstance(data.get("run"), dict):
        found += _table_mistakes(("run",), data["run"], COMMAND_FIELDS, REQUIRED_COMMAND_FIELDS)
    if isinstance(data.get("agent"), dict):
        found += _table_mistakes(("agent",), data["agent"], AGENT_FIELDS, REQUIRED_AGENT_FIELDS)
    if not any(is_error for *_, is_error in found):
        found += _doubts(data, patterns)
    return found


def _table_mistakes(
    at: tuple[str, ...],
    data: dict[str, Any],
    fields: Mapping[str, Check],
    required: tuple[str, ...],
) -> list[_Mistake]:
    where = f"[{'.'.join(at)}] " if at else ""
    found: list[_Mistake] = [
        (at, None, f"{where}{key} is missing", True) for key in required if key not in data
    ]
    for key, value in data.items():
        if key not in fields:
            message = f"{where}{key[:80]!r} is not known here{_advice(key, at, fields)}"
            found.append(((*at, key), None, message, True))
        elif mistake := fields[key](value):
            place, culprit = _culprit(fields[key], value)
            found.append(((*at, key, *place), culprit, f"{where}{key}: {mistake}", True))
    return found


def _advice(key: str, at: tuple[str, ...], fields: Mapping[str, Check]) -> str:
    if key == "name" and not at:
        return "; the file's name is the skill's"
    return nearest(key, fields)


def _culprit(check: Check, value: object) -> tuple[tuple[str, ...], object]:
    """Return the key in a table, and the entry in a list, that is wrong: to point at its line."""
    if isinstance(value, dict):
        return next((((key,), None) for key in value if check({key: value[key]})), ((), None))
    entries = value if isinstance(value, list) else []
    return (), next((entry for entry in entries if check([entry])), None)


def _doubts(data: Mapping[str, Any], patterns: Collection[str]) -> list[_Mistake]:
    """Return what is well-formed and yet hardly meant."""
    found: list[_Mistake] = []
    for pattern in data.get("triggers", {}):
        if pattern not in patterns:
            message = f"triggers: no pattern is called {pattern!r}{nearest(pattern, patterns)}"
            found.append((("triggers", pattern), None, message, False))
    for language in data.get("languages", ()):
        if language in LANGUAGE_SLIPS:
            meant = LANGUAGE_SLIPS[language]
            message = f"languages: no editor says {language!r}; did you mean {meant!r}?"
            found.append((("languages",), language, message, False))
    run = data.get("run", {})
    if run and "{file}" in run.get("args", ()) and data.get("scope") == "project":
        message = "scope is project, yet the command is given the file"
        found.append((("scope",), None, message, False))
    return found


def _any_table(value: Any) -> str | None:
    return None if isinstance(value, dict) else "must be a table"
