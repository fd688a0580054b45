-- Whether a letter holds its writer's own words. Of letters from before this column it is not known, and nobody guesses.
ALTER TABLE messages ADD COLUMN own_words BOOLEAN;

-- Letters accepted, by office and day ("12 2026-11-22"): kept like the other counts, from here on with every move.
INSERT INTO counts (campaign_id, dimension, key, metric, n)
    SELECT campaign_id, 'office_day', office_id || ' ' || state_day, 'sent', count(*) FROM messages
    WHERE kind = 'letter' AND state = 'sent' AND office_id IS NOT NULL GROUP BY campaign_id, office_id, state_day;
