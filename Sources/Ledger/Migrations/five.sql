-- The ledger, version 5: what changed from reading to reading.

-- Which fields the hashes of the stage's items are over; null before the first reading of this version.
ALTER TABLE stages ADD COLUMN reads TEXT;
-- How the stage's answers were judged last: while it stays the same, nothing is judged again.
ALTER TABLE stages ADD COLUMN judging TEXT;
-- Up to where the source was read, as JSON; null where it is read whole.
ALTER TABLE stages ADD COLUMN watermark TEXT;

-- A reading that changed something: what it found, and what its requests were expected to use.
CREATE TABLE readings (
  id INTEGER PRIMARY KEY,
  stage_id INTEGER NOT NULL,
  -- The run that sent what it found; null while nothing was sent since.
  run_id INTEGER,
  new_count INTEGER NOT NULL,
  edited_count INTEGER NOT NULL,
  asked_again_count INTEGER NOT NULL,
  retried_count INTEGER NOT NULL,
  reused_count INTEGER NOT NULL,
  kept_count INTEGER NOT NULL,
  withheld_count INTEGER NOT NULL,
  removed_count INTEGER NOT NULL,
  -- All that changed besides the records themselves: bits of 2 template, 4 model, 8 schema, 16 parameters.
  causes INTEGER NOT NULL,
  request_count INTEGER NOT NULL,
  -- Nano-dollars; null without a known price.
  low_nano INTEGER,
  likely_nano INTEGER,
  high_nano INTEGER,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL
) STRICT;
