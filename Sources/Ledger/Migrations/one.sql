-- The ledger, version 1. Times are UTC milliseconds; money is nano-dollars; hashes are 16 bytes.

-- One row: what this ledger belongs to.
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  pipeline TEXT NOT NULL,
  pipeline_file TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  held_since INTEGER,
  is_sandbox INTEGER NOT NULL CHECK (is_sandbox IN (0, 1))
) STRICT;

-- The endpoint behind each provider entry: kind and origin. Answers of one are never used for another.
CREATE TABLE endpoints (
  provider TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  origin TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A stage and its last complete reading.
CREATE TABLE stages (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  reading_stamp TEXT,
  read_count INTEGER NOT NULL DEFAULT 0 CHECK (read_count >= 0),
  filtered_count INTEGER NOT NULL DEFAULT 0 CHECK (filtered_count >= 0),
  skipped_count INTEGER NOT NULL DEFAULT 0 CHECK (skipped_count >= 0),
  duplicate_count INTEGER NOT NULL DEFAULT 0 CHECK (duplicate_count >= 0),
  template_hash BLOB CHECK (template_hash IS NULL OR length(template_hash) = 16),
  plan_id INTEGER REFERENCES plans (id),
  -- Rises with every change of the stage's items or answers; downstream stages and merges remember it.
  version INTEGER NOT NULL DEFAULT 1,
  merged_stamp TEXT,
  merged_at INTEGER
) STRICT;

-- What makes two answers to the same text different: the plan half of an answer's identity.
CREATE TABLE plans (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 16),
  description TEXT NOT NULL
) STRICT;

-- A batch at the provider, or a shard file on its way there.
CREATE TABLE shards (
  id INTEGER PRIMARY KEY,
  stage_id INTEGER NOT NULL REFERENCES stages (id),
  plan_id INTEGER NOT NULL REFERENCES plans (id),
  provider TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'packed', 'submitting', 'adopting', 'unknown', 'submitted', 'ended', 'collected', 'settled',
    'exported', 'discarded')),
  file TEXT NOT NULL,
  wave INTEGER NOT NULL CHECK (wave >= 1),
  request_count INTEGER NOT NULL CHECK (request_count > 0),
  byte_count INTEGER NOT NULL CHECK (byte_count > 0),
  input_tokens INTEGER NOT NULL CHECK (input_tokens >= 0),
  -- The items of the shard have ids in this range (and shard_id = id).
  first_item INTEGER NOT NULL,
  last_item INTEGER NOT NULL CHECK (last_item >= first_item),
  -- By our clock, and by the provider's as its Date header told it just before.
  intent_at INTEGER,
  intent_provider_at INTEGER,
  -- When a look-up after an ambiguous create first found nothing.
  absent_since INTEGER,
  remote_id TEXT,
  submitted_at INTEGER,
  remote_created_at INTEGER,
  remote_expires_at INTEGER,
  ended_at INTEGER,
  results_url TEXT,
  cancel_requested_at INTEGER,
  next_poll_at INTEGER,
  results_file TEXT,
  settled_at INTEGER,
  -- Rows of the results file by what became of them.
  accepted_count INTEGER NOT NULL DEFAULT 0,
  failed_count INTEGER NOT NULL DEFAULT 0,
  superseded_count INTEGER NOT NULL DEFAULT 0,
  stray_count INTEGER NOT NULL DEFAULT 0,
  input_tokens_used INTEGER NOT NULL DEFAULT 0,
  output_tokens_used INTEGER NOT NULL DEFAULT 0,
  cost_nano INTEGER NOT NULL DEFAULT 0,
  CHECK ((state IN ('submitted', 'adopting', 'ended')) <= (remote_id IS NOT NULL)),
  CHECK ((state = 'submitting') <= (intent_at IS NOT NULL AND remote_id IS NULL)),
  CHECK ((state IN ('packed', 'exported')) <= (remote_id IS NULL)),
  CHECK ((state IN ('collected', 'settled')) <= (results_file IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX shards_by_remote_id ON shards (provider, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX shards_open ON shards (stage_id, state) WHERE state NOT IN ('settled', 'discarded');

-- One row a record: what it wants, and how far that is.
--   state 2 pending    wants an answer, is in no shard; the file of shard_id has its request
--         3 packed     its request lies in shard shard_id
--         4 accepted   has the answer (plan_id, content)
--         5 rejected   will not get one; reason says why; shard_id is null if it was never sent
--         6 twin       another item of the same content and plan was sent; its answer counts here
--         7 removed    its record is gone from the source
--         8 unread     wants an answer, but no file has its request: the next reading decides anew
-- The codes start at 2 so that each takes one byte and an update rewrites the row in place.
CREATE TABLE items (
  id INTEGER PRIMARY KEY,
  stage_id INTEGER NOT NULL,
  key BLOB NOT NULL,
  content BLOB,
  plan_id INTEGER,
  fields INTEGER NOT NULL,
  state INTEGER NOT NULL,
  shard_id INTEGER,
  attempt INTEGER NOT NULL,
  reason TEXT,
  detail TEXT,
  CHECK (CASE state
    WHEN 3 THEN content IS NOT NULL AND plan_id IS NOT NULL AND shard_id IS NOT NULL
    WHEN 4 THEN content IS NOT NULL AND plan_id IS NOT NULL
    WHEN 2 THEN content IS NOT NULL AND plan_id IS NOT NULL AND shard_id IS NOT NULL
    WHEN 5 THEN reason IS NOT NULL
    WHEN 6 THEN content IS NOT NULL AND plan_id IS NOT NULL AND shard_id IS NULL
    WHEN 7 THEN shard_id IS NULL
    WHEN 8 THEN 1
    ELSE 0 END)
);

-- Dropped and made again by the first reading: an index of sorted keys is made faster than it grows.
CREATE UNIQUE INDEX items_by_key ON items (stage_id, key);
CREATE INDEX items_to_pack ON items (stage_id, id) WHERE state = 2;
CREATE INDEX items_twins ON items (content, plan_id) WHERE state = 6;
CREATE INDEX items_rejected ON items (stage_id, id) WHERE state = 5;
CREATE INDEX items_unread ON items (stage_id, id) WHERE state = 8;

-- A request that was answered (or whose item wanted something else before it was: outcome 'open').
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  shard_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  content BLOB NOT NULL,
  plan_id INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 1),
  -- The usual one is compared alone: the list is made anew for every statement, which doubled the time of a row.
  outcome TEXT NOT NULL CHECK (outcome = 'accepted' OR outcome IN (
    'open', 'invalid-answer', 'refusal', 'truncated', 'paused', 'invalid-request', 'too-large',
    'server-error', 'overloaded', 'expired', 'canceled', 'missing', 'malformed-row', 'unknown-result')),
  -- Where the row lies in its results file; null when there is none.
  results_id INTEGER,
  row_start INTEGER,
  row_end INTEGER,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cache_write_tokens INTEGER NOT NULL DEFAULT 0,
  cache_read_tokens INTEGER NOT NULL DEFAULT 0,
  cost_nano INTEGER NOT NULL DEFAULT 0,
  detail TEXT
);

CREATE UNIQUE INDEX attempts_open ON attempts (shard_id, item_id) WHERE outcome = 'open';
CREATE INDEX attempts_unanswered ON attempts (item_id) WHERE outcome <> 'accepted';

-- The results files, relative to the state folder. Kept while an answer points into them.
CREATE TABLE results (
  id INTEGER PRIMARY KEY,
  file TEXT NOT NULL UNIQUE,
  stored_at INTEGER NOT NULL,
  -- The last shard when the file was first applied: it answers no later one.
  last_shard INTEGER
) STRICT;

-- The good answers, by identity: which attempt brought it. Not tied to a stage or a key.
CREATE TABLE answers (
  plan_id INTEGER NOT NULL,
  content BLOB NOT NULL,
  attempt_id INTEGER NOT NULL,
  PRIMARY KEY (plan_id, content)
) WITHOUT ROWID;

-- From the first thing sent to the last output merged.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  accepted_count INTEGER,
  rejected_count INTEGER,
  cost_nano INTEGER
) STRICT;
