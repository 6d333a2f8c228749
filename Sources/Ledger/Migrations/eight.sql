-- The ledger, version 8: where the text of an answer lies.

-- In its row, quotes included, counted in bytes from the row's start; null where the answer is more than one text, or was
-- stored before. With them an answer is read without the rest of its row.
ALTER TABLE attempts ADD COLUMN text_start INTEGER;
ALTER TABLE attempts ADD COLUMN text_end INTEGER;
