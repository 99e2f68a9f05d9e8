"""Writing a made-up history, with the users that it has."""

from collections.abc import Iterable
from typing import Any, Protocol

import apsw

from skills_lsp.domain.invocation import Invocation
from skills_lsp.store import counting, invocations, text
from skills_lsp.store.users import user_id


class Use(Protocol):
    """An invocation and whose it was."""

    @property
    def invocation(self) -> Invocation: ...  # noqa: D102
    @property
    def user(self) -> str: ...  # noqa: D102


def load(db: apsw.Connection, uses: Iterable[Use], key: bytes) -> int:
    """Write uses that have ended, each with its user, hashed with the key; return how many."""
    n_loaded = 0
    with counting.counted_together(db):
        for use in uses:
            it = invocations.prepared(use.invocation)
            invocation_id = invocations.insert(db, it, None)
            values: tuple[Any, ...] = (
                user_id(key, use.user),
                it.session_id,
                it.skill_name,
                it.invoked_at,
                it.completed,
                text.clean_list(it.alternatives_considered),
                invocation_id,
            )
            db.execute(_INTERACTION, values)
            n_loaded += 1
    return n_loaded


_INTERACTION = """
INSERT INTO skill_user_interactions (
    user_id, session_id, skill_name, invoked_at, completed, alternatives_considered, invocation_id)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
