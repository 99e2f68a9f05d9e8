"""Settings from outside: checked, with a sentence for each that is not taken."""

import dataclasses
from difflib import get_close_matches
from math import inf
from typing import Any, get_args, get_origin, get_type_hints

from skills_lsp.domain.foresight import STRATEGIES
from skills_lsp.domain.settings import Settings

SECTION = "skillsLsp"
RANGES = {
    "max_suggestions": (1, 50),
    "min_confidence": (0.0, 1.0),
    "timeout_seconds": (0.0, 86_400.0),
    "output_limit_bytes": (1_000, 100_000_000),
    "max_parallel_runs": (1, 64),
    "exploration": (0.0, 0.5),
    "half_life_days": (0.1, 3_650.0),
}
CHOICES = {"ranking_strategy": STRATEGIES}


def settings_from(given: Any, base: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that an editor sent laid over a base, and what was wrong with them.

    The options may stand by themselves or under the section's name; names in camelCase or
    snake_case. Unknown names inside the section are told, since they are likely misspelt.
    """
    given = as_plain(given)
    if not isinstance(given, dict):
        return base, ()
    if isinstance(given.get(SECTION), dict):
        given = given[SECTION]
    hints = get_type_hints(Settings)
    values, problems = {}, []
    for key, value in given.items():
        name = _snake_case(str(key))
        if name not in hints:
            near = get_close_matches(name, hints, 1)
            meant = f" Did you mean {camel_case(near[0])}?" if near else ""
            problems.append(f"skills-lsp has no setting {str(key)[:80]!r}.{meant}")
            continue
        try:
            values[name] = _checked(name, value, hints[name])
        except ValueError as error:
            problems.append(f"The setting {camel_case(name)} {error}; it is left as it was.")
    return dataclasses.replace(base, **values), tuple(problems)


def as_plain(value: Any) -> Any:
    """Return JSON values from the objects that pygls makes of untyped JSON."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: as_plain(item) for key, item in value.items()}
    return [as_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _checked(name: str, value: Any, expected: Any) -> Any:
    if get_origin(expected) is tuple:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise ValueError("must be a list of texts")
    options = get_args(expected) or (expected,)
    if value is None and type(None) in options:
        return None
    if float in options and type(value) is int:
        # A whole number may be too long for a float; it is out of every range then.
        value = float(value) if abs(value) < 2**53 else inf
    if type(value) not in options:
        wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        raise ValueError(f"must be {wanted[options[0]]}")
    if value not in CHOICES.get(name, (value,)):
        raise ValueError(f"must be {' or '.join(CHOICES[name])}")
    low, high = RANGES.get(name, (value, value))
    if not low <= value <= high:
        raise ValueError(f"must be from {low:g} to {high:g}")
    return value


def _snake_case(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


def camel_case(name: str) -> str:
    """Return a setting's name as editors write it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
