internal import GRDB
internal import GRDBSQLite
internal import Records

/// Reads rows through SQLite's own interface: no value is copied before it is asked for.
final class RowCursor {
  private let connection: OpaquePointer
  private let statement: OpaquePointer

  /// Prepares a statement with its integer parameters.
  ///
  /// - Throws: `DatabaseError` when the statement is wrong.
  init(_ database: Database, _ sql: String, _ parameters: Int64...) throws {
    guard let connection = database.sqliteConnection else {
      preconditionFailure("a database in use has a connection")
    }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
    }
    self.connection = connection
    self.statement = statement
    for (position, value) in parameters.enumerated() {
      sqlite3_bind_int64(statement, Int32(position + 1), value)
    }
  }

  deinit {
    sqlite3_finalize(statement)
  }

  /// Starts again with other parameters.
  func rebind(_ body: (OpaquePointer) -> Void) {
    sqlite3_reset(statement)
    body(statement)
  }

  /// Binds bytes; they must stay where they are until the next `step` has returned a row.
  func bind(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int32) {
    if bytes.isEmpty {
      sqlite3_bind_zeroblob(statement, position, 0)
    } else {
      sqlite3_bind_blob(statement, position, bytes.baseAddress, Int32(bytes.count), nil)
    }
  }

  /// Binds a hash's sixteen bytes, copied.
  func bind(_ hash: ContentHash, at position: Int32) {
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    hash.bytes.withUnsafeBytes {
      _ = sqlite3_bind_blob(statement, position, $0.baseAddress, 16, transient)
    }
  }

  /// Binds an integer.
  func bind(_ value: Int64, at position: Int32) { sqlite3_bind_int64(statement, position, value) }

  /// Makes the statement ready to run again; the parameters stay.
  func reset() { sqlite3_reset(statement) }

  /// Moves to the next row; false after the last.
  ///
  /// - Throws: `DatabaseError` when SQLite fails.
  func step() throws -> Bool {
    let code = sqlite3_step(statement)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
    }
    return false
  }

  /// An integer of the row; 0 for null.
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  /// An integer of the row, nil for null.
  func optionalInteger(_ column: Int32) -> Int64? {
    sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : integer(column)
  }

  /// The bytes of a blob or text of the row; valid until the next step.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_blob(statement, column)
    let count = Int(sqlite3_column_bytes(statement, column))
    return UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
  }

  /// A hash of the row, nil for null.
  func hash(_ column: Int32) -> ContentHash? { ContentHash(bytes: UnsafeRawBufferPointer(bytes(column))) }

  /// A text of the row, nil for null.
  func text(_ column: Int32) -> String? {
    sqlite3_column_type(statement, column) == SQLITE_NULL
      ? nil : String(decoding: bytes(column), as: UTF8.self)
  }
}
