-- V6: failing runs, what was tried against them, and whether it helped.

CREATE TABLE fix_issue (
    -- What runs reported, once for each text: names and places that differ from file to file are taken out.
    id INTEGER PRIMARY KEY,  -- Number of the issue.
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),  -- Hash of tool, type and message; vectors are kept by it.
    tool TEXT NOT NULL,  -- The tool that reported it.
    type TEXT NOT NULL,  -- Its code or exception, such as F401; empty when the tool gives none.
    message TEXT NOT NULL,  -- The first line of what was said, scrubbed; numbers, paths and long quotations are taken out.
    stage TEXT NOT NULL,  -- The workflow phase of the run that first reported it.
    words TEXT NOT NULL,  -- Tool, type and message as words, for the search without a model.
    n_seen INTEGER NOT NULL DEFAULT 1 CHECK (n_seen >= 1),  -- How many runs reported it.
    first_seen_at TEXT NOT NULL,  -- When the first did (UTC).
    last_seen_at TEXT NOT NULL  -- When the last did (UTC); the longest unseen make room.
) STRICT;

-- Which issues make room when there are too many.
CREATE INDEX fix_issue_by_time ON fix_issue (last_seen_at);

CREATE VIRTUAL TABLE fix_issue_words USING fts5(
    -- The words of the issues, for the search without a model; the text itself stands in fix_issue.
    words,  -- The words of an issue.
    content = 'fix_issue',
    content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- A new issue can be found by its words.
CREATE TRIGGER fix_issue_words_insert AFTER INSERT ON fix_issue BEGIN
    INSERT INTO fix_issue_words (rowid, words) VALUES (new.id, new.words);
END;

-- One that went is found no more.
CREATE TRIGGER fix_issue_words_delete AFTER DELETE ON fix_issue BEGIN
    INSERT INTO fix_issue_words (fix_issue_words, rowid, words) VALUES ('delete', old.id, old.words);
END;

-- Changed words are found by the new ones.
CREATE TRIGGER fix_issue_words_update AFTER UPDATE OF words ON fix_issue BEGIN
    INSERT INTO fix_issue_words (fix_issue_words, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO fix_issue_words (rowid, words) VALUES (new.id, new.words);
END;

CREATE TABLE fix_sighting (
    -- An issue that stands in a file now: from the run that reported it until a run finds it gone.
    id INTEGER PRIMARY KEY,  -- Number of the sighting.
    issue_id INTEGER NOT NULL REFERENCES fix_issue (id) ON DELETE CASCADE,  -- What was seen.
    skill_name TEXT NOT NULL,  -- The skill that reported it, and that can say whether it is gone.
    folder TEXT NOT NULL,  -- The workspace folder.
    file TEXT NOT NULL,  -- Path of the file in which it stands.
    run_file TEXT NOT NULL,  -- The file that the run was about; empty when it was the whole project.
    run_test TEXT NOT NULL,  -- The test that it was about; empty when it was more than one.
    is_test INTEGER NOT NULL CHECK (is_test IN (0, 1)),  -- 1 when a test failed, whose cause may be in any file.
    is_edited INTEGER NOT NULL DEFAULT 0 CHECK (is_edited IN (0, 1)),  -- 1 when files were saved since, so that a hand may have mended it.
    seen_at TEXT NOT NULL,  -- When it was last reported (UTC).
    UNIQUE (folder, skill_name, file, run_file, run_test, issue_id)
) STRICT;

-- The sightings that go with an issue.
CREATE INDEX fix_sighting_by_issue ON fix_sighting (issue_id);
-- Which sightings are too old to be asked about.
CREATE INDEX fix_sighting_by_time ON fix_sighting (seen_at);

CREATE TABLE fix_attempt (
    -- One thing that was tried against an issue, and whether the issue went away.
    id INTEGER PRIMARY KEY,  -- Number of the attempt.
    key TEXT UNIQUE,  -- Names the attempt, so that one that is told twice is stored once; null when it was told without.
    issue_id INTEGER NOT NULL REFERENCES fix_issue (id) ON DELETE CASCADE,  -- What it was tried against.
    sighting_id INTEGER REFERENCES fix_sighting (id) ON DELETE SET NULL,  -- Where it stands, while the end is open.
    strategy TEXT NOT NULL CHECK (strategy <> ''),  -- What was tried: the name of a skill, or of anything else.
    success INTEGER CHECK (success IN (0, 1)),  -- 1 when the issue was gone at the next look; null until there was one.
    credit REAL NOT NULL DEFAULT 1 CHECK (credit > 0 AND credit <= 1),  -- Its share of a success: less than 1 when several strategies, or a hand, were at work before that look.
    tried_at TEXT NOT NULL,  -- When it was tried (UTC).
    session_id TEXT NOT NULL DEFAULT '',  -- The session that tried it.
    project TEXT NOT NULL DEFAULT '',  -- Name of the project.
    language TEXT NOT NULL DEFAULT '',  -- Language id of the file.
    source TEXT NOT NULL CHECK (source IN ('run', 'told'))  -- Whether runs showed it, or somebody said so.
) STRICT;

-- The newest attempts against an issue that have ended: what a recommendation is made of.
CREATE INDEX fix_attempt_by_issue ON fix_attempt (issue_id, tried_at) WHERE success IS NOT NULL;
-- Attempts whose end is open: a handful of rows.
CREATE INDEX fix_attempt_open ON fix_attempt (sighting_id) WHERE sighting_id IS NOT NULL;

-- How each strategy has gone, over all issues.
CREATE VIEW v_fix_strategy AS
SELECT
    strategy,
    count(*) AS n_attempts,
    sum(success) AS n_successes,
    count(DISTINCT issue_id) AS n_issues,
    max(tried_at) AS last_tried_at,
    max(CASE WHEN success = 1 THEN tried_at END) AS last_worked_at
FROM fix_attempt
WHERE success IS NOT NULL
GROUP BY strategy;
