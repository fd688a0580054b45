-- The day on which a letter in hand was queued counts it; it is the day of its claim but for claims around midnight.
INSERT INTO counts (campaign_id, dimension, key, metric, n)
    SELECT campaign_id, 'all', '', 'sending', count(*) FROM messages WHERE state = 'sending' AND kind = 'letter' GROUP BY 1, 3
    UNION ALL SELECT campaign_id, 'town', town, 'sending', count(*) FROM messages WHERE state = 'sending' AND kind = 'letter' GROUP BY 1, 3
    UNION ALL SELECT campaign_id, 'day', state_day, 'sending', count(*) FROM messages WHERE state = 'sending' AND kind = 'letter' GROUP BY 1, 3
    UNION ALL SELECT campaign_id, 'office', CAST(office_id AS TEXT), 'sending', count(*) FROM messages WHERE state = 'sending' AND kind = 'letter' GROUP BY 1, 3;
UPDATE counts SET n = n - (SELECT s.n FROM counts AS s WHERE s.campaign_id = counts.campaign_id AND s.dimension = counts.dimension
        AND s.key = counts.key AND s.metric = 'sending')
    WHERE metric = 'queued' AND EXISTS (SELECT 1 FROM counts AS s WHERE s.campaign_id = counts.campaign_id
        AND s.dimension = counts.dimension AND s.key = counts.key AND s.metric = 'sending');
