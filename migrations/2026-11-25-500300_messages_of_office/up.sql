-- The letters to one office, for the report for a meeting. No move of a letter touches it: it is written once, at the sign-up.
CREATE INDEX messages_of_office ON messages (office_id, signup_id) WHERE kind = 'letter';
