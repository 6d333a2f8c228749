-- The ledger, version 6: requests that go one by one over the synchronous API.

-- A constraint can only be changed by making the table anew.
CREATE TABLE new_shards (
  id INTEGER PRIMARY KEY,
  stage_id INTEGER NOT NULL REFERENCES stages (id),
  plan_id INTEGER NOT NULL REFERENCES plans (id),
  provider TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'packed', 'submitting', 'adopting', 'unknown', 'submitted', 'ended', 'collected', 'asking', 'settled',
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
  -- The run in which the shard was sent; null before that, and for what was exported.
  run_id INTEGER,
  -- Set aside when it was sent. Counts against the budget while the shard is at the provider, and is kept afterwards.
  reserved_nano INTEGER NOT NULL DEFAULT 0,
  -- The most that it can cost: what is set aside when the pipeline reserves the high estimate.
  worst_nano INTEGER NOT NULL DEFAULT 0,
  -- When the batch and its results were removed from the provider, because the pipeline says so.
  deleted_at INTEGER,
  -- How its requests go: together in a batch, or one by one over the synchronous API. Null until that is decided.
  lane TEXT CHECK (lane IS NULL OR lane IN ('batch', 'concurrent')),
  CHECK ((state IN ('submitted', 'adopting', 'ended')) <= (remote_id IS NOT NULL)),
  CHECK ((state = 'submitting') <= (intent_at IS NOT NULL AND remote_id IS NULL)),
  CHECK ((state IN ('packed', 'exported')) <= (remote_id IS NULL)),
  CHECK ((state IN ('collected', 'settled')) <= (results_file IS NOT NULL)),
  CHECK ((state = 'asking') <= (intent_at IS NOT NULL AND results_file IS NOT NULL AND lane IS 'concurrent'))
) STRICT;

INSERT INTO new_shards (
  id, stage_id, plan_id, provider, state, file, wave, request_count, byte_count, input_tokens,
  first_item, last_item, intent_at, intent_provider_at, absent_since, remote_id, submitted_at,
  remote_created_at, remote_expires_at, ended_at, results_url, cancel_requested_at, next_poll_at,
  results_file, settled_at, accepted_count, failed_count, superseded_count, stray_count,
  input_tokens_used, output_tokens_used, cost_nano, run_id, reserved_nano, worst_nano, deleted_at)
SELECT
  id, stage_id, plan_id, provider, state, file, wave, request_count, byte_count, input_tokens,
  first_item, last_item, intent_at, intent_provider_at, absent_since, remote_id, submitted_at,
  remote_created_at, remote_expires_at, ended_at, results_url, cancel_requested_at, next_poll_at,
  results_file, settled_at, accepted_count, failed_count, superseded_count, stray_count,
  input_tokens_used, output_tokens_used, cost_nano, run_id, reserved_nano, worst_nano, deleted_at
FROM shards;

DROP TABLE shards;
ALTER TABLE new_shards RENAME TO shards;

CREATE UNIQUE INDEX shards_by_remote_id ON shards (provider, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX shards_open ON shards (stage_id, state) WHERE state NOT IN ('settled', 'discarded');
