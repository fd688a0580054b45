-- Mail that came back to a return path: each once, by the digest of what came. message_id is empty where nothing names a
-- message of ours (a forged signature). kind is failed, delayed, complaint, automatic_reply, forged or other. The words are the mail
-- system's own, without the supporter's address.
CREATE TABLE returns (
    id INTEGER PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    message_id BIGINT REFERENCES messages (id),
    kind TEXT NOT NULL,
    status TEXT,
    words TEXT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX returns_of_message ON returns (message_id);

-- An office's automatic answer, until it is passed on to who wrote the letter; then the row goes.
CREATE TABLE office_replies (
    message_id BIGINT PRIMARY KEY NOT NULL REFERENCES messages (id),
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    passed_on_at BIGINT
);
CREATE INDEX office_replies_to_pass_on ON office_replies (message_id) WHERE passed_on_at IS NULL;

-- When the receipt was written, or was found not to be needed. Notices stop for good where their mailbox returned one.
ALTER TABLE signups ADD COLUMN receipt_at BIGINT;
ALTER TABLE signups ADD COLUMN notices_end_at BIGINT;
CREATE INDEX signups_without_receipt ON signups (id) WHERE confirmed_at IS NOT NULL AND receipt_at IS NULL AND erased_at IS NULL;
-- When the supporter was told that this letter did not arrive.
ALTER TABLE messages ADD COLUMN told_at BIGINT;
CREATE INDEX messages_to_tell ON messages (signup_id) WHERE state IN ('bounced', 'failed') AND kind = 'letter' AND told_at IS NULL;

-- Caps by domain and by day are counted in the order of time.
CREATE INDEX attempts_by_time ON attempts (started_at);
