"""What the look for letters that did not arrive costs among a million letters, with its constants as values and in its text."""

import glob
import os
import sqlite3
import statistics
import tempfile
import time

MIGRATIONS = os.path.join(os.path.dirname(__file__), "..", "migrations", "*", "up.sql")
ROWS = """
BEGIN;
INSERT INTO supporters WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 333334)
    SELECT i, 'p' || i || '@example.org', 'p' || i || '@example.org', i FROM n;
INSERT INTO signups (id, campaign_id, version_id, supporter_id, name, street, city, zip, town, found_by, created_at, expires_at, confirmed_at, receipt_at)
    SELECT id, 1, 1, id, 'Ana Example', '12 Harbor Street', 'Saltwick', '01099', 'Saltwick', 'town', id, id, id, id FROM supporters;
INSERT INTO messages (kind, state, campaign_id, signup_id, town, office_id, official_id, destination_id, message_id, created_at, queued_at,
    due_at, failures, state_since, state_day)
    SELECT 'letter', 'sent', 1, s.id, 'Saltwick', 1 + (s.id + k.k) % 200, 1 + (s.id + k.k) % 200, 2 + (s.id + k.k) % 200,
        '<' || s.id || '-' || k.k || '@campaign.example>', s.id, s.id, s.id, 0, s.id, '2026-11-22'
    FROM signups AS s, (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2) AS k;
UPDATE messages SET state = 'bounced', told_at = 1 WHERE id % 40 = 0;
COMMIT;
"""
LOOK = """SELECT DISTINCT s.id, s.campaign_id, s.supporter_id FROM messages AS m JOIN signups AS s ON s.id = m.signup_id
WHERE m.kind = {} AND (m.state = {} OR m.state = {}) AND m.told_at IS NULL AND m.state_since <= ?
AND s.supporter_id IS NOT NULL AND s.notices_end_at IS NULL ORDER BY m.signup_id LIMIT ?"""
WORDS = ("letter", "bounced", "failed")

with tempfile.TemporaryDirectory() as folder:
    db = sqlite3.connect(os.path.join(folder, "standout.sqlite3"), isolation_level=None)
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    for path in sorted(glob.glob(MIGRATIONS)):
        with open(path, encoding="utf-8") as file:
            db.executescript(file.read())
    db.executescript("PRAGMA foreign_keys = OFF;" + ROWS)
    values = (LOOK.format("?", "?", "?"), (*WORDS, 10**12, 50))
    text = (LOOK.format(*(f"'{word}'" for word in WORDS)), (10**12, 50))
    for what, (statement, bound) in (("as values", values), ("in the text", text)):
        took = []
        for _ in range(7):
            start = time.perf_counter()
            db.execute(statement, bound).fetchall()
            took.append((time.perf_counter() - start) * 1000)
        plan = db.execute("EXPLAIN QUERY PLAN " + statement, bound).fetchone()[3]
        print(f"{what}: {statistics.median(took):.3f} ms, {plan}")
