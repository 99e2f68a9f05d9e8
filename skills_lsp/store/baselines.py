"""How skills go with everybody: written for groups that are large enough, and for no others."""

from dataclasses import dataclass

import apsw

from skills_lsp.store.database import rows


@dataclass(frozen=True, slots=True)
class Baseline:
    """One skill with everybody; rates from 0 to 1, the percentile from 0 to 100."""

    skill: str
    n_users: int
    n_uses: int
    completion_rate: float
    mean_duration_seconds: float | None
    phase: str
    percentile: float | None


# The percentile is the share of the other skills that complete no more often.
_BASELINES = """
WITH everybody AS (
    SELECT skill_name, count(*) AS n_users, sum(n_uses) AS n_uses,
        sum(n_completed) * 1.0 / sum(n_uses) AS completion_rate
    FROM skill_user_metrics GROUP BY skill_name HAVING count(*) >= :least),
ranked AS (
    SELECT *, cume_dist() OVER (ORDER BY completion_rate) AS place, count(*) OVER () AS n
    FROM everybody)
SELECT ranked.skill_name, n_users, n_uses, ranked.completion_rate, metrics.mean_duration_seconds,
    ifnull((
        SELECT workflow_phase FROM skill_phase_days AS days WHERE days.skill_name = ranked.skill_name
        GROUP BY workflow_phase ORDER BY sum(n_invocations) DESC, workflow_phase LIMIT 1), ''),
    iif(n > 1, 100.0 * (place * n - 1) / (n - 1), NULL)
FROM ranked LEFT JOIN skill_metrics AS metrics USING (skill_name)
ORDER BY n_users DESC, n_uses DESC, skill_name
"""

_INSERT = """
INSERT INTO skill_community_baselines (
    skill_name, total_users, total_invocations, global_completion_rate, global_avg_duration_seconds,
    most_common_workflow_phase, effectiveness_percentile, last_updated)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def update(db: apsw.Connection, least: int, at: str) -> list[Baseline]:
    """Compute the baselines of skills with at least so many users anew, and write them."""
    found = [Baseline(*row) for row in rows(db, _BASELINES, {"least": least})]
    db.execute("DELETE FROM skill_community_baselines")
    for it in found:
        values = (it.n_users, it.n_uses, it.completion_rate, it.mean_duration_seconds)
        db.execute(_INSERT, (it.skill, *values, it.phase, it.percentile, at))
    return found


def own_rates(db: apsw.Connection, user: str) -> dict[str, tuple[int, int]]:
    """Return a user's uses of each skill, and how many completed."""
    found = rows(
        db,
        "SELECT skill_name, user_invocations,"
        " CAST(round(user_completion_rate * user_invocations) AS INTEGER)"
        " FROM v_community_baseline_comparison WHERE user_id = ?",
        (user,),
    )
    return {name: (n_uses, n_completed) for name, n_uses, n_completed in found}


def n_users(db: apsw.Connection) -> int:
    """Return how many users there are."""
    return int(rows(db, "SELECT count(DISTINCT user_id) FROM skill_user_metrics")[0][0])
