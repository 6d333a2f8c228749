internal import GRDB

extension RunLedger {
  /// The end of a packed shard's file that becomes a shard of its own; its file is complete and synced.
  public struct Tail: Sendable {
    /// The number of the new shard, from `nextShardNumber`.
    public var number: Int64
    /// Its file, relative to the state folder.
    public var file: String
    /// Its items.
    public var items: [Int64]
    /// Its bytes.
    public var byteCount: Int
    /// The estimated input tokens.
    public var inputTokens: Int

    /// Creates a description.
    public init(number: Int64, file: String, items: [Int64], byteCount: Int, inputTokens: Int) {
      self.number = number
      self.file = file
      self.items = items
      self.byteCount = byteCount
      self.inputTokens = inputTokens
    }
  }

  /// Makes two shards of a packed one, in one transaction: it keeps the beginning of its file, the new shard has a
  /// file with the rest.
  ///
  /// - Parameters:
  ///   - shard: The shard; its requests, bytes and tokens are already those that it keeps.
  ///   - tail: The rest.
  /// - Throws: `LedgerError`; then nothing changed.
  public func split(_ shard: ShardRecord, _ tail: Tail) throws(LedgerError) {
    precondition(shard.state == .packed && !tail.items.isEmpty, "what was sent is not split")
    try change("splitting shard \(shard.id)") { database in
      try database.execute(
        sql: """
          INSERT INTO shards (id, stage_id, plan_id, provider, state, file, wave, request_count, byte_count,
            input_tokens, first_item, last_item, lane)
            VALUES (?, ?, ?, ?, 'packed', ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          tail.number, shard.stage, shard.plan, shard.provider, tail.file, shard.wave,
          tail.items.count, tail.byteCount, tail.inputTokens, tail.items.min(), tail.items.max(),
          shard.lane?.rawValue,
        ])
      try database.execute(
        sql: "UPDATE shards SET request_count = ?, byte_count = ?, input_tokens = ? WHERE id = ?",
        arguments: [shard.requestCount, shard.byteCount, shard.inputTokens, shard.id])
      let move = try SQLiteConnection(database).prepare(
        "UPDATE items SET shard_id = ? WHERE id = ? AND state = 3 AND shard_id = ?", tail.number)
      move.bind(shard.id, at: 3)
      for item in tail.items {
        move.bind(item, at: 2)
        guard try move.run() == 1 else {
          preconditionFailure("each request of a packed shard is an item's")
        }
      }
    }
  }
}
