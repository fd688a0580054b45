DROP TABLE boundaries;
ALTER TABLE offices DROP COLUMN division_id;
ALTER TABLE offices DROP COLUMN geoid;
