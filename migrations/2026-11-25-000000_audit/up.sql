-- What staff did, one line an act, written in the transaction of the act. who is the login's address as it was, or
-- `command line`; act is a stable word; subject names what it was done to by ids (`letter 12`, `campaign ma-287g`);
-- detail holds reasons and old and new values, never a supporter's data.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_log_of_subject ON audit_log (subject, id);
