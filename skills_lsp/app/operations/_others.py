"""Asking about other users: only when there are enough of them, and at most once an hour in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.errors import UsageError
from skills_lsp.reports.users import LEAST_GROUP, NO_OWN, TOO_FEW
from skills_lsp.store import Store, users

_HOUR = 3600
_NONE: tuple[str, ...] = ()
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Others:
    """What is known of others; ``why_not`` says why nothing is shown."""

    own: tuple[str, ...] = ()
    n_others: int = 0
    users: Sequence[dict[str, Any]] = ()
    votes: Sequence[dict[str, Any]] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class _Own:
    user: str
    skills: tuple[str, ...]
    n_others: int
    key: str


async def asked(app: App, user: str, *, limit: int, least_common: int, least_group: int) -> Others:
    """Return who is like a user and what they use besides."""
    if not LEAST_GROUP <= least_group <= _MOST:
        raise UsageError(
            "bad-group",
            f"min_group must be {LEAST_GROUP} or more, not {least_group}: it protects others.",
        )
    if not 0 < limit <= _MOST or not 0 < least_common <= _MOST:
        raise UsageError("bad-limit", f"limit and min_common must be 1 to {_MOST:,}.")
    own = await own_of(app, user)
    if own.n_others < least_group:
        return Others(own.skills, why_not=TOO_FEW.format(n=least_group))
    if not own.skills:
        return Others((), own.n_others, why_not=NO_OWN)
    question: dict[str, Any] = {
        "key": own.key,
        "own": own.skills,
        "limit": limit,
        "least_common": least_common,
    }
    answer = await app.analyst().ask("similar_users", question)
    if answer is not None and not answer["is_known"]:
        everybody = await everybody_but(app, own.user)
        answer = await app.analyst().ask("similar_users", {**question, "others": everybody.skills})
    if answer is None:
        return Others(
            own.skills,
            own.n_others,
            why_not="The process that does the arithmetic gave no answer; ask again.",
        )
    return Others(own.skills, own.n_others, answer["users"], answer["votes"])


async def own_of(app: App, user: str) -> _Own:
    """Return a user's skills, and how many others there are."""
    hour = int(app.now().timestamp()) // _HOUR

    def read(store: Store) -> _Own:
        found = user_in(store, user)
        skills = store.query(lambda db: users.skills_of(db, found), _NONE)
        n_others = store.query(lambda db: users.n_others(db, found), 0)
        return _Own(found, skills, n_others, f"{store.path or id(store)}|{found}|{hour}")

    return await app.stored(read, _Own("", (), 0, ""))


async def everybody_but(app: App, user: str) -> users.Everybody:
    """Return what all others used."""
    nobody = users.Everybody()
    return await app.stored(
        lambda store: store.query(lambda db: users.everybody_but(db, user), nobody), nobody
    )


def user_in(store: Store, user: str) -> str:
    """Return the id of a user by id or name; without one, of whoever runs this."""
    if not user:
        return users.own_id(store.path)
    if store.query(lambda db: users.skills_of(db, user), _NONE):
        return user
    return users.user_id(users.key_of(store.path), user)
