"""What the dashboard asks: uses by skill, phase and hour of one project, and whether anything is new."""

from typing import NamedTuple

import apsw

from skills_lsp.store import text
from skills_lsp.store.database import Row, rows

MAX_NAMES = 500
"""So many skills and projects are offered as filters, the most used first."""

_OF_PROJECT = """
SELECT skill_name, workflow_phase, substr(invoked_at, 1, 13) || ':00:00.000000Z', count(*),
    sum(has_ended), sum(completed), sum(is_timed), sum(timed_us) / 1e6
FROM skill_invocation INDEXED BY skill_invocation_by_project
WHERE project = :project AND invoked_at BETWEEN :since AND :until
    AND (:skill = '' OR skill_name = :skill)
GROUP BY 1, 2, 3
"""
_SKILLS = "SELECT skill_name FROM skill_metrics ORDER BY n_invocations DESC, skill_name LIMIT ?"
_PROJECTS = """
SELECT project FROM skill_setting_metrics WHERE project <> ''
GROUP BY project ORDER BY sum(n_invocations) DESC, project LIMIT ?
"""
_STATE = """
SELECT
    (SELECT max(id) FROM skill_invocation),
    (SELECT group_concat(id) FROM skill_invocation WHERE status = 'running'),
    (SELECT max(id) FROM pipeline_stage),
    (SELECT max(outcome_id) FROM ab_test_outcomes),
    (SELECT max(id) FROM skill_anomalies),
    (SELECT max(id) FROM learned_model)
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


class State(NamedTuple):
    """What there is now, in numbers that change when something of it does."""

    run: int | None
    running: str | None
    stage: int | None
    outcome: int | None
    anomaly: int | None
    fit: int | None


def of_project(db: apsw.Connection, project: str, skill: str, since: str, until: str) -> list[Use]:
    """Return the uses in a project from one instant to another: of each the row is read."""
    asked = {
        "project": text.clean(project, text.MAX_NAME),
        "skill": text.clean(skill, text.MAX_NAME),
        "since": since,
        "until": until,
    }
    return [*map(Use._make, rows(db, _OF_PROJECT, asked))]


def skills(db: apsw.Connection) -> list[str]:
    """Return the skills that were used, most first."""
    return _names(rows(db, _SKILLS, (MAX_NAMES,)))


def projects(db: apsw.Connection) -> list[str]:
    """Return the projects that skills were used in, most first."""
    return _names(rows(db, _PROJECTS, (MAX_NAMES,)))


def version(db: apsw.Connection) -> int:
    """Return a number that is another after each commit of whoever else; it costs microseconds."""
    return int(rows(db, "PRAGMA data_version")[0][0])


def state(db: apsw.Connection) -> State:
    """Return what there is now."""
    return State._make(rows(db, _STATE)[0])


def _names(found: list[Row]) -> list[str]:
    return [row[0] for row in found]
