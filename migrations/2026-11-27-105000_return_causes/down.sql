DROP INDEX returns_by_cause;
DROP INDEX returns_by_mailbox;
ALTER TABLE returns DROP COLUMN mailbox;
ALTER TABLE returns DROP COLUMN cause;
