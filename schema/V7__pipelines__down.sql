-- Take V7 back. The uses of skills stay; what only a pipeline or an import knew of them goes.

DROP TRIGGER pipeline_stage_deleted;
DROP TRIGGER pipeline_stage_inserted;
DROP TABLE skill_import_record;
DROP TABLE skill_import;
DROP TABLE gate_phase;
DROP TABLE pipeline_stage_metrics;
DROP TABLE pipeline_stage;
DROP TABLE pipeline_build;
