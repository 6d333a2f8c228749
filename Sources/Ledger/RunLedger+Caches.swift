internal import GRDB

/// How much of a stage's input came from the provider's cache.
public struct CacheUse: Sendable, Equatable {
  /// Tokens that were read plain.
  public var plain: Int
  /// Tokens that were written to the cache.
  public var written: Int
  /// Tokens that were found there.
  public var read: Int

  /// All input.
  public var all: Int { plain + written + read }
}

/// What requests that were billed alike used.
public struct CachedUsage: Sendable, Equatable {
  /// How they asked.
  public let plan: Int64
  /// How they went.
  public let lane: ShardLane
  /// The input of each that was read plain.
  public let plain: Int
  /// The input of each that was written to the cache.
  public let written: Int
  /// The input of each that was found there.
  public let read: Int
  /// How many they are.
  public let requests: Int
}

extension RunLedger {
  /// What requests of a stage used that wrote to the cache or read from it; walks over the stage's attempts.
  ///
  /// - Throws: `LedgerError`.
  public func cachedUsage(ofStage stage: Int64) throws(LedgerError) -> [CachedUsage] {
    try look("adding up what the cache saved") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT t.plan_id, coalesce(s.lane, 'batch'), t.input_tokens, t.cache_write_tokens,
            t.cache_read_tokens, count(*)
          FROM attempts t JOIN shards s ON s.id = t.shard_id
          WHERE s.stage_id = ? AND t.cache_write_tokens + t.cache_read_tokens > 0
          GROUP BY 1, 2, 3, 4, 5
          """, arguments: [stage]
      ).map { row in
        guard let lane = ShardLane(rawValue: row[1]) else {
          preconditionFailure("the ledger's constraint allows only known lanes")
        }
        return CachedUsage(
          plan: row[0], lane: lane, plain: row[2], written: row[3], read: row[4],
          requests: row[5])
      }
    }
  }

  /// How much of all billed input of a stage came from the cache; walks over the stage's attempts.
  ///
  /// - Throws: `LedgerError`.
  public func cacheUse(ofStage stage: Int64) throws(LedgerError) -> CacheUse {
    try look("adding up what came from the cache") { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT coalesce(sum(t.input_tokens), 0), coalesce(sum(t.cache_write_tokens), 0),
            coalesce(sum(t.cache_read_tokens), 0)
          FROM attempts t JOIN shards s ON s.id = t.shard_id WHERE s.stage_id = ?
          """, arguments: [stage])
      return CacheUse(plain: row?[0] ?? 0, written: row?[1] ?? 0, read: row?[2] ?? 0)
    }
  }
}
