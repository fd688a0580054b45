DROP INDEX officials_terms;
ALTER TABLE officials DROP COLUMN term_ends;
