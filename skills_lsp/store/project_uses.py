"""The uses in one project. Nothing is counted by project and day, so each of them is read."""

from typing import NamedTuple

import apsw

from skills_lsp.store import text
from skills_lsp.store.database import rows

_USES = """
SELECT skill_name, workflow_phase, substr(invoked_at, 1, 13) || ':00:00.000000Z', count(*),
    sum(has_ended), sum(completed), sum(is_timed), sum(timed_us) / 1e6, sum(log_millionths) / 1e6
FROM skill_invocation INDEXED BY skill_invocation_by_project
WHERE project = :project AND invoked_at BETWEEN :since AND :until
    AND (:skill = '' OR skill_name = :skill)
GROUP BY 1, 2, 3
"""
# By the skill's own index, oldest first: mostly the first row or one of the next is the project's.
_FIRST_DATES = """
SELECT skill_name, substr((
    SELECT invoked_at FROM skill_invocation AS use INDEXED BY skill_invocation_by_skill
    WHERE use.skill_name = known.skill_name AND use.project = :project
    ORDER BY invoked_at LIMIT 1), 1, 10)
FROM (SELECT DISTINCT skill_name FROM skill_setting_metrics WHERE project = :project) AS known
"""
_DURATIONS = """
SELECT duration_bucket, count(*) FROM skill_invocation INDEXED BY skill_invocation_by_skill
WHERE skill_name = :skill AND invoked_at BETWEEN :since AND :until AND project = :project AND is_timed
GROUP BY duration_bucket ORDER BY duration_bucket
"""


class Use(NamedTuple):
    """How a skill went in one phase and hour of a project; ``at`` is the beginning of the hour (UTC)."""

    skill: str
    phase: str
    at: str
    n_uses: int
    n_ended: int
    n_completed: int
    n_timed: int
    total_duration_seconds: float
    total_log: float  # sum of ln(seconds) of the timed ones


def uses(db: apsw.Connection, project: str, skill: str, since: str, until: str) -> list[Use]:
    """Return the uses in a project from one instant to another: of each the row is read."""
    asked = {**_names(project, skill), "since": since, "until": until}
    return [*map(Use._make, rows(db, _USES, asked))]


def first_dates(db: apsw.Connection, project: str) -> dict[str, str]:
    """Return the day of each skill's first use in the project."""
    found = rows(db, _FIRST_DATES, {"project": text.clean(project, text.MAX_NAME)})
    return {skill: date for skill, date in found if date}


def durations(
    db: apsw.Connection, project: str, skill: str, since: str, until: str
) -> list[tuple[int, int]]:
    """Return the histogram of a skill's durations in the project, as ``usage.durations`` does."""
    asked = {**_names(project, skill), "since": since, "until": until}
    return [(row[0], row[1]) for row in rows(db, _DURATIONS, asked)]


def _names(project: str, skill: str) -> dict[str, str]:
    return {
        "project": text.clean(project, text.MAX_NAME),
        "skill": text.clean(skill, text.MAX_NAME),
    }
