-- V7: stages of pipelines, phases of quality gates, and imports.
--
-- A stage or a phase is also a use of a skill, so that every other report counts it. What only a
-- pipeline knows stands here, beside the invocation, and goes with it.

CREATE TABLE pipeline_build (
    -- One build of a pipeline: what ran under one number.
    id INTEGER PRIMARY KEY,  -- Number of the build here.
    project TEXT NOT NULL,  -- Name of the project; empty when nobody said.
    pipeline_name TEXT NOT NULL CHECK (pipeline_name <> ''),  -- Name of the pipeline: of a workflow, project or job.
    build_number TEXT NOT NULL CHECK (build_number <> ''),  -- Its number as the CI has it; a text, as some have letters.
    session_id TEXT NOT NULL,  -- The session of its invocations: pipeline and number with a hyphen.
    git_commit TEXT NOT NULL DEFAULT '',  -- The commit that was built.
    git_branch TEXT NOT NULL DEFAULT '',  -- Its branch.
    environment TEXT NOT NULL DEFAULT '',  -- Where it was deployed to, in lower case: staging, production.
    triggered_by TEXT NOT NULL DEFAULT '',  -- What started it: push, schedule. Never a person.
    provider TEXT NOT NULL DEFAULT '',  -- The CI: github, gitlab, jenkins; empty elsewhere.
    url TEXT NOT NULL DEFAULT '',  -- Its page.
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),  -- When its first stage that we know of began (UTC).
    UNIQUE (project, pipeline_name, build_number)
) STRICT;

-- The builds of a window.
CREATE INDEX pipeline_build_by_time ON pipeline_build (started_at, pipeline_name, project);
-- The names of all pipelines, without reading every build.
CREATE INDEX pipeline_build_by_name ON pipeline_build (pipeline_name);

CREATE TABLE pipeline_stage (
    -- One stage of a build that was run; a stage that was run again is another one.
    id INTEGER PRIMARY KEY,  -- Number of the stage here.
    build_id INTEGER NOT NULL REFERENCES pipeline_build (id),  -- The build.
    invocation_id INTEGER NOT NULL UNIQUE REFERENCES skill_invocation (id) ON DELETE CASCADE,  -- The same as a use of a skill.
    stage TEXT NOT NULL CHECK (stage <> ''),  -- Its name: build, test, lint, security, deploy, publish, or the pipeline's own.
    skill_name TEXT NOT NULL,  -- The skill that did its work.
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),  -- When it began (UTC).
    succeeded INTEGER NOT NULL CHECK (succeeded IN (0, 1)),  -- 1 when it passed.
    duration_seconds REAL CHECK (duration_seconds >= 0),  -- How long it took; null when nobody measured.
    exit_code INTEGER,  -- Exit code of its command; null when only the result was told.
    n_tests INTEGER,  -- Tests that were run, where it reported them.
    n_failed_tests INTEGER,  -- Those that failed.
    error_message TEXT NOT NULL DEFAULT ''  -- Why it failed, in one line, scrubbed of secrets.
) STRICT;

-- The stages of a build.
CREATE INDEX pipeline_stage_by_build ON pipeline_stage (build_id);
-- What failed last.
CREATE INDEX pipeline_stage_failed ON pipeline_stage (started_at) WHERE succeeded = 0;

CREATE TABLE pipeline_stage_metrics (
    -- How the stages of each hour and each day went; kept by triggers, so that a report adds up a few rows.
    bucket TEXT NOT NULL CHECK (bucket IN ('hour', 'day')),  -- How long a time it is.
    starts_at TEXT NOT NULL,  -- When it begins (UTC).
    project TEXT NOT NULL,  -- Name of the project.
    pipeline_name TEXT NOT NULL,  -- Name of the pipeline.
    stage TEXT NOT NULL,  -- Name of the stage.
    skill_name TEXT NOT NULL,  -- The skill that did its work.
    n_stages INTEGER NOT NULL,  -- Stages that were run.
    n_succeeded INTEGER NOT NULL,  -- Those that passed.
    n_timed INTEGER NOT NULL,  -- Those with a duration, whether they passed or not.
    total_duration_seconds REAL NOT NULL,  -- Sum of those durations.
    PRIMARY KEY (bucket, starts_at, project, pipeline_name, stage, skill_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE gate_phase (
    -- One tool's turn in a phase of a quality gate, such as Crackerjack.
    id INTEGER PRIMARY KEY,  -- Number of the turn here.
    invocation_id INTEGER NOT NULL UNIQUE REFERENCES skill_invocation (id) ON DELETE CASCADE,  -- The same as a use of a skill.
    gate TEXT NOT NULL,  -- Name of the gate: crackerjack.
    session_id TEXT NOT NULL,  -- One run of the gate: its name and id with an underscore.
    phase TEXT NOT NULL,  -- The gate's own phase: fast_hooks, tests, comprehensive_hooks, ai_fix.
    skill_name TEXT NOT NULL,  -- The tool.
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),  -- When it began (UTC).
    succeeded INTEGER NOT NULL CHECK (succeeded IN (0, 1)),  -- 1 when it passed.
    duration_seconds REAL CHECK (duration_seconds >= 0),  -- How long it took; null when nobody measured.
    error_message TEXT NOT NULL DEFAULT ''  -- Why it failed, in one line, scrubbed of secrets.
) STRICT;

-- The phases of a window.
CREATE INDEX gate_phase_by_time ON gate_phase (started_at);
-- The phases of one run of the gate.
CREATE INDEX gate_phase_by_session ON gate_phase (session_id, started_at);

CREATE TABLE skill_import (
    -- One import of history from elsewhere.
    id INTEGER PRIMARY KEY,  -- Number of the import; rolls it back.
    source TEXT NOT NULL,  -- Path of the file.
    variant TEXT NOT NULL,  -- What kind of file it was: crackerjack, session-buddy, database, skills-lsp.
    digest TEXT NOT NULL,  -- SHA-256 of the file.
    zone TEXT NOT NULL,  -- The time zone in which times without one were read.
    imported_at TEXT NOT NULL,  -- When (UTC).
    n_added INTEGER NOT NULL,  -- Uses that it added.
    n_finished INTEGER NOT NULL,  -- Uses of an earlier import whose end it brought.
    n_known INTEGER NOT NULL,  -- Uses that were here before.
    n_skipped INTEGER NOT NULL,  -- Pieces of the file that could not be used.
    backup TEXT NOT NULL DEFAULT '',  -- The backup that was made before it.
    rolled_back_at TEXT NOT NULL DEFAULT ''  -- When it was taken back (UTC); empty while it stands.
) STRICT;

CREATE TABLE skill_import_record (
    -- What each import did to which use, so that a rollback takes back exactly that.
    import_id INTEGER NOT NULL REFERENCES skill_import (id) ON DELETE CASCADE,  -- The import.
    invocation_id INTEGER NOT NULL REFERENCES skill_invocation (id) ON DELETE CASCADE,  -- The use.
    change TEXT NOT NULL CHECK (change IN ('added', 'finished')),  -- added: it is from there. finished: its end is.
    PRIMARY KEY (import_id, invocation_id)
) STRICT, WITHOUT ROWID;

-- Which import a use came from, also when the use is deleted.
CREATE INDEX skill_import_record_by_invocation ON skill_import_record (invocation_id);

-- A stage is counted in its hour and in its day.
CREATE TRIGGER pipeline_stage_inserted AFTER INSERT ON pipeline_stage
BEGIN
    INSERT INTO pipeline_stage_metrics (
        bucket, starts_at, project, pipeline_name, stage, skill_name,
        n_stages, n_succeeded, n_timed, total_duration_seconds)
    SELECT span.column1, span.column2, build.project, build.pipeline_name, NEW.stage, NEW.skill_name,
        1, NEW.succeeded, NEW.duration_seconds IS NOT NULL, ifnull(NEW.duration_seconds, 0.0)
    FROM pipeline_build AS build, (VALUES
        ('hour', substr(NEW.started_at, 1, 13) || ':00:00.000000Z'),
        ('day', substr(NEW.started_at, 1, 10) || 'T00:00:00.000000Z')) AS span
    WHERE build.id = NEW.build_id
    ON CONFLICT (bucket, starts_at, project, pipeline_name, stage, skill_name) DO UPDATE SET
        n_stages = n_stages + 1,
        n_succeeded = n_succeeded + excluded.n_succeeded,
        n_timed = n_timed + excluded.n_timed,
        total_duration_seconds = total_duration_seconds + excluded.total_duration_seconds;
END;

-- A stage that goes with its invocation is taken out of the counts, and the last one takes its build along.
CREATE TRIGGER pipeline_stage_deleted AFTER DELETE ON pipeline_stage
BEGIN
    UPDATE pipeline_stage_metrics SET
        n_stages = n_stages - 1,
        n_succeeded = n_succeeded - OLD.succeeded,
        n_timed = n_timed - (OLD.duration_seconds IS NOT NULL),
        total_duration_seconds = total_duration_seconds - ifnull(OLD.duration_seconds, 0.0)
    WHERE (bucket, starts_at) IN (VALUES
            ('hour', substr(OLD.started_at, 1, 13) || ':00:00.000000Z'),
            ('day', substr(OLD.started_at, 1, 10) || 'T00:00:00.000000Z'))
        AND (project, pipeline_name) = (
            SELECT project, pipeline_name FROM pipeline_build WHERE id = OLD.build_id)
        AND stage = OLD.stage AND skill_name = OLD.skill_name;
    DELETE FROM pipeline_stage_metrics
    WHERE (bucket, starts_at) IN (VALUES
            ('hour', substr(OLD.started_at, 1, 13) || ':00:00.000000Z'),
            ('day', substr(OLD.started_at, 1, 10) || 'T00:00:00.000000Z'))
        AND n_stages <= 0;
    DELETE FROM pipeline_build
    WHERE id = OLD.build_id AND NOT EXISTS (SELECT 1 FROM pipeline_stage WHERE build_id = OLD.build_id);
END;
