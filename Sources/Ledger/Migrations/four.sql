-- The ledger, version 4: requests that go first.

-- A shard whose outcome decides whether the rest of its stage is sent.
CREATE TABLE canaries (
  shard_id INTEGER PRIMARY KEY,
  stage_id INTEGER NOT NULL,
  plan_id INTEGER NOT NULL,
  template BLOB NOT NULL CHECK (length(template) = 16),
  -- Null until its shard is settled. Inconclusive: nothing was answered, or too little to tell.
  verdict TEXT CHECK (verdict IS NULL OR verdict IN ('passed', 'failed', 'accepted', 'inconclusive'))
) STRICT;
