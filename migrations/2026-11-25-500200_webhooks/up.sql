-- Where other servers are told what happened. The secret that signs is made from salt and the service's own key, and kept nowhere.
-- Events up to told_up_to are told. failing_since, failures and due_at are those of the event that comes next.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY NOT NULL,
    url TEXT NOT NULL,
    salt BLOB NOT NULL,
    letters_sent BOOLEAN NOT NULL,
    signups_confirmed BOOLEAN NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    told_up_to BIGINT NOT NULL,
    failing_since BIGINT,
    failures INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    test_asked_at BIGINT,
    disabled_at BIGINT
);
-- What happened, in order, while anybody wants to be told: ids and times, nothing personal. The newest row always stays, so that no id
-- comes twice.
CREATE TABLE webhook_events (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    signup_id BIGINT NOT NULL REFERENCES signups (id),
    message_id BIGINT,
    office_id BIGINT,
    happened_at BIGINT NOT NULL
);
-- The last tries to tell it. event_id is empty for a test.
CREATE TABLE webhook_deliveries (
    id INTEGER PRIMARY KEY NOT NULL,
    webhook_id BIGINT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id BIGINT,
    kind TEXT NOT NULL,
    tried_at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    delivered BOOLEAN NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook_id, id);
