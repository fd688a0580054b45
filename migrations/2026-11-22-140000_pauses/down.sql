DROP TABLE dead_mailboxes;
DROP TABLE pauses;
