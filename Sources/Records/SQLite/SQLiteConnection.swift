internal import GRDBSQLite

/// An open database.
final class SQLiteConnection {
  /// What may be done with it.
  enum Access { case reading, writing, creating }

  /// How long to wait for another program's lock.
  private static let patienceMilliseconds: Int32 = 30_000

  let path: String
  let handle: OpaquePointer

  init(path: String, for access: Access) throws(SQLiteFailure) {
    self.path = path
    let flags =
      switch access {
      case .reading: SQLITE_OPEN_READONLY
      case .writing: SQLITE_OPEN_READWRITE
      case .creating: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    var opened: OpaquePointer?
    let status = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK, let opened else {
      let failure = SQLiteFailure(opened, code: status)
      sqlite3_close_v2(opened)
      throw failure
    }
    handle = opened
    sqlite3_busy_timeout(handle, Self.patienceMilliseconds)
  }

  deinit { sqlite3_close_v2(handle) }

  /// How many rows the last statement changed.
  var changes: Int { Int(sqlite3_changes64(handle)) }

  /// Whether a transaction is open.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Carries out one statement that gives no rows.
  func execute(_ sql: String) throws(SQLiteFailure) {
    let statement = try SQLiteStatement(sql, on: self)
    while try statement.step() {}
  }

  /// A name as SQL text, whatever is in it.
  static func quoted(_ name: String) -> String {
    var quoted = "\""
    for scalar in name.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
