"""Keyboard shortcuts: one spelling for each, and nobody's keys taken from them."""

import re
from collections.abc import Mapping

import apsw

from skills_lsp.errors import StoreError
from skills_lsp.store import text
from skills_lsp.store.database import rows

_MODIFIERS = {
    "ctrl": "Ctrl", "control": "Ctrl", "ctl": "Ctrl", "c": "Ctrl",
    "alt": "Alt", "option": "Alt", "opt": "Alt", "a": "Alt",
    "shift": "Shift", "s": "Shift",
    "cmd": "Cmd", "command": "Cmd", "super": "Cmd", "win": "Cmd", "meta": "Cmd", "d": "Cmd", "m": "Alt",
}  # fmt: skip
_ORDER = ("Ctrl", "Alt", "Shift", "Cmd")
_NAMED = {
    name.lower(): name
    for name in (
        "Enter", "Escape", "Space", "Tab", "Backspace", "Delete", "Insert", "Home", "End",
        "PageUp", "PageDown", "Up", "Down", "Left", "Right",
    )
}  # fmt: skip
_NAMED |= {"esc": "Escape", "return": "Enter", "del": "Delete", "cr": "Enter"}
_FUNCTION_KEY = re.compile(r"f([1-9]|1[0-9]|2[0-4])")
_MAX_STROKES = 4


def normalise_keys(keys: str) -> str:
    """Return keys in one spelling, else a StoreError that says what is wrong.

    >>> normalise_keys("shift+CTRL+t"), normalise_keys("ctrl-k ctrl-alt-left")
    ('Ctrl+Shift+T', 'Ctrl+K Ctrl+Alt+Left')
    >>> normalise_keys("<C-S-t>")
    'Ctrl+Shift+T'
    """
    strokes = text.clean(keys, text.MAX_NAME).split()
    if not 1 <= len(strokes) <= _MAX_STROKES:
        raise _bad(keys, "is empty" if not strokes else "has too many parts")
    return " ".join(_stroke(stroke, keys) for stroke in strokes)


def registered(db: apsw.Connection) -> dict[str, str]:
    """Return the user's own shortcuts: keys by skill, in the order of the skills' names."""
    return dict(rows(db, "SELECT skill_name, keys FROM shortcuts ORDER BY skill_name"))


def register(
    db: apsw.Connection, skill: str, keys: str, predefined: Mapping[str, str], at: str
) -> None:
    """Give a skill its shortcut, unless another skill holds the keys; empty keys take it away."""
    if not keys.strip():
        db.execute("DELETE FROM shortcuts WHERE skill_name = ?", (skill,))
        return
    wanted = normalise_keys(keys)
    holder = _holder(wanted, skill, registered(db), predefined)
    if holder:
        raise StoreError(
            "shortcut-taken",
            f"{wanted} is taken by the skill {holder}.",
            "Give that one other keys first, or choose others.",
        )
    db.execute(
        "INSERT INTO shortcuts (skill_name, keys, registered_at) VALUES (?, ?, ?)"
        " ON CONFLICT (skill_name) DO UPDATE SET keys = excluded.keys,"
        " registered_at = excluded.registered_at",
        (skill, wanted, at),
    )


def _holder(wanted: str, skill: str, own: Mapping[str, str], predefined: Mapping[str, str]) -> str:
    """Return the other skill that holds the keys; the user's own choice replaces a predefined one."""
    in_force = {**predefined, **own}
    for name, keys in in_force.items():
        if name != skill and keys and _overlap(normalise_keys(keys), wanted):
            return name
    return ""


def _overlap(one: str, other: str) -> bool:
    """Say whether two shortcuts cannot both work: equal, or one begins the other."""
    return f"{one} ".startswith(f"{other} ") or f"{other} ".startswith(f"{one} ")


def _stroke(stroke: str, keys: str) -> str:
    inner = stroke[1:-1] if stroke.startswith("<") and stroke.endswith(">") else stroke
    *modifiers, key = re.split(r"(?<=[^+-])[+-]", inner)
    # One letter is a modifier in Vim's spelling alone, <C-S-t>.
    is_vim = inner is not stroke
    named = [_MODIFIERS.get(word.lower(), "") for word in modifiers if is_vim or len(word) > 1]
    if len(named) != len(modifiers) or not all(named) or len(set(named)) != len(named):
        raise _bad(keys, "has an unknown or repeated modifier")
    return "+".join([*sorted(named, key=_ORDER.index), _key(key, keys)])


def _key(key: str, keys: str) -> str:
    low = key.lower()
    if len(key) == 1 and key.isprintable() and key != "\ufffd":  # what stands for unstorable
        upper = key.upper()
        return upper if len(upper) == 1 else key  # no keyboard types SS for ß
    if low in _NAMED:
        return _NAMED[low]
    if _FUNCTION_KEY.fullmatch(low):
        return key.upper()
    raise _bad(keys, "names no key")


def _bad(keys: str, what: str) -> StoreError:
    return StoreError(
        "bad-shortcut",
        f"The shortcut {text.clean(keys, 40)!r} {what}.",
        "Write it like Ctrl+Shift+T or Ctrl+K Ctrl+T.",
    )
