"""Pipelines in SQL: record a stage, and add up what the triggers keep of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import apsw

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.domain.pipeline import (
    Build,
    PipelineHistory,
    StageFailure,
    StageRun,
    StageTotal,
    error_class,
    stage_phase,
)
from skills_lsp.errors import StoreError
from skills_lsp.store import invocations, text
from skills_lsp.store.database import rows

MAX_URL = 500
N_FAILURES = 10  # the newest that a report shows

# Later stages may know more of their build than the first one did.
_BUILD = """
INSERT INTO pipeline_build (
    project, pipeline_name, build_number, session_id, git_commit, git_branch, environment,
    triggered_by, provider, url, started_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (project, pipeline_name, build_number) DO UPDATE SET
    started_at = min(started_at, excluded.started_at),
    git_commit = iif(git_commit = '', excluded.git_commit, git_commit),
    git_branch = iif(git_branch = '', excluded.git_branch, git_branch),
    environment = iif(excluded.environment = '', environment, excluded.environment),
    triggered_by = iif(triggered_by = '', excluded.triggered_by, triggered_by),
    url = iif(url = '', excluded.url, url)
RETURNING id
"""
_STAGE = """
INSERT INTO pipeline_stage (
    build_id, invocation_id, stage, skill_name, started_at, succeeded, duration_seconds, exit_code,
    n_tests, n_failed_tests, error_message)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# The first day of a window and today are added up by hours, the others by days: neither what was before
# the window nor what says it is of later today is in it. Three ranges of the key, as one condition of
# all three would read every hour. An empty name is any.
_WINDOW = """
(SELECT * FROM pipeline_stage_metrics
    WHERE bucket = 'hour' AND starts_at >= :since AND starts_at < min(:next_day, :now)
UNION ALL SELECT * FROM pipeline_stage_metrics
    WHERE bucket = 'day' AND starts_at >= :next_day AND starts_at < :today
UNION ALL SELECT * FROM pipeline_stage_metrics
    WHERE bucket = 'hour' AND starts_at >= :today AND starts_at <= :now)
WHERE (:pipeline = '' OR pipeline_name = :pipeline) AND (:project = '' OR project = :project)
    AND (:skill = '' OR skill_name = :skill)
"""
_TOTALS = f"""
SELECT project, pipeline_name, stage, skill_name,
    sum(n_stages), sum(n_succeeded), sum(n_timed), sum(total_duration_seconds)
FROM {_WINDOW}
GROUP BY project, pipeline_name, stage, skill_name
ORDER BY project, pipeline_name, stage, skill_name
"""  # noqa: S608 - our own text
_SERIES = f"""
SELECT substr(starts_at, 1, :width) AS label, sum(n_stages), sum(n_succeeded)
FROM {_WINDOW} GROUP BY label ORDER BY label
"""  # noqa: S608
_FAILURES = """
SELECT build.project, build.pipeline_name, build.build_number, build.git_branch, stage.stage,
    stage.skill_name, stage.started_at, stage.error_message, build.url
FROM pipeline_stage AS stage JOIN pipeline_build AS build ON build.id = stage.build_id
WHERE stage.succeeded = 0 AND stage.started_at >= :since AND stage.started_at <= :now
    AND (:pipeline = '' OR build.pipeline_name = :pipeline)
    AND (:project = '' OR build.project = :project)
    AND (:skill = '' OR stage.skill_name = :skill)
ORDER BY stage.started_at DESC, stage.id DESC LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked about: from an hour to the present, of one pipeline or, empty, of all."""

    since: str
    next_day: str  # the first midnight after it
    today: str  # the last midnight
    now: str
    pipeline: str = ""
    project: str = ""
    skill: str = ""
    is_hourly: bool = False


def record(db: apsw.Connection, run: StageRun) -> int:
    """Write a stage, as an invocation too; return the invocation's id.

    Raises StoreError where the stage, its pipeline, build number or skill has no name.
    """
    pipeline = text.clean(run.build.pipeline, text.MAX_NAME).strip()
    number = text.clean(run.build.number, text.MAX_NAME).strip()
    stage = text.clean(run.stage, text.MAX_NAME).strip()
    if not (pipeline and number and stage):
        raise StoreError(
            "bad-stage", "A stage needs a name, and the name and build number of its pipeline."
        )
    it = invocations.prepared(_invocation(run, pipeline, stage))
    invocation_id = invocations.insert(db, it, None)
    values = (
        _build_id(db, run.build, pipeline, number, it),
        invocation_id,
        stage,
        it.skill_name,
        it.invoked_at,
        run.succeeded,
        it.duration_seconds,
        run.exit_code,
        run.n_tests,
        run.n_failed_tests,
        it.summary,
    )
    db.execute(_STAGE, values)
    return invocation_id


def load(db: apsw.Connection, runs: Iterable[StageRun]) -> int:
    """Write many stages; return how many."""
    return sum(1 for run in runs if record(db, run))


def history(db: apsw.Connection, window: Window) -> PipelineHistory:
    """Return what the report adds up: some rows for each stage and day, however long the history."""
    asked = {
        "since": window.since,
        "next_day": window.next_day,
        "today": window.today,
        "now": window.now,
        "pipeline": text.clean(window.pipeline, text.MAX_NAME),
        "project": invocations.setting(window.project),
        "skill": text.clean(window.skill, text.MAX_NAME),
        "width": 13 if window.is_hourly else 10,
        "limit": N_FAILURES,
    }
    return PipelineHistory(
        totals=tuple(StageTotal(*row) for row in rows(db, _TOTALS, asked)),
        series=tuple((label, n, passed) for label, n, passed in rows(db, _SERIES, asked)),
        n_builds=rows(db, _N_BUILDS, asked)[0][0],
        failures=tuple(StageFailure(*row) for row in rows(db, _FAILURES, asked)),
        others=tuple(name for (name,) in rows(db, _NAMES)),
    )


_N_BUILDS = """
SELECT count(*) FROM pipeline_build WHERE started_at >= :since AND started_at <= :now
    AND (:pipeline = '' OR pipeline_name = :pipeline) AND (:project = '' OR project = :project)
    AND (:skill = '' OR EXISTS (SELECT 1 FROM pipeline_stage AS stage
        WHERE stage.build_id = pipeline_build.id AND stage.skill_name = :skill))
"""
# One step in the index for each name: DISTINCT would read every build.
_NAMES = """
WITH RECURSIVE names (name) AS (
    SELECT min(pipeline_name) FROM pipeline_build
    UNION ALL
    SELECT (SELECT min(pipeline_name) FROM pipeline_build WHERE pipeline_name > name)
    FROM names WHERE name IS NOT NULL LIMIT 50)
SELECT name FROM names WHERE name IS NOT NULL
"""


def _invocation(run: StageRun, pipeline: str, stage: str) -> Invocation:
    error = run.error if not run.succeeded else ""
    return Invocation(
        skill_name=run.skill,
        invoked_at=run.started_at,
        session_id=run.build.session_id,
        workflow_path=f"{pipeline}/{stage}",
        workflow_phase=stage_phase(stage),
        strategy="ci",
        project=run.build.project,
        status=run.status,
        completed=run.status.is_completed,
        duration_seconds=run.duration_seconds,
        error_type="" if run.succeeded else error_class(error) or _error_type(run.status),
        summary=error,
        workflow_step_id=stage,
    )


def _error_type(status: Status) -> str:
    return "stage-failed" if status is Status.FAILED else status.value


def _build_id(db: apsw.Connection, build: Build, pipeline: str, number: str, it: Invocation) -> int:
    found = rows(
        db,
        _BUILD,
        (
            it.project,
            pipeline,
            number,
            it.session_id,
            text.clean(build.commit, text.MAX_NAME),
            text.clean(build.branch, text.MAX_NAME),
            text.clean(build.environment, text.MAX_NAME).strip().lower(),
            text.clean(build.trigger, text.MAX_NAME),
            text.clean(build.provider, text.MAX_NAME),
            text.clean_free(build.url, MAX_URL),
            it.invoked_at,
        ),
    )
    return int(found[0][0])
