-- Letters in hand are counted as queued from now on, and looked at one by one where a page tells them apart: they are as
-- few as the sender has hands.
INSERT INTO counts (campaign_id, dimension, key, metric, n)
    SELECT campaign_id, dimension, key, 'queued', n FROM counts WHERE metric = 'sending'
    ON CONFLICT (campaign_id, dimension, key, metric) DO UPDATE SET n = n + excluded.n;
DELETE FROM counts WHERE metric = 'sending';
