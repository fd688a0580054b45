-- What else a district is known by, where outlines or rosters have told: the Census GEOID, which is text ("25D29"),
-- and the Open Civic Data division id.
ALTER TABLE offices ADD COLUMN geoid TEXT;
ALTER TABLE offices ADD COLUMN division_id TEXT;

-- Outlines of districts and municipalities, one layer (upper, lower, municipality) of a state at a time.
-- shape is a GeoJSON geometry, as full as it came.
CREATE TABLE boundaries (
    id INTEGER PRIMARY KEY NOT NULL,
    state TEXT NOT NULL,
    layer TEXT NOT NULL,
    name TEXT NOT NULL,
    geoid TEXT NOT NULL,
    division_id TEXT NOT NULL,
    office_id BIGINT REFERENCES offices (id),
    municipality_id BIGINT REFERENCES municipalities (id) ON DELETE SET NULL,
    shape TEXT NOT NULL
);
CREATE INDEX boundaries_of_layer ON boundaries (state, layer);
-- A town that goes takes its outline's link with it.
CREATE INDEX boundaries_of_municipality ON boundaries (municipality_id);
