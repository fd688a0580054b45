-- When somebody logged in with it last.
ALTER TABLE staff ADD COLUMN last_login_at BIGINT;

-- One-time links. Several may be open at once, each revoked by its id; for_whom is what the inviter wrote to tell them
-- apart. Without invited_by it is the server's own link for the first login. An inviter's links go with their login.
ALTER TABLE staff_invites RENAME TO staff_invites_before;
CREATE TABLE staff_invites (
    id INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    for_whom TEXT NOT NULL,
    invited_by BIGINT REFERENCES staff (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO staff_invites (hash, role, for_whom, created_at, expires_at)
    SELECT hash, role, '', created_at, expires_at FROM staff_invites_before;
DROP TABLE staff_invites_before;

-- How many log-ins failed in each hour (unix milliseconds of its start), until the hour's line stands in the audit log.
-- No address that was typed, and no client.
CREATE TABLE failed_logins (
    hour BIGINT PRIMARY KEY NOT NULL,
    n BIGINT NOT NULL
);

-- The log's filters, newest first.
CREATE INDEX audit_log_of_who ON audit_log (who, id);
CREATE INDEX audit_log_of_act ON audit_log (act, id);
