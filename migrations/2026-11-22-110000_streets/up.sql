-- Files of house numbers, by what each is called without folder, year and ending: `25025_addrfeat`. A file counts only when
-- it is complete; until then, and after a newer one has taken its place, its ranges are not looked at.
CREATE TABLE street_files (
    id INTEGER PRIMARY KEY NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    complete BOOLEAN NOT NULL,
    ranges BIGINT NOT NULL
);
CREATE INDEX street_files_by_name ON street_files (state, name);

-- House numbers along one side of a stretch of street. `low` and `high` are the ends in order of size; `reversed` says that
-- the line begins at `high`. `parity` is O, E or B, `side` is L or R. `line` is the middle of the street: longitude and
-- latitude in millionths of a degree in turn, each four bytes, lowest first.
CREATE TABLE street_ranges (
    id INTEGER PRIMARY KEY NOT NULL,
    file_id BIGINT NOT NULL REFERENCES street_files (id),
    state TEXT NOT NULL,
    stem TEXT NOT NULL,
    kind TEXT NOT NULL,
    direction TEXT NOT NULL,
    zip TEXT NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    reversed BOOLEAN NOT NULL,
    parity TEXT NOT NULL,
    side TEXT NOT NULL,
    line BLOB NOT NULL
);
CREATE INDEX street_ranges_by_number ON street_ranges (state, stem, zip, low, high);
CREATE INDEX street_ranges_by_file ON street_ranges (file_id);

-- How many ranges lie in each city or town, as it was when streets or outlines were imported last.
CREATE TABLE street_towns (
    state TEXT NOT NULL,
    municipality TEXT NOT NULL,
    ranges BIGINT NOT NULL,
    PRIMARY KEY (state, municipality)
);
