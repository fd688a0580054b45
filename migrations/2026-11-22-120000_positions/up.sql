-- Dated evidence of what an official did about a bill. `bills` is a number by its key (h2580), or a bill and its
-- companions taken together (h2580/s1681); `person_id` is the roster's own. Days are ISO 8601. Of the same statement of
-- the same source the newest look is kept.
CREATE TABLE positions (
    id INTEGER PRIMARY KEY NOT NULL,
    state TEXT NOT NULL,
    bills TEXT NOT NULL,
    person_id TEXT NOT NULL,
    act TEXT NOT NULL,
    happened_on TEXT,
    source TEXT NOT NULL,
    as_of TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (state, person_id, bills, act, source)
);

-- What staff chose that letters ask for about a measure; without a row it is what the campaign's own text says.
CREATE TABLE campaign_asks (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    measure_key TEXT NOT NULL,
    ask TEXT NOT NULL,
    PRIMARY KEY (campaign_id, measure_key)
);
