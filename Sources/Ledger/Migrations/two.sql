-- The ledger, version 2: what a run sets aside and spends. Money is nano-dollars.

-- The run in which the shard was sent; null before that, and for what was exported.
ALTER TABLE shards ADD COLUMN run_id INTEGER;
-- Set aside when it was sent. Counts against the budget while the shard is at the provider, and is kept afterwards.
ALTER TABLE shards ADD COLUMN reserved_nano INTEGER NOT NULL DEFAULT 0;
-- The most that it can cost: what is set aside when the pipeline reserves the high estimate.
ALTER TABLE shards ADD COLUMN worst_nano INTEGER NOT NULL DEFAULT 0;
