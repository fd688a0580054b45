-- Answers to a return path, until they are passed on to who wrote the letter: of an office's machine the first to each letter, of people every
-- one. What can't be passed on, since its reader has erased their data or wants no mail of ours, or since it answers a notice, is kept
-- for staff. released_at: staff have it passed on all the same.
CREATE TABLE answers (
    id INTEGER PRIMARY KEY NOT NULL,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    automatic BOOLEAN NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    passed_on_at BIGINT,
    released_at BIGINT
);
INSERT INTO answers (message_id, automatic, subject, body_text, received_at, passed_on_at)
    SELECT message_id, TRUE, subject, body_text, received_at, passed_on_at FROM office_replies;
DROP TABLE office_replies;
ALTER TABLE answers RENAME TO office_replies;
CREATE UNIQUE INDEX office_replies_automatic ON office_replies (message_id) WHERE automatic;
CREATE INDEX office_replies_of_message ON office_replies (message_id);
CREATE INDEX office_replies_to_pass_on ON office_replies (id) WHERE passed_on_at IS NULL;
