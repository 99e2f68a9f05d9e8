-- V4: live figures, hours, anomalies, what users do, clusters, A/B tests, taxonomy, dependencies.
--
-- What is kept here by triggers always equals what a count of the uses would give, also when a use is
-- recorded late, corrected or deleted. Windows expire by time: what "the last 24 hours" are is asked of
-- the hours and, at the edges, of the uses; nothing is only counted up. Rates run from 0 to 1, are of
-- what has ended, and count failures.
--
-- Names of skills are no foreign keys: a skill is a file, has a place in the taxonomy before its first
-- use, and its figures outlive it.

ALTER TABLE skill_invocation ADD COLUMN duration_bucket INTEGER GENERATED ALWAYS AS (iif(is_timed, CAST(floor(8 * log2(max(measured_us, 1000) / 1e6)) AS INTEGER), NULL)) VIRTUAL;  -- Its duration as a step of 2^(1/8), that is of 9 %: floor(8 log2(seconds)); null where it is not timed.
ALTER TABLE skill_server ADD COLUMN user_id TEXT NOT NULL DEFAULT '';  -- Whose server it is: a hash of the user's name with the key beside this file; empty when unknown.

-- A session's uses of one skill, by time: was it used in this hour before?
CREATE INDEX skill_invocation_by_session_skill ON skill_invocation (session_id, skill_name, invoked_at);

CREATE TABLE skill_time_series (
    -- How each skill went in each hour; kept by triggers.
    id INTEGER PRIMARY KEY,  -- Number of the row.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    timestamp TEXT NOT NULL,  -- Beginning of the hour (UTC).
    invocation_count INTEGER NOT NULL DEFAULT 0,  -- All uses.
    n_ended INTEGER NOT NULL DEFAULT 0,  -- Those that have ended, the base of the rate.
    n_completed INTEGER NOT NULL DEFAULT 0,  -- Those whose tool did its work, whatever it found.
    n_passed INTEGER NOT NULL DEFAULT 0,  -- Those that found nothing.
    n_timed INTEGER NOT NULL DEFAULT 0,  -- Completed uses with a duration.
    total_duration_us INTEGER NOT NULL DEFAULT 0,  -- Sum of those durations in microseconds.
    total_log_millionths INTEGER NOT NULL DEFAULT 0,  -- Sum of ln(seconds) of those durations, in millionths.
    total_squared_log_millionths INTEGER NOT NULL DEFAULT 0,  -- Sum of ln(seconds) squared, in millionths.
    unique_sessions INTEGER NOT NULL DEFAULT 0,  -- Sessions that used the skill in this hour.
    completion_rate REAL GENERATED ALWAYS AS (n_completed * 1.0 / nullif(n_ended, 0)) VIRTUAL,  -- Completed among ended, 0 to 1; null before the first end.
    avg_duration_seconds REAL GENERATED ALWAYS AS (total_duration_us / 1e6 / nullif(n_timed, 0)) VIRTUAL  -- Mean duration of the completed ones; null without any.
) STRICT;

-- The hours of one skill.
CREATE UNIQUE INDEX skill_time_series_by_skill ON skill_time_series (skill_name, timestamp);

CREATE TABLE activity_hours (
    -- What happened in each hour with all skills together; kept by triggers. What weekday and hour are asked of.
    timestamp TEXT PRIMARY KEY,  -- Beginning of the hour (UTC).
    invocation_count INTEGER NOT NULL DEFAULT 0,  -- All uses.
    n_ended INTEGER NOT NULL DEFAULT 0,  -- Those that have ended.
    n_completed INTEGER NOT NULL DEFAULT 0,  -- Those whose tool did its work, whatever it found.
    n_passed INTEGER NOT NULL DEFAULT 0,  -- Those that found nothing.
    n_timed INTEGER NOT NULL DEFAULT 0,  -- Completed uses with a duration.
    total_duration_us INTEGER NOT NULL DEFAULT 0  -- Sum of those durations in microseconds.
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_duration_days (
    -- How long the completed uses of each skill took on each day, as a histogram; kept by triggers.
    -- Any percentile of any days can be read from it, to 5 %.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    date TEXT NOT NULL,  -- The day (UTC), like 2026-01-31.
    bucket INTEGER NOT NULL,  -- floor(8 log2(seconds)): durations from 2^(bucket/8) to 2^((bucket+1)/8) seconds.
    n INTEGER NOT NULL,  -- How many took that long.
    PRIMARY KEY (skill_name, date, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_metrics_cache (
    -- How each skill stands now: kept by triggers when it is used, and brought up to date in quiet moments.
    -- Who must be exact to the second asks the view v_realtime_skill_dashboard.
    skill_name TEXT PRIMARY KEY,  -- Name of the skill.
    last_invocation_at TEXT NOT NULL,  -- Its latest use (UTC).
    invocation_count_1h INTEGER NOT NULL DEFAULT 0,  -- Uses in the hour before updated_at.
    invocation_count_24h INTEGER NOT NULL DEFAULT 0,  -- Uses in the 24 hours before updated_at.
    avg_completion_rate_24h REAL CHECK (avg_completion_rate_24h BETWEEN 0 AND 1),  -- Completed among ended in those 24 hours; null without any.
    is_anomalous INTEGER NOT NULL DEFAULT 0 CHECK (is_anomalous IN (0, 1)),  -- 1 while an anomaly of it is open.
    anomaly_score REAL,  -- Deviation of the worst open one, without its sign; null without any.
    updated_at TEXT NOT NULL  -- When these figures were counted (UTC).
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_anomalies (
    -- What deviated from its baseline: one row while it lasts, written by the report on anomalies.
    id INTEGER PRIMARY KEY,  -- Number of the anomaly.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    detected_at TEXT NOT NULL,  -- When it was seen first (UTC).
    anomaly_type TEXT NOT NULL CHECK (anomaly_type IN ('drop', 'spike', 'pattern_shift')),  -- Below its baseline, above it, or another pattern.
    metric TEXT NOT NULL DEFAULT 'completion_rate' CHECK (metric IN ('completion_rate', 'duration', 'uses')),  -- What deviated.
    baseline_value REAL,  -- What was expected.
    observed_value REAL,  -- What was seen.
    deviation_score REAL,  -- How far it is off, in standard deviations; negative below.
    p_value REAL CHECK (p_value BETWEEN 0 AND 1),  -- How likely chance alone does that, before the control over many skills.
    n_observed INTEGER NOT NULL DEFAULT 0,  -- Uses in the window that was looked at.
    window_start_at TEXT NOT NULL DEFAULT '',  -- Beginning of that window (UTC); empty when not known.
    window_end_at TEXT NOT NULL DEFAULT '',  -- Its end (UTC).
    incident_id INTEGER REFERENCES skill_anomalies (id) ON DELETE SET NULL,  -- The first anomaly of the same incident, itself included; null when it stands alone.
    last_seen_at TEXT NOT NULL DEFAULT '',  -- When it was seen last (UTC).
    resolved_at TEXT  -- When it was over (UTC); null while it is open.
) STRICT;

-- The newest anomalies.
CREATE INDEX skill_anomalies_by_time ON skill_anomalies (detected_at DESC);
-- Those of one skill.
CREATE INDEX skill_anomalies_by_skill ON skill_anomalies (skill_name, detected_at DESC);
-- Those of an incident.
CREATE INDEX skill_anomalies_by_incident ON skill_anomalies (incident_id) WHERE incident_id IS NOT NULL;
-- One open anomaly of a skill and metric at a time: seen again, it is the same.
CREATE UNIQUE INDEX skill_anomalies_open ON skill_anomalies (skill_name, metric, anomaly_type) WHERE resolved_at IS NULL;

CREATE TABLE skill_user_interactions (
    -- Who used what: a use and its user, who is known only as a hash with the key beside this file.
    -- Uses of this machine are entered by triggers when they end; others by an import.
    id INTEGER PRIMARY KEY,  -- Number of the interaction.
    user_id TEXT NOT NULL CHECK (user_id <> ''),  -- The user, as a keyed hash.
    session_id TEXT NOT NULL,  -- The session.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    invoked_at TEXT NOT NULL,  -- When it was started (UTC).
    completed INTEGER NOT NULL CHECK (completed IN (0, 1)),  -- 1 when the tool did its work, whatever it found.
    rating REAL CHECK (rating BETWEEN 1 AND 5),  -- What the user thought of it, 1 to 5; null without a word.
    alternatives_considered TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(alternatives_considered)),  -- JSON array: the skills that were on offer beside it.
    invocation_id INTEGER UNIQUE REFERENCES skill_invocation (id) ON DELETE CASCADE  -- The use itself, where it is in this file.
) STRICT;

-- The latest of one user.
CREATE INDEX skill_user_interactions_by_user ON skill_user_interactions (user_id, invoked_at DESC);

CREATE TABLE skill_user_metrics (
    -- How each user got on with each skill; kept by triggers. What likeness of users is computed from.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    user_id TEXT NOT NULL,  -- The user, as a keyed hash.
    n_uses INTEGER NOT NULL DEFAULT 0,  -- Uses that have ended.
    n_completed INTEGER NOT NULL DEFAULT 0,  -- Those whose tool did its work.
    n_rated INTEGER NOT NULL DEFAULT 0,  -- Those with a rating.
    total_rating REAL NOT NULL DEFAULT 0,  -- Sum of the ratings.
    PRIMARY KEY (skill_name, user_id)
) STRICT, WITHOUT ROWID;

-- The skills of one user.
CREATE INDEX skill_user_metrics_by_user ON skill_user_metrics (user_id);

CREATE TABLE skill_community_baselines (
    -- How each skill goes with everybody; written by the report on baselines, for groups that are large enough.
    skill_name TEXT PRIMARY KEY,  -- Name of the skill.
    total_users INTEGER NOT NULL DEFAULT 0,  -- Users of the skill.
    total_invocations INTEGER NOT NULL DEFAULT 0,  -- Their uses that have ended.
    global_completion_rate REAL CHECK (global_completion_rate BETWEEN 0 AND 1),  -- Completed among those.
    global_avg_duration_seconds REAL,  -- Mean duration of the completed ones.
    most_common_workflow_phase TEXT NOT NULL DEFAULT '',  -- The phase in which it is used most; empty when unknown.
    effectiveness_percentile REAL CHECK (effectiveness_percentile BETWEEN 0 AND 100),  -- Share of the other skills that complete no more often, in percent.
    last_updated TEXT NOT NULL  -- When this was computed (UTC).
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_clusters (
    -- Skills that belong together by what they do and how they are used; written by the report on clusters.
    cluster_id INTEGER PRIMARY KEY,  -- Number of the cluster.
    cluster_name TEXT NOT NULL UNIQUE,  -- Its most typical member.
    description TEXT NOT NULL DEFAULT '',  -- What its members share.
    centroid_embedding BLOB CHECK (length(centroid_embedding) % 4 = 0),  -- Mean of its members' vectors, 32-bit floats; null without vectors.
    created_at TEXT NOT NULL  -- When it was made (UTC).
) STRICT;

CREATE TABLE skill_cluster_membership (
    -- Which skill is in which cluster.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    cluster_id INTEGER NOT NULL REFERENCES skill_clusters (cluster_id) ON DELETE CASCADE,  -- The cluster.
    membership_score REAL NOT NULL CHECK (membership_score BETWEEN 0 AND 1),  -- How typical it is, 0 to 1.
    PRIMARY KEY (skill_name, cluster_id)
) STRICT, WITHOUT ROWID;

-- The members of a cluster.
CREATE INDEX skill_cluster_membership_by_cluster ON skill_cluster_membership (cluster_id);

CREATE TABLE ab_test_configs (
    -- One A/B test of two ranking strategies.
    test_id INTEGER PRIMARY KEY,  -- Number of the test.
    test_name TEXT NOT NULL UNIQUE CHECK (test_name <> ''),  -- Its name.
    description TEXT NOT NULL DEFAULT '',  -- What it is to show.
    control_strategy TEXT NOT NULL,  -- The strategy as before.
    treatment_strategy TEXT NOT NULL,  -- The one that is tried.
    start_date TEXT NOT NULL,  -- From when it assigns (UTC).
    end_date TEXT,  -- When it ends by itself (UTC); null for one that is stopped by hand.
    min_sample_size INTEGER NOT NULL DEFAULT 100 CHECK (min_sample_size >= 2),  -- Users of each group before it may decide.
    metrics TEXT NOT NULL DEFAULT '["completion"]' CHECK (json_valid(metrics)),  -- JSON array: what is compared.
    assignment_ratio REAL NOT NULL DEFAULT 0.5 CHECK (assignment_ratio > 0 AND assignment_ratio < 1),  -- Share of the users in the control group.
    unit TEXT NOT NULL DEFAULT 'user' CHECK (unit IN ('user', 'session')),  -- What is assigned and is one observation: each user, or each session of one.
    status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'completed', 'stopped')),  -- Running, ended by its date or result, or stopped by hand.
    created_at TEXT NOT NULL,  -- When it was made (UTC).
    ended_at TEXT  -- When it was completed or stopped (UTC); null while it runs.
) STRICT;

CREATE TABLE ab_test_assignments (
    -- Which user is in which group.
    assignment_id INTEGER PRIMARY KEY,  -- Number of the assignment.
    test_id INTEGER NOT NULL REFERENCES ab_test_configs (test_id) ON DELETE CASCADE,  -- The test.
    user_id TEXT NOT NULL CHECK (user_id <> ''),  -- The user, as a keyed hash.
    group_name TEXT NOT NULL CHECK (group_name IN ('control', 'treatment')),  -- The group.
    assigned_at TEXT NOT NULL,  -- When (UTC).
    UNIQUE (test_id, user_id)
) STRICT;

-- The users of a group.
CREATE INDEX ab_test_assignments_by_group ON ab_test_assignments (test_id, group_name);

CREATE TABLE ab_test_outcomes (
    -- What came of a use under a test; only an assigned user has any.
    outcome_id INTEGER PRIMARY KEY,  -- Number of the outcome, in the order of recording.
    test_id INTEGER NOT NULL,  -- The test.
    user_id TEXT NOT NULL,  -- The user, as a keyed hash.
    skill_name TEXT NOT NULL,  -- The skill that was picked.
    completed INTEGER NOT NULL CHECK (completed IN (0, 1)),  -- 1 when the tool did its work, whatever it found.
    duration_seconds REAL CHECK (duration_seconds >= 0),  -- How long it ran; null when not known.
    user_rating REAL CHECK (user_rating BETWEEN 1 AND 5),  -- What the user thought of it; null without a word.
    recorded_at TEXT NOT NULL,  -- When (UTC).
    invocation_id INTEGER REFERENCES skill_invocation (id) ON DELETE SET NULL,  -- The use itself, so that none counts twice in a test; null for one that was reported.
    UNIQUE (invocation_id, test_id),
    FOREIGN KEY (test_id, user_id) REFERENCES ab_test_assignments (test_id, user_id) ON DELETE CASCADE
) STRICT;

-- The outcomes of a test by user.
CREATE INDEX ab_test_outcomes_by_user ON ab_test_outcomes (test_id, user_id);

CREATE TABLE skill_categories (
    -- What skills are for; loaded at first start.
    category_id INTEGER PRIMARY KEY,  -- Number of the category.
    category_name TEXT NOT NULL UNIQUE,  -- Its name.
    parent_category_id INTEGER REFERENCES skill_categories (category_id) ON DELETE SET NULL,  -- The category it is part of; null at the top.
    description TEXT NOT NULL DEFAULT '',  -- What belongs to it.
    domain TEXT NOT NULL CHECK (domain IN ('code', 'documentation', 'testing', 'deployment')),  -- The kind of work.
    created_at TEXT NOT NULL  -- When it was entered (UTC).
) STRICT;

CREATE TABLE skill_category_mapping (
    -- Which skill is in which category.
    skill_name TEXT NOT NULL,  -- Name of the skill.
    category_id INTEGER NOT NULL REFERENCES skill_categories (category_id) ON DELETE CASCADE,  -- The category.
    confidence_score REAL NOT NULL DEFAULT 1 CHECK (confidence_score BETWEEN 0 AND 1),  -- How sure that is, 0 to 1.
    assigned_at TEXT NOT NULL,  -- When (UTC).
    PRIMARY KEY (skill_name, category_id)
) STRICT, WITHOUT ROWID;

-- The skills of a category.
CREATE INDEX skill_category_mapping_by_category ON skill_category_mapping (category_id);

CREATE TABLE skill_modalities (
    -- What each skill takes and gives; loaded at first start.
    skill_name TEXT PRIMARY KEY,  -- Name of the skill.
    modality_type TEXT NOT NULL CHECK (modality_type IN ('code', 'documentation', 'testing', 'deployment')),  -- The kind of work.
    input_format TEXT NOT NULL DEFAULT '',  -- What it reads, such as python_source.
    output_format TEXT NOT NULL DEFAULT '',  -- What it makes, such as diagnostics.
    requires_human_review INTEGER NOT NULL DEFAULT 0 CHECK (requires_human_review IN (0, 1)),  -- 1 when somebody should look at the result.
    created_at TEXT NOT NULL  -- When it was entered (UTC).
) STRICT, WITHOUT ROWID;

-- The skills of a modality.
CREATE INDEX skill_modalities_by_type ON skill_modalities (modality_type, skill_name);

CREATE TABLE skill_dependency_kinds (
    -- The ways in which one skill can depend on another; loaded with the taxonomy.
    kind TEXT PRIMARY KEY,  -- The word that is stored.
    meaning TEXT NOT NULL  -- What it says, in words.
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_known_dependencies (
    -- What is known of two skills before anybody used them; loaded with the taxonomy.
    skill_a TEXT NOT NULL,  -- The skill that comes first, where there is an order.
    skill_b TEXT NOT NULL,  -- The other.
    kind TEXT NOT NULL REFERENCES skill_dependency_kinds (kind),  -- The kind of dependency.
    reason TEXT NOT NULL DEFAULT '',  -- Why, in one line.
    PRIMARY KEY (skill_a, skill_b, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_dependencies (
    -- Which skills are used in the same sessions; kept up to date from what stands in skill_dependency_pending.
    skill_a TEXT NOT NULL,  -- The one whose name sorts first.
    skill_b TEXT NOT NULL CHECK (skill_a < skill_b),  -- The other.
    co_occurrence_count INTEGER NOT NULL DEFAULT 1 CHECK (co_occurrence_count >= 0),  -- Sessions with both.
    lift_score REAL CHECK (lift_score >= 0),  -- N * both / (a * b) in sessions, as of last_updated; the view has it as of now.
    last_updated TEXT NOT NULL,  -- When it was counted (UTC).
    PRIMARY KEY (skill_a, skill_b)
) STRICT, WITHOUT ROWID;

-- The same pairs from the other side.
CREATE INDEX skill_dependencies_by_other ON skill_dependencies (skill_b, skill_a);
-- The strongest pairs.
CREATE INDEX skill_dependencies_by_lift ON skill_dependencies (lift_score DESC);

CREATE TABLE skill_sequences (
    -- What follows what: a, and b within the next three different skills of the session.
    skill_a TEXT NOT NULL,  -- The skill that came first.
    skill_b TEXT NOT NULL CHECK (skill_a <> skill_b),  -- The one that followed.
    n_sessions INTEGER NOT NULL DEFAULT 0 CHECK (n_sessions >= 0),  -- Sessions in which it followed at least once.
    n_followed INTEGER NOT NULL DEFAULT 0 CHECK (n_followed >= 0),  -- How often it followed.
    last_updated TEXT NOT NULL,  -- When it was counted (UTC).
    PRIMARY KEY (skill_a, skill_b)
) STRICT, WITHOUT ROWID;

-- What comes before a skill.
CREATE INDEX skill_sequences_by_other ON skill_sequences (skill_b, skill_a);

CREATE TABLE skill_dependency_sessions (
    -- What each session gave to skill_dependencies and skill_sequences, so that it can be taken out again.
    session_id TEXT PRIMARY KEY,  -- The session.
    contribution TEXT NOT NULL CHECK (json_valid(contribution)),  -- JSON: the pairs and the sequences with their counts.
    counted_at TEXT NOT NULL  -- When it was counted (UTC).
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_dependency_pending (
    -- Sessions whose uses changed since they were counted; entered by triggers, taken out by who counts them.
    session_id TEXT PRIMARY KEY  -- The session.
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_session_counts (
    -- In how many sessions each skill was used; kept by triggers. The row '' counts all sessions.
    skill_name TEXT PRIMARY KEY,  -- Name of the skill; empty for all together.
    n_sessions INTEGER NOT NULL  -- Sessions.
) STRICT, WITHOUT ROWID;

-- A new use is counted in its hour, which is the hour it was started, whenever it is recorded. The live
-- figures follow in the same trigger, as several have no order: of whole hours what is kept, of the one
-- that began before the last 24 hours the uses themselves. A use of longer ago moves none of them.
CREATE TRIGGER skill_time_series_inserted AFTER INSERT ON skill_invocation
BEGIN
    INSERT INTO skill_time_series (
        skill_name, timestamp, invocation_count, n_ended, n_completed, n_passed, n_timed, total_duration_us,
        total_log_millionths, total_squared_log_millionths, unique_sessions)
    VALUES (
        NEW.skill_name, substr(NEW.invoked_at, 1, 13) || ':00:00.000000Z', 1, NEW.has_ended, NEW.completed,
        (NEW.status = 'passed'), NEW.is_timed, NEW.timed_us, NEW.log_millionths, NEW.squared_log_millionths,
        NOT EXISTS (
            SELECT 1 FROM skill_invocation AS other
            WHERE other.session_id = NEW.session_id AND other.skill_name = NEW.skill_name
                AND other.invoked_at >= substr(NEW.invoked_at, 1, 13)
                AND other.invoked_at < substr(NEW.invoked_at, 1, 13) || ';'
                AND other.id <> NEW.id))
    ON CONFLICT (skill_name, timestamp) DO UPDATE SET
        invocation_count = invocation_count + excluded.invocation_count,
        n_ended = n_ended + excluded.n_ended,
        n_completed = n_completed + excluded.n_completed,
        n_passed = n_passed + excluded.n_passed,
        n_timed = n_timed + excluded.n_timed,
        total_duration_us = total_duration_us + excluded.total_duration_us,
        total_log_millionths = total_log_millionths + excluded.total_log_millionths,
        total_squared_log_millionths = total_squared_log_millionths + excluded.total_squared_log_millionths,
        unique_sessions = unique_sessions + excluded.unique_sessions;
    INSERT INTO activity_hours (
        timestamp, invocation_count, n_ended, n_completed, n_passed, n_timed, total_duration_us)
    VALUES (
        substr(NEW.invoked_at, 1, 13) || ':00:00.000000Z', 1, NEW.has_ended, NEW.completed,
        (NEW.status = 'passed'), NEW.is_timed, NEW.timed_us)
    ON CONFLICT (timestamp) DO UPDATE SET
        invocation_count = invocation_count + excluded.invocation_count,
        n_ended = n_ended + excluded.n_ended,
        n_completed = n_completed + excluded.n_completed,
        n_passed = n_passed + excluded.n_passed,
        n_timed = n_timed + excluded.n_timed,
        total_duration_us = total_duration_us + excluded.total_duration_us;
    INSERT INTO skill_duration_days (skill_name, date, bucket, n)
    SELECT NEW.skill_name, substr(NEW.invoked_at, 1, 10), NEW.duration_bucket, 1
    WHERE NEW.duration_bucket IS NOT NULL
    ON CONFLICT (skill_name, date, bucket) DO UPDATE SET n = n + 1;
    INSERT INTO skill_dependency_pending (session_id) VALUES (NEW.session_id) ON CONFLICT DO NOTHING;
    INSERT INTO skill_metrics_cache (skill_name, last_invocation_at, updated_at)
    VALUES (NEW.skill_name, NEW.invoked_at, '')
    ON CONFLICT (skill_name) DO UPDATE SET last_invocation_at = excluded.last_invocation_at
    WHERE excluded.last_invocation_at > last_invocation_at;
    UPDATE skill_metrics_cache SET
        invocation_count_1h = (
            SELECT count(*) FROM skill_invocation
            WHERE skill_name = NEW.skill_name
                AND invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 hour')
                AND invoked_at <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
        invocation_count_24h = (
            SELECT count(*) FROM skill_invocation
            WHERE skill_name = NEW.skill_name
                AND invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day')
                AND invoked_at < strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~') + (
            SELECT ifnull(sum(invocation_count), 0) FROM skill_time_series
            WHERE skill_name = NEW.skill_name
                AND timestamp > strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~'
                AND timestamp <= strftime('%Y-%m-%dT%H:%M', 'now')),
        updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE skill_name = NEW.skill_name
        AND (updated_at = '' OR NEW.invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day'));
    UPDATE skill_metrics_cache SET avg_completion_rate_24h = (
            SELECT sum(n_completed) * 1.0 / nullif(sum(n_ended), 0) FROM (
                SELECT n_completed, n_ended FROM skill_time_series
                WHERE skill_name = NEW.skill_name
                    AND timestamp > strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~'
                    AND timestamp <= strftime('%Y-%m-%dT%H:%M', 'now')
                UNION ALL
                SELECT completed, has_ended FROM skill_invocation
                WHERE skill_name = NEW.skill_name
                    AND invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day')
                    AND invoked_at < strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~'))
    WHERE skill_name = NEW.skill_name AND NEW.has_ended
        AND NEW.invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day');
END;

-- A use that ends, or is corrected, moves the figures of its hour by the difference.
CREATE TRIGGER skill_time_series_updated AFTER UPDATE OF status, completed, duration_seconds ON skill_invocation
BEGIN
    UPDATE skill_time_series SET
        n_ended = n_ended + NEW.has_ended - OLD.has_ended,
        n_completed = n_completed + NEW.completed - OLD.completed,
        n_passed = n_passed + (NEW.status = 'passed') - (OLD.status = 'passed'),
        n_timed = n_timed + NEW.is_timed - OLD.is_timed,
        total_duration_us = total_duration_us + NEW.timed_us - OLD.timed_us,
        total_log_millionths = total_log_millionths + NEW.log_millionths - OLD.log_millionths,
        total_squared_log_millionths = total_squared_log_millionths + NEW.squared_log_millionths - OLD.squared_log_millionths
    WHERE skill_name = NEW.skill_name AND timestamp = substr(NEW.invoked_at, 1, 13) || ':00:00.000000Z';
    UPDATE activity_hours SET
        n_ended = n_ended + NEW.has_ended - OLD.has_ended,
        n_completed = n_completed + NEW.completed - OLD.completed,
        n_passed = n_passed + (NEW.status = 'passed') - (OLD.status = 'passed'),
        n_timed = n_timed + NEW.is_timed - OLD.is_timed,
        total_duration_us = total_duration_us + NEW.timed_us - OLD.timed_us
    WHERE timestamp = substr(NEW.invoked_at, 1, 13) || ':00:00.000000Z';
    UPDATE skill_metrics_cache SET
        avg_completion_rate_24h = (
            SELECT sum(n_completed) * 1.0 / nullif(sum(n_ended), 0) FROM (
                SELECT n_completed, n_ended FROM skill_time_series
                WHERE skill_name = NEW.skill_name
                    AND timestamp > strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~'
                    AND timestamp <= strftime('%Y-%m-%dT%H:%M', 'now')
                UNION ALL
                SELECT completed, has_ended FROM skill_invocation
                WHERE skill_name = NEW.skill_name
                    AND invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day')
                    AND invoked_at < strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~')),
        updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE skill_name = NEW.skill_name
        AND (OLD.has_ended, OLD.completed) IS NOT (NEW.has_ended, NEW.completed)
        AND NEW.invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day');
END;

-- A duration that is known, or corrected, is counted among its like.
CREATE TRIGGER skill_duration_days_updated AFTER UPDATE OF completed, duration_seconds ON skill_invocation
WHEN OLD.duration_bucket IS NOT NEW.duration_bucket
BEGIN
    UPDATE skill_duration_days SET n = n - 1
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND bucket = OLD.duration_bucket;
    DELETE FROM skill_duration_days
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND bucket = OLD.duration_bucket
        AND n <= 0;
    INSERT INTO skill_duration_days (skill_name, date, bucket, n)
    SELECT NEW.skill_name, substr(NEW.invoked_at, 1, 10), NEW.duration_bucket, 1
    WHERE NEW.duration_bucket IS NOT NULL
    ON CONFLICT (skill_name, date, bucket) DO UPDATE SET n = n + 1;
END;

-- A deleted use is taken out of its hour, and its session when it was the last of it there.
CREATE TRIGGER skill_time_series_deleted AFTER DELETE ON skill_invocation
BEGIN
    UPDATE skill_time_series SET
        invocation_count = invocation_count - 1,
        n_ended = n_ended - OLD.has_ended,
        n_completed = n_completed - OLD.completed,
        n_passed = n_passed - (OLD.status = 'passed'),
        n_timed = n_timed - OLD.is_timed,
        total_duration_us = total_duration_us - OLD.timed_us,
        total_log_millionths = total_log_millionths - OLD.log_millionths,
        total_squared_log_millionths = total_squared_log_millionths - OLD.squared_log_millionths,
        unique_sessions = unique_sessions - NOT EXISTS (
            SELECT 1 FROM skill_invocation AS other
            WHERE other.session_id = OLD.session_id AND other.skill_name = OLD.skill_name
                AND other.invoked_at >= substr(OLD.invoked_at, 1, 13)
                AND other.invoked_at < substr(OLD.invoked_at, 1, 13) || ';'
                AND other.id <> OLD.id)
    WHERE skill_name = OLD.skill_name AND timestamp = substr(OLD.invoked_at, 1, 13) || ':00:00.000000Z';
    DELETE FROM skill_time_series
    WHERE skill_name = OLD.skill_name AND timestamp = substr(OLD.invoked_at, 1, 13) || ':00:00.000000Z' AND invocation_count <= 0;
    UPDATE activity_hours SET
        invocation_count = invocation_count - 1,
        n_ended = n_ended - OLD.has_ended,
        n_completed = n_completed - OLD.completed,
        n_passed = n_passed - (OLD.status = 'passed'),
        n_timed = n_timed - OLD.is_timed,
        total_duration_us = total_duration_us - OLD.timed_us
    WHERE timestamp = substr(OLD.invoked_at, 1, 13) || ':00:00.000000Z';
    DELETE FROM activity_hours
    WHERE timestamp = substr(OLD.invoked_at, 1, 13) || ':00:00.000000Z' AND invocation_count <= 0;
    UPDATE skill_duration_days SET n = n - 1
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND bucket = OLD.duration_bucket;
    DELETE FROM skill_duration_days
    WHERE skill_name = OLD.skill_name AND date = substr(OLD.invoked_at, 1, 10) AND bucket = OLD.duration_bucket
        AND n <= 0;
    INSERT INTO skill_dependency_pending (session_id) VALUES (OLD.session_id) ON CONFLICT DO NOTHING;
    DELETE FROM skill_metrics_cache
    WHERE skill_name = OLD.skill_name
        AND NOT EXISTS (SELECT 1 FROM skill_invocation WHERE skill_name = OLD.skill_name);
    UPDATE skill_metrics_cache
    SET last_invocation_at = (SELECT max(invoked_at) FROM skill_invocation WHERE skill_name = OLD.skill_name)
    WHERE skill_name = OLD.skill_name AND last_invocation_at = OLD.invoked_at;
    UPDATE skill_metrics_cache SET
        invocation_count_1h = (
            SELECT count(*) FROM skill_invocation
            WHERE skill_name = OLD.skill_name
                AND invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 hour')
                AND invoked_at <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
        invocation_count_24h = (
            SELECT count(*) FROM skill_invocation
            WHERE skill_name = OLD.skill_name
                AND invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day')
                AND invoked_at < strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~') + (
            SELECT ifnull(sum(invocation_count), 0) FROM skill_time_series
            WHERE skill_name = OLD.skill_name
                AND timestamp > strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~'
                AND timestamp <= strftime('%Y-%m-%dT%H:%M', 'now')),
        avg_completion_rate_24h = (
            SELECT sum(n_completed) * 1.0 / nullif(sum(n_ended), 0) FROM (
                SELECT n_completed, n_ended FROM skill_time_series
                WHERE skill_name = OLD.skill_name
                    AND timestamp > strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~'
                    AND timestamp <= strftime('%Y-%m-%dT%H:%M', 'now')
                UNION ALL
                SELECT completed, has_ended FROM skill_invocation
                WHERE skill_name = OLD.skill_name
                    AND invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day')
                    AND invoked_at < strftime('%Y-%m-%dT%H', 'now', '-1 day') || ':~')),
        updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE skill_name = OLD.skill_name
        AND OLD.invoked_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day');
END;

-- A skill that a session uses for the first time is in one session more.
CREATE TRIGGER skill_session_counts_inserted AFTER INSERT ON session_skills
BEGIN
    INSERT INTO skill_session_counts (skill_name, n_sessions) VALUES (NEW.skill_name, 1)
    ON CONFLICT (skill_name) DO UPDATE SET n_sessions = n_sessions + 1;
    INSERT INTO skill_session_counts (skill_name, n_sessions)
    SELECT '', 1 WHERE NOT EXISTS (
        SELECT 1 FROM session_skills WHERE session_id = NEW.session_id AND skill_name <> NEW.skill_name)
    ON CONFLICT (skill_name) DO UPDATE SET n_sessions = n_sessions + 1;
END;

-- A skill whose last use in a session is deleted is in one session less.
CREATE TRIGGER skill_session_counts_deleted AFTER DELETE ON session_skills
BEGIN
    UPDATE skill_session_counts SET n_sessions = n_sessions - 1 WHERE skill_name = OLD.skill_name;
    UPDATE skill_session_counts SET n_sessions = n_sessions - 1
    WHERE skill_name = '' AND NOT EXISTS (SELECT 1 FROM session_skills WHERE session_id = OLD.session_id);
    DELETE FROM skill_session_counts WHERE n_sessions <= 0;
END;

-- The uses of the last 24 hours in parts that add up: whole hours as they are kept, what is before the
-- first and after the last of them from the uses. To be summed by skill.
CREATE VIEW v_skill_recent_uses AS
SELECT
    hours.skill_name, 0 AS n_1h, hours.invocation_count AS n_24h, hours.n_ended, hours.n_completed
FROM skill_metrics AS metrics
CROSS JOIN skill_time_series AS hours
    ON hours.skill_name = metrics.skill_name
    AND hours.timestamp >= strftime('%Y-%m-%dT%H:00:00.000000Z', 'now', '-23 hours')
    AND hours.timestamp < strftime('%Y-%m-%dT%H:00:00.000000Z', 'now')
WHERE metrics.last_invoked_at > strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-1 day')
UNION ALL
SELECT skill_name, 0, 1, has_ended, completed
FROM skill_invocation
WHERE invoked_at > strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-1 day')
    AND invoked_at < strftime('%Y-%m-%dT%H:00:00.000000Z', 'now', '-23 hours')
UNION ALL
SELECT skill_name, 0, 1, has_ended, completed
FROM skill_invocation
WHERE invoked_at >= strftime('%Y-%m-%dT%H:00:00.000000Z', 'now')
    AND invoked_at <= strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
UNION ALL
SELECT skill_name, 1, 0, 0, 0
FROM skill_invocation
WHERE invoked_at > strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-1 hour')
    AND invoked_at <= strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');

-- A skill is anomalous while an anomaly of it is open.
CREATE TRIGGER skill_anomalies_inserted AFTER INSERT ON skill_anomalies
BEGIN
    UPDATE skill_metrics_cache SET (is_anomalous, anomaly_score) = (
        SELECT count(*) > 0, max(abs(deviation_score)) FROM skill_anomalies
        WHERE skill_name = NEW.skill_name AND resolved_at IS NULL)
    WHERE skill_name = NEW.skill_name;
END;

-- It no longer is when the last one is resolved.
CREATE TRIGGER skill_anomalies_updated AFTER UPDATE OF deviation_score, resolved_at ON skill_anomalies
BEGIN
    UPDATE skill_metrics_cache SET (is_anomalous, anomaly_score) = (
        SELECT count(*) > 0, max(abs(deviation_score)) FROM skill_anomalies
        WHERE skill_name = NEW.skill_name AND resolved_at IS NULL)
    WHERE skill_name = NEW.skill_name;
END;

-- Nor when that one is deleted.
CREATE TRIGGER skill_anomalies_deleted AFTER DELETE ON skill_anomalies
BEGIN
    UPDATE skill_metrics_cache SET (is_anomalous, anomaly_score) = (
        SELECT count(*) > 0, max(abs(deviation_score)) FROM skill_anomalies
        WHERE skill_name = OLD.skill_name AND resolved_at IS NULL)
    WHERE skill_name = OLD.skill_name;
END;

-- A use of this machine that is recorded when it has ended is its user's.
CREATE TRIGGER skill_user_interactions_recorded AFTER INSERT ON skill_invocation
WHEN NEW.has_ended AND NEW.server_id IS NOT NULL
BEGIN
    INSERT INTO skill_user_interactions (
        user_id, session_id, skill_name, invoked_at, completed, alternatives_considered, invocation_id)
    SELECT user_id, NEW.session_id, NEW.skill_name, NEW.invoked_at, NEW.completed,
        NEW.alternatives_considered, NEW.id
    FROM skill_server WHERE id = NEW.server_id AND user_id <> '';
END;

-- A use of this machine that ends is its user's.
CREATE TRIGGER skill_user_interactions_ended AFTER UPDATE OF status ON skill_invocation
WHEN NEW.has_ended AND NOT OLD.has_ended AND NEW.server_id IS NOT NULL
BEGIN
    INSERT INTO skill_user_interactions (
        user_id, session_id, skill_name, invoked_at, completed, alternatives_considered, invocation_id)
    SELECT user_id, NEW.session_id, NEW.skill_name, NEW.invoked_at, NEW.completed,
        NEW.alternatives_considered, NEW.id
    FROM skill_server WHERE id = NEW.server_id AND user_id <> '';
END;

-- A use that is corrected is corrected there.
CREATE TRIGGER skill_user_interactions_corrected AFTER UPDATE OF completed ON skill_invocation
WHEN OLD.has_ended AND OLD.completed <> NEW.completed
BEGIN
    UPDATE skill_user_interactions SET completed = NEW.completed WHERE invocation_id = NEW.id;
END;

-- An interaction is counted with its user and skill.
CREATE TRIGGER skill_user_metrics_inserted AFTER INSERT ON skill_user_interactions
BEGIN
    INSERT INTO skill_user_metrics (skill_name, user_id, n_uses, n_completed, n_rated, total_rating)
    VALUES (
        NEW.skill_name, NEW.user_id, 1, NEW.completed, NEW.rating IS NOT NULL, ifnull(NEW.rating, 0.0))
    ON CONFLICT (skill_name, user_id) DO UPDATE SET
        n_uses = n_uses + 1,
        n_completed = n_completed + excluded.n_completed,
        n_rated = n_rated + excluded.n_rated,
        total_rating = total_rating + excluded.total_rating;
END;

-- A rating that is given later, or corrected, moves the sums by the difference.
CREATE TRIGGER skill_user_metrics_updated AFTER UPDATE OF completed, rating ON skill_user_interactions
BEGIN
    UPDATE skill_user_metrics SET
        n_completed = n_completed + NEW.completed - OLD.completed,
        n_rated = n_rated + (NEW.rating IS NOT NULL) - (OLD.rating IS NOT NULL),
        total_rating = total_rating + ifnull(NEW.rating, 0.0) - ifnull(OLD.rating, 0.0)
    WHERE skill_name = NEW.skill_name AND user_id = NEW.user_id;
END;

-- A deleted interaction is taken out of the sums.
CREATE TRIGGER skill_user_metrics_deleted AFTER DELETE ON skill_user_interactions
BEGIN
    UPDATE skill_user_metrics SET
        n_uses = n_uses - 1,
        n_completed = n_completed - OLD.completed,
        n_rated = n_rated - (OLD.rating IS NOT NULL),
        total_rating = total_rating - ifnull(OLD.rating, 0.0)
    WHERE skill_name = OLD.skill_name AND user_id = OLD.user_id;
    DELETE FROM skill_user_metrics
    WHERE skill_name = OLD.skill_name AND user_id = OLD.user_id AND n_uses <= 0;
END;

-- What is there already.
INSERT INTO skill_time_series (
    skill_name, timestamp, invocation_count, n_ended, n_completed, n_passed, n_timed, total_duration_us, total_log_millionths,
    total_squared_log_millionths, unique_sessions)
SELECT
    skill_name, substr(invoked_at, 1, 13) || ':00:00.000000Z',
    count(*), sum(has_ended), sum(completed), sum(status = 'passed'), sum(is_timed), sum(timed_us),
    sum(log_millionths), sum(squared_log_millionths),
    count(DISTINCT session_id)
FROM skill_invocation
GROUP BY skill_name, substr(invoked_at, 1, 13);

INSERT INTO activity_hours (timestamp, invocation_count, n_ended, n_completed, n_passed, n_timed, total_duration_us)
SELECT
    timestamp, sum(invocation_count), sum(n_ended), sum(n_completed), sum(n_passed), sum(n_timed), sum(total_duration_us)
FROM skill_time_series
GROUP BY timestamp;

INSERT INTO skill_duration_days (skill_name, date, bucket, n)
SELECT skill_name, substr(invoked_at, 1, 10), duration_bucket, count(*)
FROM skill_invocation
WHERE duration_bucket IS NOT NULL
GROUP BY skill_name, substr(invoked_at, 1, 10), duration_bucket;

INSERT INTO skill_session_counts (skill_name, n_sessions)
SELECT skill_name, count(*) FROM session_skills GROUP BY skill_name;

INSERT INTO skill_session_counts (skill_name, n_sessions)
SELECT '', count(DISTINCT session_id) FROM session_skills HAVING count(*) > 0;

INSERT INTO skill_dependency_pending (session_id)
SELECT DISTINCT session_id FROM session_skills;

INSERT INTO skill_metrics_cache (
    skill_name, last_invocation_at, invocation_count_1h, invocation_count_24h, avg_completion_rate_24h, updated_at)
SELECT
    metrics.skill_name, metrics.last_invoked_at, ifnull(sum(n_1h), 0), ifnull(sum(n_24h), 0),
    sum(recent.n_completed) * 1.0 / nullif(sum(recent.n_ended), 0), strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
FROM skill_metrics AS metrics
LEFT JOIN v_skill_recent_uses AS recent ON recent.skill_name = metrics.skill_name
GROUP BY metrics.skill_name;

-- How each skill stands at this moment, the busiest first; exact to the second.
CREATE VIEW v_realtime_skill_dashboard AS
SELECT
    cache.skill_name,
    ifnull(recent.n_1h, 0) AS invocation_count_1h,
    ifnull(recent.n_24h, 0) AS invocation_count_24h,
    recent.completion_rate_24h AS avg_completion_rate_24h,
    cache.last_invocation_at,
    cache.is_anomalous,
    cache.anomaly_score,
    metrics.n_invocations AS total_invocations,
    metrics.completion_rate,
    metrics.mean_duration_seconds AS avg_duration_seconds
FROM skill_metrics_cache AS cache
JOIN skill_metrics AS metrics ON metrics.skill_name = cache.skill_name
LEFT JOIN (
    SELECT skill_name, sum(n_1h) AS n_1h, sum(n_24h) AS n_24h,
        sum(n_completed) * 1.0 / nullif(sum(n_ended), 0) AS completion_rate_24h
    FROM v_skill_recent_uses GROUP BY skill_name) AS recent ON recent.skill_name = cache.skill_name
ORDER BY invocation_count_24h DESC, invocation_count_1h DESC, cache.last_invocation_at DESC, cache.skill_name;

-- How the daily completion rate of each skill went in the last seven days (UTC), and its least-squares
-- slope per day: negative when it falls, null with less than two days.
CREATE VIEW v_skill_effectiveness_trend AS
SELECT
    skill_name,
    count(*) AS n_days,
    sum(n_ended) AS n_ended,
    avg(rate) AS avg_completion_rate,
    max(rate) AS max_completion_rate,
    min(rate) AS min_completion_rate,
    (count(*) * sum(day * rate) - sum(day) * sum(rate))
        / nullif(count(*) * sum(day * day) - sum(day) * sum(day), 0) AS trend_slope
FROM (
    SELECT days.skill_name,
        julianday(days.date) - julianday(date('now', '-6 days')) AS day,
        sum(days.n_ended) AS n_ended,
        sum(days.n_completed) * 1.0 / sum(days.n_ended) AS rate
    FROM skill_metrics AS metrics
    CROSS JOIN skill_phase_days AS days
        ON days.skill_name = metrics.skill_name
        AND days.date BETWEEN date('now', '-6 days') AND date('now')
    GROUP BY days.skill_name, days.date
    HAVING sum(days.n_ended) > 0)
GROUP BY skill_name;

-- Each user's skills beside what they are for everybody.
CREATE VIEW v_community_baseline_comparison AS
SELECT
    own.user_id,
    own.skill_name,
    own.n_uses AS user_invocations,
    own.n_completed * 1.0 / own.n_uses AS user_completion_rate,
    own.total_rating / nullif(own.n_rated, 0) AS user_rating,
    everybody.total_users,
    everybody.total_invocations,
    everybody.global_completion_rate,
    own.n_completed * 1.0 / own.n_uses - everybody.global_completion_rate AS completion_rate_difference,
    everybody.global_avg_duration_seconds,
    everybody.effectiveness_percentile
FROM skill_user_metrics AS own
JOIN skill_community_baselines AS everybody ON everybody.skill_name = own.skill_name;

-- How much more often two skills share a session than chance would have it: lift N * both / (a * b).
CREATE VIEW v_skill_dependency_network AS
SELECT
    skill_a, skill_b, co_occurrence_count, n_sessions_a, n_sessions_b, n_sessions, lift_score,
    CASE
        WHEN lift_score > 2 THEN 'strong_positive'
        WHEN lift_score > 1.5 THEN 'moderate_positive'
        WHEN lift_score > 1 THEN 'weak_positive'
        WHEN lift_score = 1 THEN 'independent'
        WHEN lift_score > 0.5 THEN 'weak_negative'
        ELSE 'moderate_negative'
    END AS relationship,
    last_updated
FROM (
    SELECT
        pair.skill_a, pair.skill_b, pair.co_occurrence_count,
        a.n_sessions AS n_sessions_a, b.n_sessions AS n_sessions_b, everything.n_sessions,
        everything.n_sessions * 1.0 * pair.co_occurrence_count / (a.n_sessions * b.n_sessions) AS lift_score,
        pair.last_updated
    FROM skill_dependencies AS pair
    JOIN skill_session_counts AS a ON a.skill_name = pair.skill_a
    JOIN skill_session_counts AS b ON b.skill_name = pair.skill_b
    JOIN skill_session_counts AS everything ON everything.skill_name = ''
    WHERE pair.co_occurrence_count > 0);

-- Each test with its two groups, in which a user counts once: rates and means are of the users' own.
CREATE VIEW v_ab_test_summary AS
SELECT
    test.test_id, test.test_name, test.status, test.control_strategy, test.treatment_strategy,
    test.start_date, test.end_date, test.min_sample_size, test.assignment_ratio,
    count(DISTINCT iif(group_name = 'control', assigned.user_id, NULL)) AS control_users,
    count(DISTINCT iif(group_name = 'treatment', assigned.user_id, NULL)) AS treatment_users,
    total(iif(group_name = 'control', n_outcomes, 0)) AS control_outcomes,
    total(iif(group_name = 'treatment', n_outcomes, 0)) AS treatment_outcomes,
    avg(iif(group_name = 'control', own.completion_rate, NULL)) AS control_completion_rate,
    avg(iif(group_name = 'treatment', own.completion_rate, NULL)) AS treatment_completion_rate,
    avg(iif(group_name = 'control', own.duration_seconds, NULL)) AS control_avg_duration_seconds,
    avg(iif(group_name = 'treatment', own.duration_seconds, NULL)) AS treatment_avg_duration_seconds,
    avg(iif(group_name = 'control', own.rating, NULL)) AS control_avg_rating,
    avg(iif(group_name = 'treatment', own.rating, NULL)) AS treatment_avg_rating
FROM ab_test_configs AS test
LEFT JOIN ab_test_assignments AS assigned ON assigned.test_id = test.test_id
LEFT JOIN (
    SELECT test_id, user_id, count(*) AS n_outcomes, avg(completed) AS completion_rate,
        avg(duration_seconds) AS duration_seconds, avg(user_rating) AS rating
    FROM ab_test_outcomes GROUP BY test_id, user_id) AS own
    ON own.test_id = assigned.test_id AND own.user_id = assigned.user_id
GROUP BY test.test_id;

-- Every skill that has a place in the taxonomy, by modality, with its categories and how it went.
CREATE VIEW v_multimodal_skill_catalog AS
SELECT
    modality.modality_type,
    modality.skill_name,
    modality.input_format,
    modality.output_format,
    modality.requires_human_review,
    (SELECT group_concat(category_name, ', ' ORDER BY mapping.confidence_score DESC, category_name)
     FROM skill_category_mapping AS mapping
     JOIN skill_categories AS category ON category.category_id = mapping.category_id
     WHERE mapping.skill_name = modality.skill_name) AS categories,
    ifnull(metrics.n_invocations, 0) AS total_invocations,
    metrics.completion_rate,
    metrics.mean_duration_seconds AS avg_duration_seconds
FROM skill_modalities AS modality
LEFT JOIN skill_metrics AS metrics ON metrics.skill_name = modality.skill_name
ORDER BY modality.modality_type, modality.skill_name;
