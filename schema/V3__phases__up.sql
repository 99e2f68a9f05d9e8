-- V3: steps of a workflow, what each phase sees, and the views of a session, a skill and a day.
--
-- Rates run from 0 to 1 and are of what has ended: a use that still runs is no failure. Completed: the
-- tool did its work, whatever it found. Abandoned: it ended otherwise.

ALTER TABLE skill_invocation ADD COLUMN workflow_step_id TEXT NOT NULL DEFAULT '';  -- The step of its workflow: a pipeline's stage, a quality gate's tool; empty when it was none.

-- What is summed below, computed when it is asked for; none of these takes room. Sums are of whole
-- numbers, so that they are the same in whatever order uses arrive, end, are corrected and go.
ALTER TABLE skill_invocation ADD COLUMN has_ended INTEGER GENERATED ALWAYS AS (status <> 'running') VIRTUAL;  -- 1 when it has ended, however.
ALTER TABLE skill_invocation ADD COLUMN is_timed INTEGER GENERATED ALWAYS AS (completed AND duration_seconds IS NOT NULL) VIRTUAL;  -- 1 when it was completed and has a duration; a cancelled run says nothing about the next.
ALTER TABLE skill_invocation ADD COLUMN measured_us INTEGER GENERATED ALWAYS AS (CAST(round(min(ifnull(duration_seconds, 0.0), 1e6) * 1e6) AS INTEGER)) VIRTUAL;  -- Its duration in microseconds, eleven days at most; 0 without one.
ALTER TABLE skill_invocation ADD COLUMN timed_us INTEGER GENERATED ALWAYS AS (is_timed * measured_us) VIRTUAL;  -- The same where it is timed, else 0.
ALTER TABLE skill_invocation ADD COLUMN log_millionths INTEGER GENERATED ALWAYS AS (CAST(round(is_timed * ln(max(measured_us, 1000) / 1e6) * 1e6) AS INTEGER)) VIRTUAL;  -- ln(seconds) in millionths, of a millisecond at least; 0 where it is not timed.
ALTER TABLE skill_invocation ADD COLUMN squared_log_millionths INTEGER GENERATED ALWAYS AS (CAST(round(log_millionths / 1e6 * log_millionths) AS INTEGER)) VIRTUAL;  -- ln(seconds) squared in millionths.

-- The uses of each step: those of pipelines and quality gates.
CREATE INDEX skill_invocation_by_step ON skill_invocation (workflow_step_id, invoked_at) WHERE workflow_step_id <> '';

CREATE TABLE skill_phase_days (
    -- How each skill went on each day in each phase; kept by triggers, and the basis of trends, phases and days.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    date TEXT NOT NULL,  -- The day (UTC), like 2026-01-31.
    workflow_phase TEXT NOT NULL,  -- The phase; empty when unknown.
    n_invocations INTEGER NOT NULL DEFAULT 0,  -- All uses.
    n_ended INTEGER NOT NULL DEFAULT 0,  -- Those that have ended, the base of each rate.
    n_completed INTEGER NOT NULL DEFAULT 0,  -- Those whose tool did its work, whatever it found.
    n_passed INTEGER NOT NULL DEFAULT 0,  -- Those that found nothing.
    n_timed INTEGER NOT NULL DEFAULT 0,  -- Completed uses with a duration.
    total_duration_us INTEGER NOT NULL DEFAULT 0,  -- Sum of those durations in microseconds, each counted as eleven days at most.
    total_log_millionths INTEGER NOT NULL DEFAULT 0,  -- Sum of ln(seconds) of those durations, in millionths, each taken as a millisecond at least.
    total_squared_log_millionths INTEGER NOT NULL DEFAULT 0,  -- Sum of ln(seconds) squared, in millionths.
    n_measured INTEGER NOT NULL DEFAULT 0,  -- Uses with a duration, however they ended.
    total_measured_us INTEGER NOT NULL DEFAULT 0,  -- Sum of the durations of those, in microseconds.
    completion_rate REAL GENERATED ALWAYS AS (n_completed * 1.0 / nullif(n_ended, 0)) VIRTUAL,  -- Completed among ended, 0 to 1; null before the first end.
    avg_duration_seconds REAL GENERATED ALWAYS AS (total_duration_us / 1e6 / nullif(n_timed, 0)) VIRTUAL,  -- Mean duration of the completed ones; null without any.
    PRIMARY KEY (skill_name, date, workflow_phase)
) STRICT, WITHOUT ROWID;

-- A new use is counted on its day, which is the day it was started, whenever it is recorded.
CREATE TRIGGER skill_phase_days_inserted AFTER INSERT ON skill_invocation
BEGIN
    INSERT INTO skill_phase_days (
        skill_name, date, workflow_phase, n_invocations, n_ended, n_completed, n_passed, n_timed,
        total_duration_us, total_log_millionths, total_squared_log_millionths, n_measured, total_measured_us)
    VALUES (
        NEW.skill_name, substr(NEW.invoked_at, 1, 10), NEW.workflow_phase, 1, NEW.has_ended, NEW.completed,
        (NEW.status = 'passed'), NEW.is_timed, NEW.timed_us, NEW.log_millionths, NEW.squared_log_millionths,
        (NEW.duration_seconds IS NOT NULL), NEW.measured_us)
    ON CONFLICT (skill_name, date, workflow_phase) DO UPDATE SET
        n_invocations = n_invocations + excluded.n_invocations,
        n_ended = n_ended + excluded.n_ended,
        n_completed = n_completed + excluded.n_completed,
        n_passed = n_passed + excluded.n_passed,
        n_timed = n_timed + excluded.n_timed,
        total_duration_us = total_duration_us + excluded.total_duration_us,
        total_log_millionths = total_log_millionths + excluded.total_log_millionths,
        total_squared_log_millionths = total_squared_log_millionths + excluded.total_squared_log_millionths,
        n_measured = n_measured + excluded.n_measured,
        total_measured_us = total_measured_us + excluded.total_measured_us;
END;

-- A use that ends, or is corrected, moves the figures of its day by the difference.
CREATE TRIGGER skill_phase_days_updated AFTER UPDATE OF status, completed, duration_seconds ON skill_invocation
WHEN OLD.workflow_phase = NEW.workflow_phase
BEGIN
    UPDATE skill_phase_days SET
        n_ended = n_ended + NEW.has_ended - OLD.has_ended,
        n_completed = n_completed + NEW.completed - OLD.completed,
        n_passed = n_passed + (NEW.status = 'passed') - (OLD.status = 'passed'),
        n_timed = n_timed + NEW.is_timed - OLD.is_timed,
        total_duration_us = total_duration_us + NEW.timed_us - OLD.timed_us,
        total_log_millionths = total_log_millionths + NEW.log_millionths - OLD.log_millionths,
        total_squared_log_millionths = total_squared_log_millionths + NEW.squared_log_millionths - OLD.squared_log_millionths,
        n_measured = n_measured + (NEW.duration_seconds IS NOT NULL) - (OLD.duration_seconds IS NOT NULL),
        total_measured_us = total_measured_us + NEW.measured_us - OLD.measured_us
    WHERE skill_name = NEW.skill_name AND date = substr(NEW.invoked_at, 1, 10) AND workflow_phase = NEW.workflow_phase;
END;

-- A use whose phase is corrected leaves the one and is counted in the other.
CREATE TRIGGER skill_phase_days_moved AFTER UPDATE OF workflow_phase ON skill_invocation
WHEN OLD.workflow_phase <> NEW.workflow_phase
BEGIN
    UPDATE skill_phase_days SET
        n_invocations = n_invocations - 1,
        n_ended = n_ended - OLD.has_ended,
        n_completed = n_completed - OLD.completed,
        n_passed = n_passed - (OLD.status = 'passed'),
        n_timed = n_timed - OLD.is_timed,
        total_duration_us = total_duration_us - OLD.timed_us,
        total_log_millionths = total_log_millionths - OLD.log_millionths,
        total_squared_log_millionths = total_squared_log_millionths - OLD.squared_log_millionths,
        n_measured = n_measured - (OLD.duration_seconds IS NOT NULL),
        total_measured_us = total_measured_us - OLD.measured_us
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND workflow_phase = OLD.workflow_phase;
    DELETE FROM skill_phase_days
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND workflow_phase = OLD.workflow_phase AND n_invocations <= 0;
    INSERT INTO skill_phase_days (
        skill_name, date, workflow_phase, n_invocations, n_ended, n_completed, n_passed, n_timed,
        total_duration_us, total_log_millionths, total_squared_log_millionths, n_measured, total_measured_us)
    VALUES (
        NEW.skill_name, substr(NEW.invoked_at, 1, 10), NEW.workflow_phase, 1, NEW.has_ended, NEW.completed,
        (NEW.status = 'passed'), NEW.is_timed, NEW.timed_us, NEW.log_millionths, NEW.squared_log_millionths,
        (NEW.duration_seconds IS NOT NULL), NEW.measured_us)
    ON CONFLICT (skill_name, date, workflow_phase) DO UPDATE SET
        n_invocations = n_invocations + excluded.n_invocations,
        n_ended = n_ended + excluded.n_ended,
        n_completed = n_completed + excluded.n_completed,
        n_passed = n_passed + excluded.n_passed,
        n_timed = n_timed + excluded.n_timed,
        total_duration_us = total_duration_us + excluded.total_duration_us,
        total_log_millionths = total_log_millionths + excluded.total_log_millionths,
        total_squared_log_millionths = total_squared_log_millionths + excluded.total_squared_log_millionths,
        n_measured = n_measured + excluded.n_measured,
        total_measured_us = total_measured_us + excluded.total_measured_us;
END;

-- A deleted use is taken out of its day.
CREATE TRIGGER skill_phase_days_deleted AFTER DELETE ON skill_invocation
BEGIN
    UPDATE skill_phase_days SET
        n_invocations = n_invocations - 1,
        n_ended = n_ended - OLD.has_ended,
        n_completed = n_completed - OLD.completed,
        n_passed = n_passed - (OLD.status = 'passed'),
        n_timed = n_timed - OLD.is_timed,
        total_duration_us = total_duration_us - OLD.timed_us,
        total_log_millionths = total_log_millionths - OLD.log_millionths,
        total_squared_log_millionths = total_squared_log_millionths - OLD.squared_log_millionths,
        n_measured = n_measured - (OLD.duration_seconds IS NOT NULL),
        total_measured_us = total_measured_us - OLD.measured_us
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND workflow_phase = OLD.workflow_phase;
    DELETE FROM skill_phase_days
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND workflow_phase = OLD.workflow_phase AND n_invocations <= 0;
END;

-- What is there already.
INSERT INTO skill_phase_days (
    skill_name, date, workflow_phase,
    n_invocations, n_ended, n_completed, n_passed, n_timed, total_duration_us, total_log_millionths,
    total_squared_log_millionths, n_measured, total_measured_us)
SELECT
    skill_name, substr(invoked_at, 1, 10), workflow_phase,
    count(*), sum(has_ended), sum(completed), sum(status = 'passed'), sum(is_timed), sum(timed_us),
    sum(log_millionths), sum(squared_log_millionths), sum(duration_seconds IS NOT NULL), sum(measured_us)
FROM skill_invocation
GROUP BY skill_name, substr(invoked_at, 1, 10), workflow_phase;

-- Each session: how many skills and uses, how they ended, from when to when.
CREATE VIEW v_session_skill_summary AS
SELECT
    session_id,
    count(DISTINCT skill_name) AS unique_skills,
    count(*) AS total_invocations,
    sum(completed) AS completed_count,
    sum(NOT completed AND status <> 'running') AS abandoned_count,
    total(duration_seconds) AS total_duration_seconds,
    min(invoked_at) AS first_skill_at,
    max(invoked_at) AS last_skill_at
FROM skill_invocation
GROUP BY session_id;

-- How each skill went, and for how many days it has not been used.
CREATE VIEW v_skill_effectiveness AS
SELECT
    skill_name,
    n_invocations AS total_invocations,
    n_completed AS completed_invocations,
    n_invocations - n_running - n_completed AS abandoned_invocations,
    completion_rate,
    total_duration_seconds,
    mean_duration_seconds AS avg_duration_seconds,
    mean_selection_rank AS avg_selection_rank,
    n_picked_first * 1.0 / nullif(n_ranked, 0) AS recommendation_success_rate,
    first_invoked_at AS first_invoked,
    last_invoked_at AS last_invoked,
    max(julianday('now') - julianday(last_invoked_at), 0.0) AS days_since_last_use
FROM skill_metrics;

-- The skills by uses, with the workflow that each is used in most.
CREATE VIEW v_top_skills AS
SELECT
    skill_name,
    n_invocations AS total_invocations,
    completion_rate,
    mean_duration_seconds AS avg_duration_seconds,
    (SELECT value FROM skill_metric_counts AS path
     WHERE path.skill_name = skill_metrics.skill_name AND path.kind = 'workflow_path'
     ORDER BY path.n DESC, path.value LIMIT 1) AS preferred_workflow
FROM skill_metrics
ORDER BY n_invocations DESC, skill_name;

-- Each skill and day (UTC) counted from the uses themselves: what the kept figures must equal.
CREATE VIEW v_daily_skill_source AS
SELECT
    substr(invoked_at, 1, 10) AS date,
    skill_name,
    count(*) AS invocations,
    sum(completed) AS completions,
    sum(NOT completed AND status <> 'running') AS abandonments,
    avg(iif(completed, duration_seconds, NULL)) AS avg_duration_seconds
FROM skill_invocation
GROUP BY skill_name, substr(invoked_at, 1, 10);

-- The same from the kept figures: its cost does not grow with the uses.
CREATE VIEW mv_daily_skills AS
SELECT
    date,
    skill_name,
    sum(n_invocations) AS invocations,
    sum(n_completed) AS completions,
    sum(n_ended - n_completed) AS abandonments,
    sum(total_duration_us) / 1e6 / nullif(sum(n_timed), 0) AS avg_duration_seconds
FROM skill_phase_days
GROUP BY skill_name, date;

-- How each skill went in each phase of the work.
CREATE VIEW v_skill_effectiveness_by_phase AS
SELECT
    skill_name,
    workflow_phase,
    sum(n_invocations) AS total_invocations,
    sum(n_completed) AS completed_count,
    sum(n_ended - n_completed) AS abandoned_count,
    sum(total_measured_us) / 1e6 / nullif(sum(n_measured), 0) AS avg_duration_seconds,
    sum(total_duration_us) / 1e6 / nullif(sum(n_timed), 0) AS avg_completion_time,
    sum(n_completed) * 1.0 / nullif(sum(n_ended), 0) AS completion_rate
FROM skill_phase_days
WHERE workflow_phase <> ''
GROUP BY skill_name, workflow_phase;

-- How much is done in each phase of the work.
CREATE VIEW v_workflow_phase_patterns AS
SELECT
    workflow_phase,
    sum(n_invocations) AS invocations_in_phase,
    count(DISTINCT skill_name) AS unique_skills_in_phase,
    sum(n_completed) AS successful_completions,
    sum(total_duration_us) / 1e6 / nullif(sum(n_timed), 0) AS avg_phase_duration
FROM skill_phase_days
WHERE workflow_phase <> ''
GROUP BY workflow_phase;

-- How often each skill is used in each phase, and how often it does its work there.
CREATE VIEW v_skills_by_phase_usage AS
SELECT
    skill_name,
    workflow_phase,
    sum(n_invocations) AS usage_count,
    sum(n_completed) * 1.0 / nullif(sum(n_ended), 0) AS success_rate
FROM skill_phase_days
WHERE workflow_phase <> ''
GROUP BY skill_name, workflow_phase
ORDER BY usage_count DESC, skill_name, workflow_phase;
