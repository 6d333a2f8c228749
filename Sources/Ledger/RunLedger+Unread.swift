internal import GRDB

extension RunLedger {
  /// Has the next reading of a stage decide anew about the items that are pending and in no shard: an export, which
  /// repeats no requests of files that it did not write, writes theirs from their records.
  ///
  /// - Throws: `LedgerError`.
  public func rereadPending(ofStage stage: Int64) throws(LedgerError) {
    try change("taking up what waits") { database in
      let connection = SQLiteConnection(database)
      let count = try connection.run(
        "UPDATE items SET state = 8 WHERE stage_id = ? AND state = 2", stage)
      if count > 0 { try OrphanedTwins.forgetStamps(connection) }
    }
  }

  /// Whether items of a stage wait for a reading to decide about them.
  ///
  /// - Throws: `LedgerError`.
  public func hasUnread(ofStage stage: Int64) throws(LedgerError) -> Bool {
    try look("looking for what was not read") { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM items WHERE stage_id = ? AND state = 8)",
        arguments: [stage]) ?? false
    }
  }
}
