-- Times are unix milliseconds (BIGINT). Words are those of ARCHITECTURE.md. Column types stay portable to PostgreSQL.

CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
-- Grows with every import, so that a running service knows when to look again.
INSERT INTO settings (key, value) VALUES ('revision', '1');

-- One ask. The text of every version is kept; version_id is the one in force.
CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,
    version_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE campaign_versions (
    id INTEGER PRIMARY KEY NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL,
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (campaign_id, number)
);
CREATE TABLE campaign_files (
    version_id BIGINT NOT NULL REFERENCES campaign_versions (id),
    path TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (version_id, path)
);

-- A seat letters can go to; it outlives who holds it.
CREATE TABLE offices (
    id INTEGER PRIMARY KEY NOT NULL,
    state TEXT NOT NULL,
    chamber TEXT NOT NULL,
    district TEXT NOT NULL,
    district_key TEXT NOT NULL,
    UNIQUE (state, chamber, district_key)
);
-- A person holding an office for a term; ended_at is empty while they hold it.
CREATE TABLE officials (
    id INTEGER PRIMARY KEY NOT NULL,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    source_id TEXT NOT NULL,
    name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    title TEXT NOT NULL,
    salutation TEXT NOT NULL,
    party TEXT NOT NULL,
    email TEXT,
    webform TEXT,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    demo BOOLEAN NOT NULL,
    since BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX officials_in_office ON officials (office_id) WHERE ended_at IS NULL;

CREATE TABLE municipalities (
    id INTEGER PRIMARY KEY NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    county TEXT NOT NULL,
    geoid TEXT NOT NULL,
    population BIGINT,
    demo BOOLEAN NOT NULL,
    UNIQUE (state, name)
);
CREATE TABLE municipality_offices (
    municipality_id BIGINT NOT NULL REFERENCES municipalities (id) ON DELETE CASCADE,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    PRIMARY KEY (municipality_id, office_id)
);
CREATE TABLE place_names (
    state TEXT NOT NULL,
    place TEXT NOT NULL,
    municipality TEXT NOT NULL,
    PRIMARY KEY (state, place, municipality)
);

-- Where messages wait. The first one is all supporters' mailboxes together; each office has its own.
CREATE TABLE destinations (
    id INTEGER PRIMARY KEY NOT NULL,
    office_id BIGINT UNIQUE REFERENCES offices (id)
);
INSERT INTO destinations (id, office_id) VALUES (1, NULL);

-- Personal data: here, in signups, and in message_texts; nowhere else.
CREATE TABLE supporters (
    id INTEGER PRIMARY KEY NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE signups (
    id INTEGER PRIMARY KEY NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    version_id BIGINT NOT NULL REFERENCES campaign_versions (id),
    supporter_id BIGINT REFERENCES supporters (id),
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    city TEXT NOT NULL,
    zip TEXT NOT NULL,
    town TEXT NOT NULL,
    found_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    expired_at BIGINT,
    erased_at BIGINT,
    UNIQUE (supporter_id, campaign_id)
);
CREATE INDEX signups_to_expire ON signups (expires_at) WHERE confirmed_at IS NULL AND expired_at IS NULL AND erased_at IS NULL;
-- The secrets in links, hashed; every mail carries one of its own.
CREATE TABLE signup_tokens (
    hash BLOB PRIMARY KEY NOT NULL,
    signup_id BIGINT NOT NULL REFERENCES signups (id)
) WITHOUT ROWID;
CREATE INDEX signup_tokens_of_signup ON signup_tokens (signup_id);

-- One outgoing e-mail. Its text stands in message_texts: a change of state must not rewrite pages of text.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    signup_id BIGINT NOT NULL REFERENCES signups (id),
    town TEXT NOT NULL,
    office_id BIGINT REFERENCES offices (id),
    official_id BIGINT REFERENCES officials (id),
    destination_id BIGINT NOT NULL REFERENCES destinations (id),
    message_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    queued_at BIGINT,
    due_at BIGINT NOT NULL,
    failures INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    reason TEXT,
    state_since BIGINT NOT NULL,
    state_day TEXT NOT NULL
);
CREATE INDEX messages_of_signup ON messages (signup_id);
-- Picking the next work reads these only, so it costs the same with a thousand and with a million waiting.
CREATE INDEX messages_waiting ON messages (destination_id, due_at, id) WHERE state = 'queued';
CREATE INDEX messages_in_hand ON messages (lease_until) WHERE state = 'sending';
CREATE TABLE message_texts (
    message_id BIGINT PRIMARY KEY NOT NULL REFERENCES messages (id),
    from_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT
);

-- One SMTP try. The row is made with the claim, before the first byte goes out, so that limits counted here hold
-- across a crash; outcome is then `in_hand`. The reply names no supporter.
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY NOT NULL,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    destination_id BIGINT NOT NULL REFERENCES destinations (id),
    started_at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    step TEXT NOT NULL,
    code INTEGER,
    enhanced TEXT,
    reply TEXT NOT NULL
);
CREATE INDEX attempts_of_message ON attempts (message_id);
CREATE INDEX attempts_at_destination ON attempts (destination_id, started_at);

-- The ladder, kept in the transaction of every change, so that reading it costs the same at any size.
CREATE TABLE counts (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    dimension TEXT NOT NULL,
    key TEXT NOT NULL,
    metric TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, dimension, key, metric)
) WITHOUT ROWID;

CREATE TABLE staff (
    id INTEGER PRIMARY KEY NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE staff_sessions (
    hash BLOB PRIMARY KEY NOT NULL,
    staff_id BIGINT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE staff_invites (
    hash BLOB PRIMARY KEY NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
