-- The ledger, version 7: what a reading left out.

-- Rows of the source that are no records: how many, and the lines of the first, as numbers with spaces between them; null
-- where there are none.
ALTER TABLE stages ADD COLUMN left_out TEXT;
