-- V2: the short query texts, to be searched by words and by meaning.
--
-- Vectors of what is made here live in a file of their own (embeddings.db), by model and hash of the
-- text: they can be made again, are shared by equal texts, and are 1.5 kB each, so that a million in the
-- history would make it ten times as large. The column holds a vector only where one came with the
-- record, from an import. There is no index on it: one on a BLOB answers no question about likeness.

ALTER TABLE skill_invocation ADD COLUMN embedding BLOB CHECK (length(embedding) % 4 = 0);  -- Vector of user_query that came with an imported record, 32-bit floats; null for all that is recorded here.

CREATE VIRTUAL TABLE skill_invocation_fts USING fts5(
    -- The words of the query texts; kept by triggers, and what a history that is chosen by words asks.
    -- Neither places nor lengths are kept: what is found is ordered by time.
    user_query,  -- Words of the query text of the use that has this number.
    content = 'skill_invocation', content_rowid = 'id', detail = none, columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);

-- A new text is indexed; names fall into their words, so that `checkout` finds test_checkout_cart.
CREATE TRIGGER skill_invocation_fts_inserted AFTER INSERT ON skill_invocation
BEGIN
    INSERT INTO skill_invocation_fts (rowid, user_query) VALUES (NEW.id, NEW.user_query);
END;

-- A corrected text is indexed anew; the old one is given, as the index keeps no texts.
CREATE TRIGGER skill_invocation_fts_updated AFTER UPDATE OF user_query ON skill_invocation
WHEN OLD.user_query <> NEW.user_query
BEGIN
    INSERT INTO skill_invocation_fts (skill_invocation_fts, rowid, user_query)
    VALUES ('delete', OLD.id, OLD.user_query);
    INSERT INTO skill_invocation_fts (rowid, user_query) VALUES (NEW.id, NEW.user_query);
END;

-- A deleted use is found no more.
CREATE TRIGGER skill_invocation_fts_deleted AFTER DELETE ON skill_invocation
BEGIN
    INSERT INTO skill_invocation_fts (skill_invocation_fts, rowid, user_query)
    VALUES ('delete', OLD.id, OLD.user_query);
END;

-- What is there already.
INSERT INTO skill_invocation_fts (skill_invocation_fts) VALUES ('rebuild');
