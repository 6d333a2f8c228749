-- The ledger, version 3: what a person was told, what was tidied up at the provider.

-- What somebody was told to look at, so that the next tick does not tell it again; forgotten when it is over.
CREATE TABLE alerts (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- When the batch and its results were removed from the provider, because the pipeline says so.
ALTER TABLE shards ADD COLUMN deleted_at INTEGER;
