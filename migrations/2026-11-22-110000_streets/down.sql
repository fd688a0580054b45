DROP TABLE street_towns;
DROP TABLE street_ranges;
DROP TABLE street_files;
