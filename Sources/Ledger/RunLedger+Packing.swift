internal import Foundation
internal import GRDB

extension RunLedger {
  /// An item that is to be sent again.
  public struct PendingItem: Sendable {
    /// The item.
    public let id: Int64
    /// The record's key.
    public let key: [UInt8]
    /// Which attempt comes next, from 2.
    public let attempt: Int
    /// The shard whose file has its request; nil when none ever had.
    public let shard: Int64?
    /// How its last attempt ended.
    public let lastOutcome: String?
    /// The checker's words on it.
    public let lastDetail: String?
  }

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

  /// The items of a stage that wait for a shard, in order, at most `limit`.
  public func pendingItems(
    ofStage stage: Int64, after: Int64, limit: Int
  ) throws(LedgerError) -> [PendingItem] {
    try look("reading what waits") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT i.id, i.key, i.attempt, i.shard_id, t.outcome, t.detail FROM items i
          LEFT JOIN attempts t ON t.id = (
            SELECT max(id) FROM attempts
            WHERE item_id = i.id AND outcome <> 'accepted' AND shard_id = i.shard_id AND i.attempt > 1)
          WHERE i.stage_id = ? AND i.state = 2 AND i.id > ? ORDER BY i.id LIMIT ?
          """, arguments: [stage, after, limit]
      ).map { row in
        PendingItem(
          id: row["id"], key: [UInt8](row["key"] as Data), attempt: row["attempt"],
          shard: row["shard_id"], lastOutcome: row["outcome"], lastDetail: row["detail"])
      }
    }
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

    /// Creates a shard.
    public init(
      stage: Int64, plan: Int64, provider: String, file: String, items: [Int64], byteCount: Int,
      inputTokens: Int
    ) {
      self.stage = stage
      self.plan = plan
      self.provider = provider
      self.file = file
      self.items = items
      self.byteCount = byteCount
      self.inputTokens = inputTokens
    }
  }

  /// The number the next shard gets.
  public func nextShardNumber() throws(LedgerError) -> Int64 {
    try look("numbering shards") { database in
      (try Int64.fetchOne(database, sql: "SELECT max(id) FROM shards") ?? 0) + 1
    }
  }

  /// Makes shards of repeated requests, in one transaction; their numbers follow `nextShardNumber`.
  public func pack(_ shards: [RepeatedShard], wave: Int) throws(LedgerError) {
    try change("packing") { database in
      for shard in shards {
        guard let first = shard.items.min(), let last = shard.items.max() else { continue }
        try database.execute(
          sql: """
            INSERT INTO shards (stage_id, plan_id, provider, state, file, wave, request_count, byte_count,
              input_tokens, first_item, last_item) VALUES (?, ?, ?, 'packed', ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            shard.stage, shard.plan, shard.provider, shard.file, wave, shard.items.count,
            shard.byteCount, shard.inputTokens, first, last,
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
