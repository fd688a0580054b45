DELETE FROM counts WHERE dimension = 'office_day' OR metric IN ('visited', 'own_words', 'set_words');
ALTER TABLE messages DROP COLUMN own_words;
