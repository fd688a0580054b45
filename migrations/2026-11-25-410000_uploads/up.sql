-- Files that staff uploaded to look at what they would change; kept an hour, so that what is approved is what was shown.
-- kind is roster or positions. No supporter's data: a roster names officials.
CREATE TABLE uploads (
    hash BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
