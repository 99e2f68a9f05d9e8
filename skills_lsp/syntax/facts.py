"""What answers come from: names that were looked up, and facts of the whole file."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the whole file that an answer came from: what was remembered under a key."""

    key: object
    compute: Callable[[], object] = field(default=lambda: None, compare=False)
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """A value with what was asked for to find it."""

    value: object
    asked: frozenset[object]


def remembered(
    key: object, value: object, compute: Callable[[], object], inner: frozenset[object]
) -> Remembered:
    """Return a value with what it depends on.

    What a name means is known by the name. A fact of the whole file is compared with its successor, so
    what it was made from does not matter.
    """
    if isinstance(key, tuple) and key and key[0] == "bindings":
        return Remembered(value, frozenset(key[1:2]))
    parts = key if isinstance(key, tuple) else (key,)
    if all(isinstance(each, str) for each in parts):
        return Remembered(value, frozenset((Fact(key, compute),)))
    return Remembered(value, inner)
