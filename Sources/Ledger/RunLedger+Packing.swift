internal import Foundation
internal import GRDB

extension RunLedger {
  /// How many items of a stage wait for a shard.
  public func pendingCount(ofStage stage: Int64) throws(LedgerError) -> Int {
    try look("counting what waits") { database in
      try Int.fetchOne(
        database, sql: "SELECT count(*) FROM items WHERE stage_id = ? AND state = 2",
        arguments: [stage]) ?? 0
    }
  }

  /// Items that wait for an answer which nobody asks for any more become unread; their stages are read again.
  ///
  /// Readings, results and releases see to this themselves; calling it again does no harm.
  ///
  /// - Throws: `LedgerError`.
  public func wakeOrphanedTwins() throws(LedgerError) {
    try change("checking what waits") { try OrphanedTwins.wake(SQLiteConnection($0)) }
  }

  /// A shard of repeated requests whose file is complete and synced.
  public struct RepeatedShard: Sendable {
    /// The stage.
    public var stage: Int64
    /// The plan of its items.
    public var plan: Int64
    /// The provider entry.
    public var provider: String
    /// Its file, relative to the state folder.
    public var file: String
    /// Its items.
    public var items: [Int64]
    /// Its bytes.
    public var byteCount: Int
    /// The estimated input tokens.
    public var inputTokens: Int
    /// Which attempt its requests are, the highest of them.
    public var wave: Int
    /// How its requests go; nil when that is decided later.
    public var lane: ShardLane?

    /// Creates a shard.
    public init(
      stage: Int64, plan: Int64, provider: String, file: String, items: [Int64], byteCount: Int,
      inputTokens: Int, wave: Int, lane: ShardLane? = nil
    ) {
      self.stage = stage
      self.plan = plan
      self.provider = provider
      self.file = file
      self.items = items
      self.byteCount = byteCount
      self.inputTokens = inputTokens
      self.wave = wave
      self.lane = lane
    }
  }

  /// The number the next shard gets.
  public func nextShardNumber() throws(LedgerError) -> Int64 {
    try look("numbering shards") { database in
      (try Int64.fetchOne(database, sql: "SELECT max(id) FROM shards") ?? 0) + 1
    }
  }

  /// Makes a shard of repeated requests, in one transaction; its number is the one `nextShardNumber` told.
  ///
  /// - Throws: `LedgerError`; then nothing changed.
  public func pack(_ shard: RepeatedShard) throws(LedgerError) {
    guard let first = shard.items.min(), let last = shard.items.max() else { return }
    try change("packing") { database in
      try database.execute(
        sql: """
          INSERT INTO shards (stage_id, plan_id, provider, state, file, wave, request_count, byte_count,
            input_tokens, first_item, last_item, lane)
            VALUES (?, ?, ?, 'packed', ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          shard.stage, shard.plan, shard.provider, shard.file, shard.wave, shard.items.count,
          shard.byteCount, shard.inputTokens, first, last, shard.lane?.rawValue,
        ])
      let number = database.lastInsertedRowID
      let pack = try SQLiteConnection(database).prepare(
        "UPDATE items SET state = 3, shard_id = ? WHERE id = ? AND state = 2", number)
      for item in shard.items {
        pack.bind(item, at: 2)
        try pack.run()
      }
    }
  }

  /// The keys of a packed shard's items that still want what its file asks.
  public func wantedKeys(of shard: ShardRecord) throws(LedgerError) -> [[UInt8]] {
    try look("reading a shard's items") { database in
      try Data.fetchAll(
        database,
        sql: "SELECT key FROM items WHERE id BETWEEN ? AND ? AND shard_id = ? AND state = 3",
        arguments: [shard.items.lowerBound, shard.items.upperBound, shard.id]
      ).map { [UInt8]($0) }
    }
  }

  /// How many of a packed shard's items still want what its file asks.
  public func wantedCount(of shard: ShardRecord) throws(LedgerError) -> Int {
    try look("counting a shard's items") { database in
      try Int.fetchOne(
        database,
        sql: "SELECT count(*) FROM items WHERE id BETWEEN ? AND ? AND shard_id = ? AND state = 3",
        arguments: [shard.items.lowerBound, shard.items.upperBound, shard.id]) ?? 0
    }
  }
}
