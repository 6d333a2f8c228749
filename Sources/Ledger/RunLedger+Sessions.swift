internal import GRDB

/// Transactions that stay open from one call to the next.
extension RunLedger {
  /// Begins one.
  ///
  /// - Throws: `LedgerError`; then none is open.
  func begin<Value>(
    _ operation: String, _ body: (Database) throws -> Value
  ) throws(LedgerError) -> Value {
    try SQLError.typed(operation, at: path) {
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN IMMEDIATE")
        do {
          return try body(database)
        } catch {
          Self.rollBack(database)
          throw error
        }
      }
    }
  }

  /// Does the last part of one, and makes it count.
  ///
  /// - Throws: `LedgerError`; then nothing of it counts.
  func commit<Value>(
    _ operation: String, _ body: (Database) throws -> Value
  ) throws(LedgerError) -> Value {
    try SQLError.typed(operation, at: path) {
      try queue.writeWithoutTransaction { database in
        do {
          let value = try body(database)
          try database.execute(sql: "COMMIT")
          return value
        } catch {
          Self.rollBack(database)
          throw error
        }
      }
    }
  }

  /// Ends one without a trace.
  static func rollBack(_ database: Database) {
    // Rolling back fails only when SQLite has already rolled back, which is what is wanted.
    try? database.execute(sql: "ROLLBACK")
  }
}
