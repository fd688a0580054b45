-- For the search of letters. None of them is touched when a letter is sent: the first two never change after sign-up, and the
-- third holds only what is not on its way.
CREATE INDEX messages_to_office ON messages (campaign_id, office_id, id) WHERE kind = 'letter';
CREATE INDEX signups_by_name ON signups (campaign_id, name COLLATE NOCASE);
CREATE INDEX messages_aside ON messages (campaign_id, state, id)
    WHERE kind = 'letter' AND state <> 'queued' AND state <> 'sending' AND state <> 'sent';
