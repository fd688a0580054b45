-- What programs show to read the API. Of the secret only a hash is kept. scope is counts or letters. used_on is the day (UTC) of the
-- last use, so that a use costs a write once a day.
CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    used_on TEXT
);
