"""Who a use is by, without a name; and which users are alike.

A user's id is a hash of the name with a key of this machine. A hash without a key would be as good as
the name: there are not so many names that one could not try them all.
"""

import contextlib
import getpass
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import apsw

from skills_lsp.store.database import rows

_KEY_BYTES = 32
_ID_DIGITS = 32


def key_path(database: Path) -> Path:
    """Return the path of the key, beside its database and not in it: a copy of that tells no names."""
    return database.with_name(f"{database.name}.key")


@cache
def key_of(database: Path | None) -> bytes:
    """Return the key of a database, made when there is none; in memory it is gone with the process.

    A file that cannot be read or written costs likeness to earlier sessions, and no error.
    """
    if database is None:
        return secrets.token_bytes(_KEY_BYTES)
    path = key_path(database)
    with contextlib.suppress(OSError):
        _make(path)
    try:
        found = path.read_bytes()
    except OSError:
        found = b""
    return found if len(found) == _KEY_BYTES else secrets.token_bytes(_KEY_BYTES)


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; one that is there stays, unless it is damaged."""
    if path.exists() and path.stat().st_size == _KEY_BYTES:
        return
    own = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        if path.exists():
            own.replace(path)
        else:
            with contextlib.suppress(FileExistsError):  # another server was quicker: its key holds
                path.hardlink_to(own)
    finally:
        own.unlink(missing_ok=True)


def user_id(key: bytes, name: str) -> str:
    """Return the id of a user: 32 hexadecimal digits, not to be turned back without the key.

    >>> user_id(b"k", "ann") == user_id(b"k", "ann") != user_id(b"other", "ann")
    True
    """
    data = name.encode("utf-8", "surrogatepass")
    return hmac.new(key, data, hashlib.sha256).hexdigest()[:_ID_DIGITS]


def own_id(database: Path | None) -> str:
    """Return the id of whoever runs this process."""
    return user_id(key_of(database), own_name())


def own_name() -> str:
    """Return the name of whoever runs this process, as the system knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without an entry for its user
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "user"


@dataclass(frozen=True, slots=True)
class Everybody:
    """Who used what: one text of skill names, parted by line breaks, for each user."""

    skills: tuple[str, ...] = ()
    totals: tuple[tuple[str, int, int, int], ...] = ()  # skill, users, uses, completed


def skills_of(db: apsw.Connection, user: str) -> tuple[str, ...]:
    """Return the skills that a user used, by name."""
    found = rows(
        db,
        "SELECT skill_name FROM skill_user_metrics WHERE user_id = ? ORDER BY skill_name",
        (user,),
    )
    return tuple(str(it[0]) for it in found)


def n_others(db: apsw.Connection, user: str) -> int:
    """Return how many other users there are; counting ends at a number that is enough for anybody."""
    found = rows(
        db,
        "SELECT count(*) FROM (SELECT DISTINCT user_id FROM skill_user_metrics"
        " WHERE user_id <> ? LIMIT 1000)",
        (user,),
    )
    return int(found[0][0])


def everybody_but(db: apsw.Connection, user: str) -> Everybody:
    """Return what all others used, in no order that tells who is who."""
    groups = rows(
        db,
        "SELECT user_id, group_concat(skill_name, char(10)) FROM skill_user_metrics"
        " GROUP BY user_id",
    )
    totals = rows(
        db,
        "SELECT skill_name, count(*), sum(n_uses), sum(n_completed) FROM skill_user_metrics"
        " WHERE user_id <> ? GROUP BY skill_name ORDER BY skill_name",
        (user,),
    )
    others: Sequence[str] = sorted(skills for whose, skills in groups if whose != user)
    return Everybody(tuple(others), tuple((str(a), b, c, d) for a, b, c, d in totals))
