/// Ledgers as earlier releases stored them; each must open for ever.
///
/// Made by `sqlite3 ledger.sqlite .dump` of a ledger with an item in each state but the twin and the unread: three shards
/// (settled, submitted, packed), an answer that two records share, a superseded request that is still in flight.
enum StoredLedger {
  /// What the first migration made.
  static let versionOne = #"""
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES('1');
    CREATE TABLE ledger (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      pipeline TEXT NOT NULL,
      pipeline_file TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      held_since INTEGER,
      is_sandbox INTEGER NOT NULL CHECK (is_sandbox IN (0, 1))
    ) STRICT;
    INSERT INTO ledger VALUES(1,'p','/none/p.yaml',1,NULL,0);
    CREATE TABLE endpoints (
      provider TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      origin TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO endpoints VALUES('main','anthropic','https://api.anthropic.com');
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
    INSERT INTO stages VALUES(1,'triage','stamp',6,0,0,0,X'c0115923e4245ea17eca8a329b996ad5',1,
      6,NULL,NULL);
    CREATE TABLE plans (
      id INTEGER PRIMARY KEY,
      hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 16),
      description TEXT NOT NULL
    ) STRICT;
    INSERT INTO plans VALUES(1,X'b1018084b6a85eb9e19446a5fe68acc9','plan');
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
    INSERT INTO shards VALUES(1,1,1,'main','settled','shards/shard-1.jsonl',1,3,24,9,1,3,5,NULL,
      NULL,'batch-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'results/1-1.jsonl',9,1,2,0,0,6,3,30);
    INSERT INTO shards VALUES(2,1,1,'main','submitted','shards/shard-2.jsonl',1,1,8,3,6,6,5,
      NULL,NULL,'batch-2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,0);
    INSERT INTO shards VALUES(3,1,1,'main','packed','shards/shard-3.jsonl',1,2,16,6,6,7,NULL,
      NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,0,0);
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
    INSERT INTO items VALUES(1,1,X'61',X'062b4c2a62ed5211c9b70a5f82706ebb',1,
      -2506532928847838640,4,1,1,NULL,NULL);
    INSERT INTO items VALUES(2,1,X'62',X'302509aceb091fb1c8cdcb59f03799ee',1,
      -7848169158171109656,5,1,1,'refusal','words');
    INSERT INTO items VALUES(3,1,X'63',X'269cb185f0acbd258e70bbda0c1aea9a',1,
      3862209539349960698,2,1,2,NULL,NULL);
    INSERT INTO items VALUES(4,1,X'64',X'062b4c2a62ed5211c9b70a5f82706ebb',1,
      -2506532928847838640,4,NULL,1,NULL,NULL);
    INSERT INTO items VALUES(5,1,X'65',NULL,NULL,6551829527262855519,5,NULL,1,'too-large',
      'because');
    INSERT INTO items VALUES(6,1,X'66',X'46d90446645e31b6f07a7f569d014e03',1,
      -4978463483951137283,3,3,1,NULL,NULL);
    INSERT INTO items VALUES(7,1,X'67',X'd5b4e9e3d7dd5dbaaf2960d6d6df3ed8',1,
      -5175073945181219350,7,NULL,1,NULL,NULL);
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
    INSERT INTO attempts VALUES(1,1,1,X'062b4c2a62ed5211c9b70a5f82706ebb',1,1,'accepted',1,1,2,
      2,1,0,0,10,NULL);
    INSERT INTO attempts VALUES(2,1,2,X'302509aceb091fb1c8cdcb59f03799ee',1,1,'refusal',1,2,3,2,
      1,0,0,10,'words');
    INSERT INTO attempts VALUES(3,1,3,X'269cb185f0acbd258e70bbda0c1aea9a',1,1,'server-error',1,
      3,4,2,1,0,0,10,'words');
    INSERT INTO attempts VALUES(4,2,6,X'a55058bd843f75e71f7013b3fad7e48e',1,1,'open',NULL,NULL,
      NULL,0,0,0,0,0,NULL);
    CREATE TABLE results (
      id INTEGER PRIMARY KEY,
      file TEXT NOT NULL UNIQUE,
      stored_at INTEGER NOT NULL,
      -- The last shard when the file was first applied: it answers no later one.
      last_shard INTEGER
    ) STRICT;
    INSERT INTO results VALUES(1,'results/1-1.jsonl',9,2);
    CREATE TABLE answers (
      plan_id INTEGER NOT NULL,
      content BLOB NOT NULL,
      attempt_id INTEGER NOT NULL,
      PRIMARY KEY (plan_id, content)
    ) WITHOUT ROWID;
    INSERT INTO answers VALUES(1,X'062b4c2a62ed5211c9b70a5f82706ebb',1);
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      accepted_count INTEGER,
      rejected_count INTEGER,
      cost_nano INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX shards_by_remote_id ON shards (provider, remote_id) WHERE remote_id IS NOT NULL;
    CREATE INDEX shards_open ON shards (stage_id, state) WHERE state NOT IN ('settled', 'discarded');
    CREATE INDEX items_to_pack ON items (stage_id, id) WHERE state = 2;
    CREATE INDEX items_twins ON items (content, plan_id) WHERE state = 6;
    CREATE INDEX items_rejected ON items (stage_id, id) WHERE state = 5;
    CREATE INDEX items_unread ON items (stage_id, id) WHERE state = 8;
    CREATE UNIQUE INDEX attempts_open ON attempts (shard_id, item_id) WHERE outcome = 'open';
    CREATE INDEX attempts_unanswered ON attempts (item_id) WHERE outcome <> 'accepted';
    CREATE UNIQUE INDEX items_by_key ON items (stage_id, key);
    """#
}
