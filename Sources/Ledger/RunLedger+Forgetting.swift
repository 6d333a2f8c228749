internal import GRDB

extension RunLedger {
  /// Lets the next reading admit items anew whose request lines are gone. Until then they wait, without a shard.
  ///
  /// - Parameters:
  ///   - stage: Their stage, whose source will be read again.
  ///   - items: Pending items.
  /// - Throws: `LedgerError`.
  public func forgetReading(ofStage stage: Int64, items: [Int64]) throws(LedgerError) {
    try change("preparing to read again") { database in
      try database.execute(
        sql: "UPDATE stages SET reading_stamp = NULL WHERE id = ?", arguments: [stage])
      let statement = try database.cachedStatement(
        sql: "UPDATE items SET shard_id = NULL WHERE id = ? AND state = 2")
      for item in items { try statement.execute(arguments: [item]) }
    }
  }
}
