-- What staff paused, until staff resume it: scope is all (key 0), campaign or office (key is its id). The letters stay as
-- they are; picking passes them by. These are people's decisions: `pauses` holds those of machines, which end by themselves.
CREATE TABLE staff_pauses (
    scope TEXT NOT NULL,
    key BIGINT NOT NULL,
    since BIGINT NOT NULL,
    who TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;

-- When letters of a campaign may go, by the clock of its time zone; no row: always. days has a bit for each day of the
-- week, Monday the lowest; the minutes count from midnight.
CREATE TABLE campaign_hours (
    campaign_id BIGINT PRIMARY KEY NOT NULL REFERENCES campaigns (id),
    days INTEGER NOT NULL,
    from_minute INTEGER NOT NULL,
    until_minute INTEGER NOT NULL
);

-- From when and until when people can sign up, where staff chose it; no row: as campaign.toml says.
CREATE TABLE campaign_dates (
    campaign_id BIGINT PRIMARY KEY NOT NULL REFERENCES campaigns (id),
    opens_at BIGINT,
    closes_at BIGINT
);

-- The pace of an office where staff chose it; no row: that of the settings.
CREATE TABLE office_paces (
    office_id BIGINT PRIMARY KEY NOT NULL REFERENCES offices (id),
    a_minute INTEGER NOT NULL,
    an_hour INTEGER NOT NULL,
    since BIGINT NOT NULL,
    who TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- By campaign too, so that what waits of a paused campaign is passed by without being looked at, however much it is.
DROP INDEX messages_waiting;
CREATE INDEX messages_waiting ON messages (destination_id, campaign_id, due_at, id) WHERE state = 'queued';
