internal import GRDB

extension RunLedger {
  /// The results files by number, as paths relative to the state folder.
  ///
  /// - Throws: `LedgerError`.
  public func resultsFiles() throws(LedgerError) -> [Int64: String] {
    try look("reading the results files") { database in
      var files: [Int64: String] = [:]
      let rows = try Row.fetchCursor(database, sql: "SELECT id, file FROM results")
      while let row = try rows.next() { files[row["id"]] = row["file"] }
      return files
    }
  }

  /// When the last results file was stored, in UTC milliseconds; nil before the first.
  ///
  /// - Throws: `LedgerError`.
  public func lastResultsStored() throws(LedgerError) -> Int64? {
    try look("reading the results files") { database in
      try Int64.fetchOne(database, sql: "SELECT max(stored_at) FROM results")
    }
  }
}
