"""What was picked where: the pairs from which the encoder learns."""

import apsw

from skills_lsp.store.database import rows

_MOST = 20_000


def picks(db: apsw.Connection) -> list[tuple[str, str]]:
    """Return (text of the context, name of the skill) of picks that ended well, oldest first.

    Ended well: the tool did its work, whatever it found. The last 20,000 at most.
    """
    found = rows(
        db,
        "SELECT user_query, skill_name FROM skill_invocation"
        " WHERE selection_rank IS NOT NULL AND completed = 1 AND user_query <> ''"
        " ORDER BY invoked_at DESC, id DESC LIMIT ?",
        (_MOST,),
    )
    return [(query, name) for query, name in reversed(found)]
