internal import GRDB

extension RunLedger {
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
