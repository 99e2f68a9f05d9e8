-- Take V1 back: everything. The triggers and indexes go with their tables.
DROP TABLE skill_invocation;
DROP TABLE skill_invocation_status;
DROP TABLE skill_server;
DROP TABLE skill_metrics;
DROP TABLE skill_setting_metrics;
DROP TABLE skill_metric_counts;
DROP TABLE session_skills;
DROP TABLE shortcuts;
DROP TABLE trusted_folders;
DROP TABLE skill_migrations;
