DROP INDEX signups_to_quote;
DROP INDEX signups_to_contact;
ALTER TABLE signups DROP COLUMN own_words;
ALTER TABLE signups DROP COLUMN may_quote;
ALTER TABLE signups DROP COLUMN may_contact;
