DROP INDEX audit_log_of_act;
DROP INDEX audit_log_of_who;
DROP TABLE failed_logins;
DROP TABLE staff_invites;
CREATE TABLE staff_invites (
    hash BLOB PRIMARY KEY NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
ALTER TABLE staff DROP COLUMN last_login_at;
