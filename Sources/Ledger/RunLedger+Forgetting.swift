internal import GRDB

extension RunLedger {
  /// Lets the next reading admit items anew whose request lines are gone; they stay pending in the counts.
  ///
  /// - Parameters:
  ///   - stage: Their stage, whose source will be read again.
  ///   - items: Pending items.
  /// - Throws: `LedgerError`.
  public func forgetReading(ofStage stage: Int64, items: [Int64]) throws(LedgerError) {
    try change("preparing to read again") { database in
      try database.execute(
        sql: "UPDATE stages SET reading_stamp = NULL WHERE id = ?", arguments: [stage])
      let forget = try SQLiteConnection(database).prepare(
        "UPDATE items SET state = 8 WHERE id = ? AND state = 2")
      for item in items {
        forget.bind(item, at: 1)
        try forget.run()
      }
    }
  }
}
