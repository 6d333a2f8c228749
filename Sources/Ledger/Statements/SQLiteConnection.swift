internal import GRDB
internal import GRDBSQLite

/// SQLite's own handle of a ledger, for statements that run once a row.
///
/// Only to be used under the ledger's database queue.
struct SQLiteConnection {
  let handle: OpaquePointer

  init(_ database: Database) {
    guard let handle = database.sqliteConnection else {
      preconditionFailure("a database in use has a connection")
    }
    self.handle = handle
  }

  /// Prepares a statement with its integer parameters.
  ///
  /// - Throws: `DatabaseError` when the statement is wrong.
  func prepare(_ sql: String, _ parameters: Int64...) throws -> RawStatement {
    let statement = try RawStatement(self, sql)
    for (position, value) in parameters.enumerated() {
      statement.bind(value, at: Int32(position + 1))
    }
    return statement
  }

  /// Runs a statement without rows once.
  ///
  /// - Returns: How many rows it changed.
  /// - Throws: `DatabaseError`.
  @discardableResult
  func run(_ sql: String, _ parameters: Int64...) throws -> Int {
    let statement = try RawStatement(self, sql)
    for (position, value) in parameters.enumerated() {
      statement.bind(value, at: Int32(position + 1))
    }
    return try statement.run()
  }

  /// The integer a query finds; nil when there is no row or it is null.
  ///
  /// - Throws: `DatabaseError`.
  func integer(_ sql: String, _ parameters: Int64...) throws -> Int64? {
    let statement = try RawStatement(self, sql)
    for (position, value) in parameters.enumerated() {
      statement.bind(value, at: Int32(position + 1))
    }
    return try statement.step() ? statement.optionalInteger(0) : nil
  }

  /// Whether a query (`SELECT EXISTS …`) says yes.
  ///
  /// - Throws: `DatabaseError`.
  func holds(_ sql: String, _ parameters: Int64...) throws -> Bool {
    let statement = try RawStatement(self, sql)
    for (position, value) in parameters.enumerated() {
      statement.bind(value, at: Int32(position + 1))
    }
    return try statement.step() && statement.integer(0) != 0
  }

  /// What SQLite says of a code it just returned.
  func error(_ code: Int32) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(handle)))
  }
}
