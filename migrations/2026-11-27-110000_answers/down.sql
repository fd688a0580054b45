CREATE TABLE answers (
    message_id BIGINT PRIMARY KEY NOT NULL REFERENCES messages (id),
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    passed_on_at BIGINT
);
INSERT INTO answers SELECT message_id, subject, body_text, received_at, passed_on_at FROM office_replies WHERE automatic;
DROP TABLE office_replies;
ALTER TABLE answers RENAME TO office_replies;
CREATE INDEX office_replies_to_pass_on ON office_replies (message_id) WHERE passed_on_at IS NULL;
