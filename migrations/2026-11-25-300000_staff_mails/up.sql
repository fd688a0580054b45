-- Mails to staff: a letter that somebody sends to themselves, to see how it arrives. They are no letters and no notices: no count, no
-- limit and no pause knows them, and no supporter is in them. state is queued, sent or failed; due_at lies ahead while one is in
-- hand. The text goes once it is sent, the rows after a week.
CREATE TABLE staff_mails (
    id INTEGER PRIMARY KEY NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    email TEXT NOT NULL,
    message_id TEXT NOT NULL,
    from_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    failures INTEGER NOT NULL,
    reply TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX staff_mails_waiting ON staff_mails (due_at) WHERE state = 'queued';
CREATE INDEX staff_mails_of_login ON staff_mails (email, created_at);
