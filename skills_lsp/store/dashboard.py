"""What the dashboard asks: the names that can be filters, and whether anything is new."""

from typing import NamedTuple

import apsw

from skills_lsp.store.database import Row, rows

MAX_NAMES = 500
"""So many skills and projects are offered as filters, the most used first."""

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
    (SELECT group_concat(test_id || status) FROM ab_test_configs),
    (SELECT max(id) FROM skill_anomalies),
    (SELECT max(id) FROM learned_model)
"""


class State(NamedTuple):
    """What there is now, in numbers that change when something of it does."""

    run: int | None
    running: str | None
    stage: int | None
    outcome: int | None
    tests: str | None
    anomaly: int | None
    fit: int | None


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
