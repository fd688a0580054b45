-- From when on a term is over, where the roster tells: noon UTC of the day after its last one, when that day has passed in
-- every state. Until then, and without it, ended_at alone decides.
ALTER TABLE officials ADD COLUMN term_ends BIGINT;
CREATE INDEX officials_terms ON officials (term_ends) WHERE ended_at IS NULL AND term_ends IS NOT NULL;
