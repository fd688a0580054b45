-- Where sending rests, so that a restart forgets nothing. scope is all (key empty), domain (a mail domain) or destination
-- (its id). kind is slow_down (a server's wish; it ends at until) or stop (ours to mend; tried again with one message at
-- until, or when staff say so). times: how often in a row. The reason names no supporter.
CREATE TABLE pauses (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;

-- Mailboxes of officials that their server says do not exist. Letters to them are held until the roster brings another
-- address, or staff say that the mailbox is right.
CREATE TABLE dead_mailboxes (
    official_id BIGINT PRIMARY KEY NOT NULL REFERENCES officials (id),
    email TEXT NOT NULL,
    reply TEXT NOT NULL,
    since BIGINT NOT NULL
);
