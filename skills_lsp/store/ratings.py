"""What the user thought of a run, kept with it."""

import apsw

# A run becomes an interaction of its user when it ends, so there is nothing to rate before.
_RATE = "UPDATE skill_user_interactions SET rating = ? WHERE invocation_id = ?"
_RATE_TEST = "UPDATE ab_test_outcomes SET user_rating = ? WHERE invocation_id = ?"


def rate(db: apsw.Connection, invocation_id: int, rating: float) -> bool:
    """Keep a rating, 1 to 5, with a run that has ended; False when there is no such run."""
    db.execute(_RATE, (rating, invocation_id))
    is_kept = db.changes() > 0
    db.execute(_RATE_TEST, (rating, invocation_id))
    return is_kept
