-- V5: what was shown, and what was learned from it.
--
-- What was learned is plain data (JSON), never code. Texts of a buffer and paths are in none of these.

CREATE TABLE invocation_setting (
    -- What was seen in the code when a skill was used, beside what the invocation itself says.
    invocation_id INTEGER PRIMARY KEY REFERENCES skill_invocation (id) ON DELETE CASCADE,  -- The use.
    has_pattern INTEGER NOT NULL CHECK (has_pattern IN (0, 1)),  -- 1 when something seen in the code called for the skill.
    complexity REAL NOT NULL DEFAULT 0 CHECK (complexity >= 0)   -- Cyclomatic complexity of the definition at hand; 0 when there is none.
) STRICT;

CREATE TABLE learned_model (
    -- One row for each fit of what foretells success and the next skill.
    id INTEGER PRIMARY KEY,  -- Number of the fit.
    made_at TEXT NOT NULL,   -- When it was made (UTC).
    last_invocation_id INTEGER NOT NULL,  -- The newest use that it has seen, with all before it; what is newer is caught up with.
    kind TEXT NOT NULL,          -- What the model of success is: prior, logistic, forest, or several averaged.
    n_uses INTEGER NOT NULL,     -- Uses that it was made from.
    n_outcomes INTEGER NOT NULL, -- Those of them whose end was known.
    half_life_days REAL NOT NULL CHECK (half_life_days > 0),  -- After so many days an outcome counted half.
    is_current INTEGER NOT NULL DEFAULT 0 CHECK (is_current IN (0, 1)),  -- 1 for the one that answers.
    report TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(report)),  -- How well it foretold what it had not seen, and what matters to it.
    body TEXT CHECK (body IS NULL OR json_valid(body))  -- The model; null once two newer ones are there.
) STRICT;

-- There is one that answers, or none yet.
CREATE UNIQUE INDEX learned_model_current ON learned_model (is_current) WHERE is_current = 1;

CREATE TABLE learned_part (
    -- The counts behind a model, in parts that are each quickly read; of the current one alone.
    model_id INTEGER NOT NULL REFERENCES learned_model (id) ON DELETE CASCADE,  -- The fit.
    number INTEGER NOT NULL,  -- Place of the part, from 0.
    body TEXT NOT NULL CHECK (json_valid(body)),  -- Plain lists of keys and numbers.
    PRIMARY KEY (model_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE learned_weights (
    -- One row for each try at fitting the weights of the order to what was picked.
    id INTEGER PRIMARY KEY,   -- Number of the try.
    made_at TEXT NOT NULL,    -- When it was made (UTC).
    n_lists INTEGER NOT NULL, -- Lists that it was made from.
    n_picks INTEGER NOT NULL, -- Those of them from which something was picked.
    is_better INTEGER NOT NULL CHECK (is_better IN (0, 1)),  -- 1 when it foretold the newest picks better than the weights before.
    is_current INTEGER NOT NULL DEFAULT 0 CHECK (is_current IN (0, 1)),  -- 1 for the weights in force.
    weights TEXT NOT NULL CHECK (json_valid(weights)),  -- JSON object: each part of the score with its weight.
    report TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(report))  -- JSON object: the surprise at the held-out picks, before and after.
) STRICT;

-- One set of weights is in force, or the defaults are.
CREATE UNIQUE INDEX learned_weights_current ON learned_weights (is_current) WHERE is_current = 1;

CREATE TABLE impression (
    -- One list of suggestions that was offered at one place.
    id INTEGER PRIMARY KEY,    -- Number of the list.
    shown_at TEXT NOT NULL,    -- When it was first offered (UTC).
    session_id TEXT NOT NULL,  -- The session it was offered in.
    project TEXT NOT NULL DEFAULT '',   -- Name of the project.
    language TEXT NOT NULL DEFAULT '',  -- Language id of the file.
    strategy TEXT NOT NULL,             -- The ranking strategy that ordered it.
    weights_id INTEGER NOT NULL DEFAULT 0,  -- The fitted weights in force; 0 for the defaults.
    exploration REAL NOT NULL DEFAULT 0 CHECK (exploration BETWEEN 0 AND 1),  -- The probability with which two places were exchanged by chance.
    is_explored INTEGER NOT NULL DEFAULT 0 CHECK (is_explored IN (0, 1)),  -- 1 when they were.
    was_asked_for INTEGER NOT NULL DEFAULT 0 CHECK (was_asked_for IN (0, 1)),  -- 1 when the user opened it; 0 when the editor looked whether there is anything.
    answer TEXT NOT NULL DEFAULT 'open' CHECK (answer IN ('open', 'picked', 'dismissed', 'unseen')),  -- picked: one was run from it; dismissed: it was asked for and nothing was run from it; unseen: nobody asked for it.
    answered_at TEXT  -- When that was known (UTC); null while it is open.
) STRICT;

-- The lists by time: for fits and reports, and to forget the oldest.
CREATE INDEX impression_by_time ON impression (shown_at);

CREATE TABLE impression_item (
    -- One entry of a list, with all that its place came from.
    impression_id INTEGER NOT NULL REFERENCES impression (id) ON DELETE CASCADE,  -- The list.
    position INTEGER NOT NULL CHECK (position >= 1),  -- Where it stood, 1 the top.
    rank INTEGER NOT NULL CHECK (rank >= 1),          -- Where the score alone would have put it.
    skill_name TEXT NOT NULL,   -- The skill.
    confidence REAL NOT NULL,   -- Its score, 0 to 1.
    propensity REAL NOT NULL CHECK (propensity > 0 AND propensity <= 1),  -- The probability that it stood where it stood.
    part_values TEXT NOT NULL CHECK (json_valid(part_values)),  -- JSON object: the value of each part of the score, before weights.
    PRIMARY KEY (impression_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE impression_pick (
    -- One run that was started from a list; how it ended stands with the invocation.
    impression_id INTEGER NOT NULL REFERENCES impression (id) ON DELETE CASCADE,  -- The list.
    invocation_id INTEGER NOT NULL REFERENCES skill_invocation (id) ON DELETE CASCADE,  -- The run.
    position INTEGER NOT NULL CHECK (position >= 1),  -- Which entry it was.
    PRIMARY KEY (impression_id, invocation_id)
) STRICT, WITHOUT ROWID;

-- What a run was picked from, for the deletion of runs.
CREATE INDEX impression_pick_by_invocation ON impression_pick (invocation_id);
