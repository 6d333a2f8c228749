internal import Foundation
internal import GRDB

extension RunLedger {
  /// The shards of a stage (of all stages when nil) that are neither settled nor discarded, oldest first.
  public func openShards(ofStage stage: Int64? = nil) throws(LedgerError) -> [ShardRecord] {
    try shards(
      "state NOT IN ('settled', 'discarded') AND (?1 IS NULL OR stage_id = ?1)", [stage])
  }

  /// All shards of a stage, oldest first.
  public func allShards(ofStage stage: Int64) throws(LedgerError) -> [ShardRecord] {
    try shards("stage_id = ?1", [stage])
  }

  /// One shard.
  public func shard(_ id: Int64) throws(LedgerError) -> ShardRecord? {
    try shards("id = ?1", [id]).first
  }

  private func shards(
    _ condition: String, _ arguments: StatementArguments
  ) throws(LedgerError) -> [ShardRecord] {
    try look("reading the shards") { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM shards WHERE \(condition) ORDER BY id", arguments: arguments
      ).map(ShardRecord.init(row:))
    }
  }

  /// The provider's ids of all batches of a provider entry that this ledger knows.
  public func remoteIDs(provider: String) throws(LedgerError) -> Set<String> {
    try look("reading the batches") { database in
      try String.fetchSet(
        database,
        sql: "SELECT remote_id FROM shards WHERE provider = ? AND remote_id IS NOT NULL",
        arguments: [provider])
    }
  }

  /// Moves a shard by an event and stores what came with it, in one transaction.
  ///
  /// - Parameters:
  ///   - shard: The shard as it was read; updated to what is stored.
  ///   - event: What happened.
  ///   - edit: Changes to other columns that go with it.
  /// - Returns: What to do now that the move is on disk.
  /// - Throws: `LedgerError`; then nothing changed.
  public func move(
    _ shard: inout ShardRecord, _ event: ShardLifecycle.Event,
    with edit: (inout ShardRecord) -> Void = { _ in }
  ) throws(LedgerError) -> ShardLifecycle.Action {
    var lifecycle = ShardLifecycle(shard.state)
    guard let action = lifecycle.handle(event) else {
      preconditionFailure("a shard that is \(shard.state) cannot meet the event \(event)")
    }
    var moved = shard
    edit(&moved)
    moved.state = lifecycle.state
    let before = shard.state
    try change("storing shard \(shard.id)") { database in
      try Self.update(moved, database)
      if action == .release { try Self.release(moved, database) }
      if before == .submitted, action == .release {
        try database.execute(
          sql: "UPDATE attempts SET outcome = 'missing' WHERE shard_id = ? AND outcome = 'open'",
          arguments: [moved.id])
      }
    }
    shard = moved
    return action
  }

  /// Stores changes of a shard that do not move it.
  public func update(_ shard: ShardRecord) throws(LedgerError) {
    try change("storing shard \(shard.id)") { try Self.update(shard, $0) }
  }

  /// Puts a shard's items back among the pending ones.
  private static func release(_ shard: ShardRecord, _ database: Database) throws {
    try database.execute(
      sql: "UPDATE items SET state = 2 WHERE id BETWEEN ? AND ? AND shard_id = ? AND state = 3",
      arguments: [shard.items.lowerBound, shard.items.upperBound, shard.id])
  }

  static func update(_ shard: ShardRecord, _ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE shards SET state = :state, file = :file, request_count = :requests, byte_count = :bytes,
          intent_at = :intent, intent_provider_at = :intentProvider, absent_since = :absent,
          remote_id = :remote, submitted_at = :submitted, remote_created_at = :created,
          remote_expires_at = :expires, results_url = :url, cancel_requested_at = :cancel,
          next_poll_at = :poll, results_file = :results
        WHERE id = :id
        """,
      arguments: [
        "id": shard.id, "state": shard.state.rawValue, "file": shard.file,
        "requests": shard.requestCount, "bytes": shard.byteCount, "intent": shard.intentAt,
        "intentProvider": shard.intentProviderAt, "absent": shard.absentSince,
        "remote": shard.remoteID, "submitted": shard.submittedAt,
        "created": shard.remoteCreatedAt, "expires": shard.remoteExpiresAt,
        "url": shard.resultsURL, "cancel": shard.cancelRequestedAt, "poll": shard.nextPollAt,
        "results": shard.resultsFile,
      ])
  }
}

extension ShardRecord {
  init(row: Row) {
    guard let state = ShardState(rawValue: row["state"]) else {
      preconditionFailure("the ledger's constraint allows only known states")
    }
    let first: Int64 = row["first_item"]
    let last: Int64 = row["last_item"]
    self.init(
      id: row["id"], stage: row["stage_id"], plan: row["plan_id"], provider: row["provider"],
      state: state, file: row["file"], wave: row["wave"], requestCount: row["request_count"],
      byteCount: row["byte_count"], inputTokens: row["input_tokens"], items: first...last,
      intentAt: row["intent_at"], intentProviderAt: row["intent_provider_at"],
      absentSince: row["absent_since"], remoteID: row["remote_id"],
      submittedAt: row["submitted_at"], remoteCreatedAt: row["remote_created_at"],
      remoteExpiresAt: row["remote_expires_at"], resultsURL: row["results_url"],
      cancelRequestedAt: row["cancel_requested_at"], nextPollAt: row["next_poll_at"],
      resultsFile: row["results_file"], outcome: ShardOutcome(row: row))
  }
}

extension ShardOutcome {
  init(row: Row) {
    accepted = row["accepted_count"]
    failed = row["failed_count"]
    superseded = row["superseded_count"]
    stray = row["stray_count"]
    inputTokens = row["input_tokens_used"]
    outputTokens = row["output_tokens_used"]
    costNano = row["cost_nano"]
  }
}
