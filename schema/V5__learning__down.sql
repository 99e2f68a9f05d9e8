-- Take V5 back.
DROP TABLE impression_pick;
DROP TABLE impression_item;
DROP TABLE impression;
DROP TABLE learned_weights;
DROP TABLE learned_part;
DROP TABLE learned_model;
DROP TABLE invocation_setting;
