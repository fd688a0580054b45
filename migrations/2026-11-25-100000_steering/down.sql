DROP INDEX messages_waiting;
CREATE INDEX messages_waiting ON messages (destination_id, due_at, id) WHERE state = 'queued';
DROP TABLE office_paces;
DROP TABLE campaign_dates;
DROP TABLE campaign_hours;
DROP TABLE staff_pauses;
