-- What supporters agreed to beyond their letters, each apart and never by default: that the campaign writes to them, and that it
-- quotes their own words. The words are kept here only where they may be quoted; taking that back, and erasing, empties them.
ALTER TABLE signups ADD COLUMN may_contact BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE signups ADD COLUMN may_quote BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE signups ADD COLUMN own_words TEXT NOT NULL DEFAULT '';
-- Those who agreed are few among all, and are read in the order of their ids.
CREATE INDEX signups_to_contact ON signups (campaign_id, id) WHERE may_contact AND confirmed_at IS NOT NULL;
CREATE INDEX signups_to_quote ON signups (campaign_id, id) WHERE may_quote AND confirmed_at IS NOT NULL;
