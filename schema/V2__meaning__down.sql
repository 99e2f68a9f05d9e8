-- Take V2 back. The history stays; an imported vector goes, and its text stays.
DROP TRIGGER skill_invocation_fts_inserted;
DROP TRIGGER skill_invocation_fts_updated;
DROP TRIGGER skill_invocation_fts_deleted;
DROP TABLE skill_invocation_fts;
ALTER TABLE skill_invocation DROP COLUMN embedding;
