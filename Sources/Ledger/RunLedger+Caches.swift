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

extension RunLedger {
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
