DELETE FROM settings WHERE key LIKE 'returns\_%' ESCAPE '\' AND key NOT LIKE 'returns\_unmatched\_%' ESCAPE '\';
