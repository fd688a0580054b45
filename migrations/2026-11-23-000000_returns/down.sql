DROP INDEX attempts_by_time;
DROP INDEX messages_to_tell;
ALTER TABLE messages DROP COLUMN told_at;
DROP INDEX signups_without_receipt;
ALTER TABLE signups DROP COLUMN notices_end_at;
ALTER TABLE signups DROP COLUMN receipt_at;
DROP TABLE office_replies;
DROP TABLE returns;
