internal import GRDB
public import Records

extension RunLedger {
  /// Who waits for the rows of shards.
  ///
  /// - Parameters:
  ///   - shards: Open shards.
  ///   - customID: The hash of the custom_id that a key's request has.
  /// - Returns: The roster, in memory as a whole.
  /// - Throws: `LedgerError`.
  public func roster(
    of shards: [ShardRecord], customID: (UnsafeBufferPointer<UInt8>) -> ContentHash
  ) throws(LedgerError) -> ShardRoster {
    try look("reading who waits for a batch") { database in
      let connection = SQLiteConnection(database)
      var roster = ShardRoster(expecting: shards.reduce(0) { $0 + $1.requestCount })
      for shard in shards {
        let items = try connection.prepare(
          "SELECT id, key FROM items WHERE id BETWEEN ? AND ? AND shard_id = ? AND state = 3",
          shard.items.lowerBound, shard.items.upperBound, shard.id)
        while try items.step() { roster.insert(customID(items.bytes(1)), .item(items.integer(0))) }
        let open = try connection.prepare(
          """
          SELECT t.id, i.key FROM attempts t JOIN items i ON i.id = t.item_id
          WHERE t.shard_id = ? AND t.outcome = 'open'
          """, shard.id)
        while try open.step() { roster.insert(customID(open.bytes(1)), .attempt(open.integer(0))) }
      }
      return roster
    }
  }

  /// How many rows are those of a stage's requests whose row came before.
  ///
  /// - Parameters:
  ///   - customIDs: The hashes of the rows' custom_ids.
  ///   - stage: The stage's number.
  ///   - customID: The hash of the custom_id that a key's request has.
  /// - Returns: How many of the rows.
  /// - Throws: `LedgerError`.
  public func decidedCount(
    of customIDs: [ContentHash], ofStage stage: Int64,
    customID: (UnsafeBufferPointer<UInt8>) -> ContentHash
  ) throws(LedgerError) -> Int {
    if customIDs.isEmpty { return 0 }
    return try look("looking for rows that came before") { database in
      var rows: [ContentHash: Int] = [:]
      for id in customIDs { rows[id, default: 0] += 1 }
      let keys = try SQLiteConnection(database).prepare(
        "SELECT key FROM items NOT INDEXED WHERE stage_id = ? AND state IN (2, 4, 5)", stage)
      var count = 0
      while try keys.step() { count += rows[customID(keys.bytes(0))] ?? 0 }
      return count
    }
  }

  /// The exported shards of a stage (of all stages when nil) that a results file may answer, oldest first: all, for a
  /// file that was never applied; for one that was, those that were there then. So a file applied again can
  /// never answer what was asked after it.
  ///
  /// - Parameters:
  ///   - stage: The stage's number.
  ///   - file: The results file's path relative to the state folder, as `SettlingSession` is given it; nil for one
  ///     that was never applied.
  /// - Returns: The shards, oldest first.
  /// - Throws: `LedgerError`.
  public func exportedShards(
    ofStage stage: Int64? = nil, answeredBy file: String?
  ) throws(LedgerError) -> [ShardRecord] {
    try shards(
      """
      state = 'exported' AND (?1 IS NULL OR stage_id = ?1)
        AND id <= coalesce((SELECT last_shard FROM results WHERE file = ?2), id)
      """, [stage, file])
  }
}
