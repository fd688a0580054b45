-- Why a letter came back, where its report can be believed about that: no_mailbox, blocked, other. mailbox is the office's one that a
-- report says does not exist; reports of several supporters' letters mark it dead.
ALTER TABLE returns ADD COLUMN cause TEXT;
ALTER TABLE returns ADD COLUMN mailbox TEXT;
CREATE INDEX returns_by_mailbox ON returns (mailbox) WHERE mailbox IS NOT NULL;
CREATE INDEX returns_by_cause ON returns (cause, received_at) WHERE cause IS NOT NULL;
