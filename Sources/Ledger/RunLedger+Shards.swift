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

  /// The settled shards of a stage whose batches are still at the provider, oldest first.
  public func shardsToDelete(ofStage stage: Int64) throws(LedgerError) -> [ShardRecord] {
    try shards(
      "stage_id = ?1 AND state = 'settled' AND remote_id IS NOT NULL AND deleted_at IS NULL",
      [stage])
  }

  /// Remembers that a batch was removed from the provider.
  public func recordDeletion(of shard: ShardRecord, at now: Int64) throws(LedgerError) {
    try change("storing shard \(shard.id)") { database in
      try database.execute(
        sql: "UPDATE shards SET deleted_at = ? WHERE id = ?", arguments: [now, shard.id])
    }
  }

  func shards(
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
  /// - Returns: What to do now that the move is on disk. `.release` is done already.
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
    try change("storing shard \(shard.id)") { database in
      try Self.update(moved, database)
      if action == .release { try ShardRelease(moved).run(SQLiteConnection(database)) }
    }
    shard = moved
    return action
  }

  /// Stores changes of a shard that do not move it.
  public func update(_ shard: ShardRecord) throws(LedgerError) {
    try change("storing shard \(shard.id)") { try Self.update(shard, $0) }
  }

  static func update(_ shard: ShardRecord, _ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE shards SET state = :state, file = :file, request_count = :requests, byte_count = :bytes,
          intent_at = :intent, intent_provider_at = :intentProvider, absent_since = :absent,
          remote_id = :remote, submitted_at = :submitted, remote_created_at = :created,
          remote_expires_at = :expires, results_url = :url, cancel_requested_at = :cancel,
          next_poll_at = :poll, results_file = :results, input_tokens = :tokens, run_id = :run,
          reserved_nano = :reserved, worst_nano = :worst, lane = :lane
        WHERE id = :id
        """,
      arguments: [
        "id": shard.id, "state": shard.state.rawValue, "file": shard.file,
        "requests": shard.requestCount, "bytes": shard.byteCount, "intent": shard.intentAt,
        "intentProvider": shard.intentProviderAt, "absent": shard.absentSince,
        "remote": shard.remoteID, "submitted": shard.submittedAt,
        "created": shard.remoteCreatedAt, "expires": shard.remoteExpiresAt,
        "url": shard.resultsURL, "cancel": shard.cancelRequestedAt, "poll": shard.nextPollAt,
        "results": shard.resultsFile, "tokens": shard.inputTokens, "run": shard.run,
        "reserved": shard.reservedNano, "worst": shard.worstNano, "lane": shard.lane?.rawValue,
      ])
  }
}
