-- Take V6 back.

DROP VIEW v_fix_strategy;
DROP TABLE fix_attempt;
DROP TABLE fix_sighting;
DROP TABLE fix_issue_words;
DROP TABLE fix_issue;
