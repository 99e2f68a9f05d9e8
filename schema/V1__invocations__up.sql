-- V1: what was used, how it ended, and the counts that are asked for all the time.
--
-- Instants are text in one form, 2026-01-31T09:30:00.000000Z, so that they sort and compare as text.
-- Counters are rows, never JSON paths made from data. The triggers hold for insert, update and delete.

CREATE TABLE skill_migrations (
    -- One row for each migration that has been applied to this file.
    version INTEGER PRIMARY KEY,  -- Number of the migration, from 1.
    name TEXT NOT NULL,           -- Its name, as in the file name.
    checksum TEXT NOT NULL,       -- SHA-256 of the script that ran, so that a changed script is noticed.
    applied_at TEXT NOT NULL      -- When it ran (UTC).
) STRICT;

CREATE TABLE skill_server (
    -- One row for each server process that recorded something.
    id INTEGER PRIMARY KEY,          -- Number of the server.
    start_id TEXT NOT NULL UNIQUE,   -- Random id of this start; names the file that the process keeps locked while it lives.
    process_id INTEGER NOT NULL,     -- Its process id, for people; ids are used again, so it decides nothing.
    started_at TEXT NOT NULL         -- When it recorded for the first time (UTC).
) STRICT;

CREATE TABLE skill_invocation_status (
    -- The ways in which a use of a skill can stand; a new one is a new row, not a new table.
    status TEXT PRIMARY KEY,          -- The word that is stored.
    is_completed INTEGER NOT NULL CHECK (is_completed IN (0, 1)),  -- 1 when the tool did its work, whatever it found.
    meaning TEXT NOT NULL             -- What it says, in words.
) STRICT, WITHOUT ROWID;

INSERT INTO skill_invocation_status (status, is_completed, meaning) VALUES
    ('running', 0, 'started and not ended yet'),
    ('passed', 1, 'ran and found nothing'),
    ('failed', 1, 'ran and found something'),
    ('error', 0, 'the tool could not do its work'),
    ('missing-tool', 0, 'the tool is not installed'),
    ('cancelled', 0, 'stopped by the user'),
    ('timed-out', 0, 'stopped by its time limit'),
    ('interrupted', 0, 'the server ended before the tool did'),
    ('handed-over', 1, 'the prompt was opened for the user or an agent');

CREATE TABLE skill_invocation (
    -- One use of a skill: written before it starts, completed when it has ended.
    id INTEGER PRIMARY KEY,  -- Number of the use, in the order of recording.
    skill_name TEXT NOT NULL CHECK (skill_name <> ''),  -- Name of the skill (kebab-case).
    invoked_at TEXT NOT NULL CHECK (invoked_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z'),  -- When it was started (UTC).
    session_id TEXT NOT NULL,  -- The editor, pipeline or quality-gate session it belongs to.
    workflow_path TEXT NOT NULL DEFAULT '',  -- The workflow it was part of; empty when it was called by itself.
    workflow_phase TEXT NOT NULL DEFAULT '',  -- setup, execution, verification or deployment; empty when unknown.
    completed INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),  -- 1 when the tool did its work, whatever it found.
    duration_seconds REAL CHECK (duration_seconds >= 0),  -- How long it ran; null while it runs.
    user_query TEXT NOT NULL DEFAULT '',  -- Short canonical text of the context, scrubbed of secrets.
    alternatives_considered TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(alternatives_considered)),  -- JSON array: the skills that were on offer beside it, in their order.
    selection_rank INTEGER CHECK (selection_rank >= 1),  -- Its place in the order on offer, 1 the top; null when it was called by name.
    follow_up_actions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(follow_up_actions)),  -- JSON array: what the user did next, in order.
    error_type TEXT NOT NULL DEFAULT '',  -- Short class of the failure; empty when there was none.
    status TEXT NOT NULL DEFAULT 'running' REFERENCES skill_invocation_status (status),  -- How it stands or ended.
    strategy TEXT NOT NULL DEFAULT '',  -- The ranking strategy that offered it.
    summary TEXT NOT NULL DEFAULT '',  -- The outcome in one line.
    project TEXT NOT NULL DEFAULT '',  -- Name of the project.
    language TEXT NOT NULL DEFAULT '',  -- Language id of the file.
    file_kind TEXT NOT NULL DEFAULT '',  -- test, source or any.
    server_id INTEGER REFERENCES skill_server (id)  -- The server that ran it; null for what was imported.
) STRICT;

-- The history, newest first.
CREATE INDEX skill_invocation_by_time ON skill_invocation (invoked_at);
-- The history of one skill, and the newest use that is left when one is deleted.
CREATE INDEX skill_invocation_by_skill ON skill_invocation (skill_name, invoked_at);
-- The uses of one session.
CREATE INDEX skill_invocation_by_session ON skill_invocation (session_id, invoked_at);
-- The history of one project.
CREATE INDEX skill_invocation_by_project ON skill_invocation (project, invoked_at);
-- What has not ended: a handful of rows, asked for at each start.
CREATE INDEX skill_invocation_running ON skill_invocation (server_id) WHERE status = 'running';

CREATE TABLE skill_metrics (
    -- How each skill went, everywhere; kept by triggers.
    skill_name TEXT PRIMARY KEY,  -- Name of the skill.
    n_invocations INTEGER NOT NULL DEFAULT 0,  -- All uses.
    n_running INTEGER NOT NULL DEFAULT 0,  -- Those that have not ended.
    n_completed INTEGER NOT NULL DEFAULT 0,  -- Those whose tool did its work, whatever it found.
    n_ranked INTEGER NOT NULL DEFAULT 0,  -- Those that were picked from an order.
    n_picked_first INTEGER NOT NULL DEFAULT 0,  -- Those that were picked as the top suggestion.
    total_selection_rank INTEGER NOT NULL DEFAULT 0,  -- Sum of their ranks.
    n_timed INTEGER NOT NULL DEFAULT 0,  -- Completed uses with a duration.
    total_duration_seconds REAL NOT NULL DEFAULT 0,  -- Sum of those durations; a cancelled run says nothing about the next.
    first_invoked_at TEXT NOT NULL,  -- Earliest use by its own time, also when it was recorded later (UTC).
    last_invoked_at TEXT NOT NULL,  -- Latest use (UTC).
    last_ended_id INTEGER,  -- The latest use that has ended.
    last_ended_at TEXT,  -- When that one was started (UTC).
    last_status TEXT NOT NULL DEFAULT '',  -- How it ended.
    last_summary TEXT NOT NULL DEFAULT '',  -- Its outcome in one line.
    completion_rate REAL GENERATED ALWAYS AS (n_completed * 1.0 / nullif(n_invocations - n_running, 0)) VIRTUAL,  -- Completed among ended, 0 to 1; null before the first end.
    mean_duration_seconds REAL GENERATED ALWAYS AS (total_duration_seconds / nullif(n_timed, 0)) VIRTUAL,  -- Mean of the completed ones; null without any.
    mean_selection_rank REAL GENERATED ALWAYS AS (total_selection_rank * 1.0 / nullif(n_ranked, 0)) VIRTUAL  -- Mean rank of the pick; null when it was never picked from an order.
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_setting_metrics (
    -- How each skill went in one project and language; kept by triggers, and what ranking remembers.
    project TEXT NOT NULL,  -- Name of the project.
    language TEXT NOT NULL,  -- Language id.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    n_invocations INTEGER NOT NULL DEFAULT 0,  -- All uses here.
    n_running INTEGER NOT NULL DEFAULT 0,  -- Those that have not ended.
    n_completed INTEGER NOT NULL DEFAULT 0,  -- Those whose tool did its work.
    n_picked_first INTEGER NOT NULL DEFAULT 0,  -- Those that were picked as the top suggestion.
    n_timed INTEGER NOT NULL DEFAULT 0,  -- Completed uses with a duration.
    total_duration_seconds REAL NOT NULL DEFAULT 0,  -- Sum of those durations.
    last_ended_id INTEGER,  -- The latest use here that has ended.
    last_ended_at TEXT,  -- When that one was started (UTC).
    last_status TEXT NOT NULL DEFAULT '',  -- How it ended.
    last_summary TEXT NOT NULL DEFAULT '',  -- Its outcome in one line.
    mean_duration_seconds REAL GENERATED ALWAYS AS (total_duration_seconds / nullif(n_timed, 0)) VIRTUAL,  -- Mean of the completed ones; null without any.
    PRIMARY KEY (project, language, skill_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_metric_counts (
    -- How often a skill met one error type, workflow path or follow-up action; kept by triggers.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    kind TEXT NOT NULL CHECK (kind IN ('error_type', 'workflow_path', 'follow_up')),  -- What is counted.
    value TEXT NOT NULL,  -- The error type, path or action, as it was stored.
    n INTEGER NOT NULL,  -- How often.
    PRIMARY KEY (skill_name, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_skills (
    -- Which skills a session used, and how often; kept by triggers.
    session_id TEXT NOT NULL,  -- The session.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    invocation_count INTEGER NOT NULL DEFAULT 1,  -- How often it was used in the session.
    PRIMARY KEY (session_id, skill_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE shortcuts (
    -- The keyboard shortcuts that the user registered.
    skill_name TEXT PRIMARY KEY,  -- The skill that the keys run.
    keys TEXT NOT NULL UNIQUE,    -- The keys in one spelling, like Ctrl+Shift+T.
    registered_at TEXT NOT NULL   -- When (UTC).
) STRICT, WITHOUT ROWID;

CREATE TABLE trusted_folders (
    -- The folders whose own skills may run, each for the contents that the user saw.
    folder TEXT PRIMARY KEY,   -- Path of the folder.
    digest TEXT NOT NULL,      -- Hash of the contents that were trusted; other contents are asked about anew.
    trusted_at TEXT NOT NULL   -- When the user said so (UTC).
) STRICT, WITHOUT ROWID;

-- A use keeps its skill, time, session and setting; who needs another records another.
CREATE TRIGGER skill_invocation_identity BEFORE UPDATE OF
    id, skill_name, invoked_at, session_id, workflow_path, project, language ON skill_invocation
WHEN (OLD.id, OLD.skill_name, OLD.invoked_at, OLD.session_id, OLD.workflow_path, OLD.project, OLD.language)
    IS NOT (NEW.id, NEW.skill_name, NEW.invoked_at, NEW.session_id, NEW.workflow_path, NEW.project, NEW.language)
BEGIN
    SELECT RAISE(ABORT, 'an invocation keeps its skill, time, session, path, project and language');
END;

-- What has ended does not run again.
CREATE TRIGGER skill_invocation_end_is_final BEFORE UPDATE OF status ON skill_invocation
WHEN NEW.status = 'running' AND OLD.status <> 'running'
BEGIN
    SELECT RAISE(ABORT, 'an invocation that has ended does not run again');
END;

-- A new use is counted everywhere, here, and in its session.
CREATE TRIGGER skill_invocation_inserted AFTER INSERT ON skill_invocation
BEGIN
    INSERT INTO skill_metrics (
        skill_name, n_invocations, n_running, n_completed, n_ranked, n_picked_first,
        total_selection_rank, n_timed, total_duration_seconds, first_invoked_at, last_invoked_at)
    VALUES (
        NEW.skill_name, 1, NEW.status = 'running', NEW.completed, NEW.selection_rank IS NOT NULL,
        NEW.selection_rank IS 1, ifnull(NEW.selection_rank, 0),
        NEW.completed AND NEW.duration_seconds IS NOT NULL,
        iif(NEW.completed, ifnull(NEW.duration_seconds, 0.0), 0.0), NEW.invoked_at, NEW.invoked_at)
    ON CONFLICT (skill_name) DO UPDATE SET
        n_invocations = n_invocations + 1,
        n_running = n_running + excluded.n_running,
        n_completed = n_completed + excluded.n_completed,
        n_ranked = n_ranked + excluded.n_ranked,
        n_picked_first = n_picked_first + excluded.n_picked_first,
        total_selection_rank = total_selection_rank + excluded.total_selection_rank,
        n_timed = n_timed + excluded.n_timed,
        total_duration_seconds = total_duration_seconds + excluded.total_duration_seconds,
        first_invoked_at = min(first_invoked_at, excluded.first_invoked_at),
        last_invoked_at = max(last_invoked_at, excluded.last_invoked_at);
    INSERT INTO skill_setting_metrics (
        project, language, skill_name, n_invocations, n_running, n_completed, n_picked_first,
        n_timed, total_duration_seconds)
    VALUES (
        NEW.project, NEW.language, NEW.skill_name, 1, NEW.status = 'running', NEW.completed,
        NEW.selection_rank IS 1, NEW.completed AND NEW.duration_seconds IS NOT NULL,
        iif(NEW.completed, ifnull(NEW.duration_seconds, 0.0), 0.0))
    ON CONFLICT (project, language, skill_name) DO UPDATE SET
        n_invocations = n_invocations + 1,
        n_running = n_running + excluded.n_running,
        n_completed = n_completed + excluded.n_completed,
        n_picked_first = n_picked_first + excluded.n_picked_first,
        n_timed = n_timed + excluded.n_timed,
        total_duration_seconds = total_duration_seconds + excluded.total_duration_seconds;
    UPDATE skill_metrics SET
        last_ended_id = NEW.id, last_ended_at = NEW.invoked_at,
        last_status = NEW.status, last_summary = NEW.summary
    WHERE NEW.status <> 'running' AND skill_name = NEW.skill_name
        AND (last_ended_id IS NULL OR (NEW.invoked_at, NEW.id) >= (last_ended_at, last_ended_id));
    UPDATE skill_setting_metrics SET
        last_ended_id = NEW.id, last_ended_at = NEW.invoked_at,
        last_status = NEW.status, last_summary = NEW.summary
    WHERE NEW.status <> 'running'
        AND project = NEW.project AND language = NEW.language AND skill_name = NEW.skill_name
        AND (last_ended_id IS NULL OR (NEW.invoked_at, NEW.id) >= (last_ended_at, last_ended_id));
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT NEW.skill_name, 'workflow_path', NEW.workflow_path, 1 WHERE NEW.workflow_path <> ''
    ON CONFLICT (skill_name, kind, value) DO UPDATE SET n = n + 1;
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT NEW.skill_name, 'error_type', NEW.error_type, 1 WHERE NEW.error_type <> ''
    ON CONFLICT (skill_name, kind, value) DO UPDATE SET n = n + 1;
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT NEW.skill_name, 'follow_up', value, count(*) FROM json_each(NEW.follow_up_actions)
    WHERE NEW.follow_up_actions <> '[]' GROUP BY value
    ON CONFLICT (skill_name, kind, value) DO UPDATE SET n = n + excluded.n;
    INSERT INTO session_skills (session_id, skill_name, invocation_count)
    VALUES (NEW.session_id, NEW.skill_name, 1)
    ON CONFLICT (session_id, skill_name) DO UPDATE SET invocation_count = invocation_count + 1;
END;

-- A use that ends, or is corrected, moves the counts by the difference.
CREATE TRIGGER skill_invocation_updated AFTER UPDATE OF
    status, completed, duration_seconds, selection_rank, summary ON skill_invocation
BEGIN
    UPDATE skill_metrics SET
        n_running = n_running + (NEW.status = 'running') - (OLD.status = 'running'),
        n_completed = n_completed + NEW.completed - OLD.completed,
        n_ranked = n_ranked + (NEW.selection_rank IS NOT NULL) - (OLD.selection_rank IS NOT NULL),
        n_picked_first = n_picked_first + (NEW.selection_rank IS 1) - (OLD.selection_rank IS 1),
        total_selection_rank = total_selection_rank
            + ifnull(NEW.selection_rank, 0) - ifnull(OLD.selection_rank, 0),
        n_timed = n_timed + (NEW.completed AND NEW.duration_seconds IS NOT NULL)
            - (OLD.completed AND OLD.duration_seconds IS NOT NULL),
        total_duration_seconds = total_duration_seconds
            + iif(NEW.completed, ifnull(NEW.duration_seconds, 0.0), 0.0)
            - iif(OLD.completed, ifnull(OLD.duration_seconds, 0.0), 0.0)
    WHERE skill_name = NEW.skill_name;
    UPDATE skill_setting_metrics SET
        n_running = n_running + (NEW.status = 'running') - (OLD.status = 'running'),
        n_completed = n_completed + NEW.completed - OLD.completed,
        n_picked_first = n_picked_first + (NEW.selection_rank IS 1) - (OLD.selection_rank IS 1),
        n_timed = n_timed + (NEW.completed AND NEW.duration_seconds IS NOT NULL)
            - (OLD.completed AND OLD.duration_seconds IS NOT NULL),
        total_duration_seconds = total_duration_seconds
            + iif(NEW.completed, ifnull(NEW.duration_seconds, 0.0), 0.0)
            - iif(OLD.completed, ifnull(OLD.duration_seconds, 0.0), 0.0)
    WHERE project = NEW.project AND language = NEW.language AND skill_name = NEW.skill_name;
    UPDATE skill_metrics SET
        last_ended_id = NEW.id, last_ended_at = NEW.invoked_at,
        last_status = NEW.status, last_summary = NEW.summary
    WHERE NEW.status <> 'running' AND skill_name = NEW.skill_name
        AND (last_ended_id IS NULL OR (NEW.invoked_at, NEW.id) >= (last_ended_at, last_ended_id));
    UPDATE skill_setting_metrics SET
        last_ended_id = NEW.id, last_ended_at = NEW.invoked_at,
        last_status = NEW.status, last_summary = NEW.summary
    WHERE NEW.status <> 'running'
        AND project = NEW.project AND language = NEW.language AND skill_name = NEW.skill_name
        AND (last_ended_id IS NULL OR (NEW.invoked_at, NEW.id) >= (last_ended_at, last_ended_id));
END;

-- Another error type takes the place of the old one in the counts.
CREATE TRIGGER skill_invocation_error_changed AFTER UPDATE OF error_type ON skill_invocation
WHEN OLD.error_type <> NEW.error_type
BEGIN
    UPDATE skill_metric_counts SET n = n - 1
    WHERE skill_name = OLD.skill_name AND kind = 'error_type' AND value = OLD.error_type;
    DELETE FROM skill_metric_counts
    WHERE skill_name = OLD.skill_name AND kind = 'error_type' AND value = OLD.error_type AND n <= 0;
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT NEW.skill_name, 'error_type', NEW.error_type, 1 WHERE NEW.error_type <> ''
    ON CONFLICT (skill_name, kind, value) DO UPDATE SET n = n + 1;
END;

-- Every follow-up action is counted, not only the first.
CREATE TRIGGER skill_invocation_followed_up AFTER UPDATE OF follow_up_actions ON skill_invocation
WHEN OLD.follow_up_actions <> NEW.follow_up_actions
BEGIN
    UPDATE skill_metric_counts SET n = n - (
        SELECT count(*) FROM json_each(OLD.follow_up_actions) AS old
        WHERE old.value = skill_metric_counts.value)
    WHERE skill_name = OLD.skill_name AND kind = 'follow_up'
        AND value IN (SELECT old.value FROM json_each(OLD.follow_up_actions) AS old);
    DELETE FROM skill_metric_counts
    WHERE skill_name = OLD.skill_name AND kind = 'follow_up' AND n <= 0
        AND value IN (SELECT old.value FROM json_each(OLD.follow_up_actions) AS old);
    INSERT INTO skill_metric_counts (skill_name, kind, value, n)
    SELECT NEW.skill_name, 'follow_up', value, count(*) FROM json_each(NEW.follow_up_actions)
    WHERE true GROUP BY value
    ON CONFLICT (skill_name, kind, value) DO UPDATE SET n = n + excluded.n;
END;

-- A deleted use is taken out of every count, and what is left says which was first and last.
CREATE TRIGGER skill_invocation_deleted AFTER DELETE ON skill_invocation
BEGIN
    UPDATE skill_metrics SET
        n_invocations = n_invocations - 1,
        n_running = n_running - (OLD.status = 'running'),
        n_completed = n_completed - OLD.completed,
        n_ranked = n_ranked - (OLD.selection_rank IS NOT NULL),
        n_picked_first = n_picked_first - (OLD.selection_rank IS 1),
        total_selection_rank = total_selection_rank - ifnull(OLD.selection_rank, 0),
        n_timed = n_timed - (OLD.completed AND OLD.duration_seconds IS NOT NULL),
        total_duration_seconds = total_duration_seconds
            - iif(OLD.completed, ifnull(OLD.duration_seconds, 0.0), 0.0)
    WHERE skill_name = OLD.skill_name;
    DELETE FROM skill_metrics WHERE skill_name = OLD.skill_name AND n_invocations <= 0;
    UPDATE skill_metrics SET
        first_invoked_at = (SELECT min(invoked_at) FROM skill_invocation WHERE skill_name = OLD.skill_name),
        last_invoked_at = (SELECT max(invoked_at) FROM skill_invocation WHERE skill_name = OLD.skill_name)
    WHERE skill_name = OLD.skill_name AND OLD.invoked_at IN (first_invoked_at, last_invoked_at);
    UPDATE skill_metrics SET
        last_ended_id = NULL, last_ended_at = NULL, last_status = '', last_summary = ''
    WHERE skill_name = OLD.skill_name AND last_ended_id = OLD.id;
    UPDATE skill_metrics SET
        last_ended_id = newest.id, last_ended_at = newest.invoked_at,
        last_status = newest.status, last_summary = newest.summary
    FROM (
        SELECT id, invoked_at, status, summary FROM skill_invocation
        WHERE skill_name = OLD.skill_name AND status <> 'running'
        ORDER BY invoked_at DESC, id DESC LIMIT 1) AS newest
    WHERE skill_name = OLD.skill_name AND last_ended_id IS NULL;
    UPDATE skill_setting_metrics SET
        n_invocations = n_invocations - 1,
        n_running = n_running - (OLD.status = 'running'),
        n_completed = n_completed - OLD.completed,
        n_picked_first = n_picked_first - (OLD.selection_rank IS 1),
        n_timed = n_timed - (OLD.completed AND OLD.duration_seconds IS NOT NULL),
        total_duration_seconds = total_duration_seconds
            - iif(OLD.completed, ifnull(OLD.duration_seconds, 0.0), 0.0)
    WHERE project = OLD.project AND language = OLD.language AND skill_name = OLD.skill_name;
    DELETE FROM skill_setting_metrics
    WHERE project = OLD.project AND language = OLD.language AND skill_name = OLD.skill_name
        AND n_invocations <= 0;
    UPDATE skill_setting_metrics SET
        last_ended_id = NULL, last_ended_at = NULL, last_status = '', last_summary = ''
    WHERE project = OLD.project AND language = OLD.language AND skill_name = OLD.skill_name
        AND last_ended_id = OLD.id;
    UPDATE skill_setting_metrics SET
        last_ended_id = newest.id, last_ended_at = newest.invoked_at,
        last_status = newest.status, last_summary = newest.summary
    FROM (
        SELECT id, invoked_at, status, summary FROM skill_invocation
        WHERE skill_name = OLD.skill_name AND project = OLD.project AND language = OLD.language
            AND status <> 'running'
        ORDER BY invoked_at DESC, id DESC LIMIT 1) AS newest
    WHERE project = OLD.project AND language = OLD.language AND skill_name = OLD.skill_name
        AND last_ended_id IS NULL;
    UPDATE skill_metric_counts SET n = n - 1
    WHERE skill_name = OLD.skill_name
        AND (kind, value) IN (VALUES ('error_type', OLD.error_type), ('workflow_path', OLD.workflow_path));
    UPDATE skill_metric_counts SET n = n - (
        SELECT count(*) FROM json_each(OLD.follow_up_actions) AS old
        WHERE old.value = skill_metric_counts.value)
    WHERE skill_name = OLD.skill_name AND kind = 'follow_up'
        AND value IN (SELECT old.value FROM json_each(OLD.follow_up_actions) AS old);
    DELETE FROM skill_metric_counts WHERE skill_name = OLD.skill_name AND n <= 0;
    UPDATE session_skills SET invocation_count = invocation_count - 1
    WHERE session_id = OLD.session_id AND skill_name = OLD.skill_name;
    DELETE FROM session_skills
    WHERE session_id = OLD.session_id AND skill_name = OLD.skill_name AND invocation_count <= 0;
END;
