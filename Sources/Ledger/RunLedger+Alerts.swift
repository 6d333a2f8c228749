internal import GRDB

extension RunLedger {
  /// Takes note that somebody was told something.
  ///
  /// - Parameters:
  ///   - kind: What kind of thing.
  ///   - subject: What it is about; a new subject is news.
  ///   - now: UTC milliseconds.
  /// - Returns: Whether it is news: false when it was told before and is not over.
  /// - Throws: `LedgerError`.
  public func raiseAlert(
    kind: String, subject: String, now: Int64
  ) throws(LedgerError) -> Bool {
    try change("noting an alert") { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO alerts VALUES (?, ?, ?)", arguments: [kind, subject, now])
      return database.changesCount > 0
    }
  }

  /// What was told last of some kinds, as its subject; nil when nothing is standing.
  ///
  /// - Throws: `LedgerError`.
  public func lastAlert(ofKinds kinds: [String]) throws(LedgerError) -> String? {
    try look("reading the alerts") { database in
      guard try database.tableExists("alerts") else { return nil }
      return try String.fetchOne(
        database,
        sql: """
          SELECT subject FROM alerts WHERE kind IN (\(databaseQuestionMarks(count: kinds.count)))
          ORDER BY raised_at DESC LIMIT 1
          """, arguments: StatementArguments(kinds))
    }
  }

  /// Forgets what was told of a kind: should it happen again, it is news.
  ///
  /// - Parameters:
  ///   - kind: What kind of thing.
  ///   - subject: Only of this subject; all of the kind when nil.
  /// - Throws: `LedgerError`.
  public func endAlerts(kind: String, subject: String? = nil) throws(LedgerError) {
    let arguments: StatementArguments = [kind, subject]
    let condition = "kind = ?1 AND (?2 IS NULL OR subject = ?2)"
    let exists = try look("reading the alerts") { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM alerts WHERE \(condition))",
        arguments: arguments) ?? false
    }
    guard exists else { return }
    try change("ending an alert") { database in
      try database.execute(sql: "DELETE FROM alerts WHERE \(condition)", arguments: arguments)
    }
  }
}
