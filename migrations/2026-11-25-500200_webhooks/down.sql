DROP TABLE webhook_deliveries;
DROP TABLE webhook_events;
DROP TABLE webhooks;
DELETE FROM settings WHERE key = 'webhooks_attempts';
