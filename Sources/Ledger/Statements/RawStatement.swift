internal import GRDB
internal import GRDBSQLite
internal import Records

/// A prepared statement through SQLite's own interface: nothing is allocated for a run, and no value is copied before it
/// is asked for.
final class RawStatement {
  private let connection: SQLiteConnection
  let handle: OpaquePointer

  /// Prepares a statement.
  ///
  /// - Throws: `DatabaseError` when it is wrong.
  init(_ connection: SQLiteConnection, _ sql: String) throws {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else { throw connection.error(code) }
    self.connection = connection
    self.handle = handle
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// Binds bytes; they must stay where they are until `step` or `run` has returned.
  func bind(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int32) {
    if bytes.isEmpty {
      sqlite3_bind_zeroblob(handle, position, 0)
    } else {
      sqlite3_bind_blob(handle, position, bytes.baseAddress, Int32(bytes.count), nil)
    }
  }

  /// Binds a hash's sixteen bytes, copied; null for nil.
  func bind(_ hash: ContentHash?, at position: Int32) {
    guard let hash else {
      sqlite3_bind_null(handle, position)
      return
    }
    withUnsafeBytes(of: (hash.high.bigEndian, hash.low.bigEndian)) {
      _ = sqlite3_bind_blob(handle, position, $0.baseAddress, 16, Self.copied)
    }
  }

  /// Binds an integer.
  func bind(_ value: Int64, at position: Int32) { sqlite3_bind_int64(handle, position, value) }

  /// Binds an integer; null for nil.
  func bind(_ value: Int64?, at position: Int32) {
    if let value {
      sqlite3_bind_int64(handle, position, value)
    } else {
      sqlite3_bind_null(handle, position)
    }
  }

  /// Binds a text, copied; null for nil.
  func bind(_ text: String?, at position: Int32) {
    if let text {
      sqlite3_bind_text(handle, position, text, -1, Self.copied)
    } else {
      sqlite3_bind_null(handle, position)
    }
  }

  /// Makes SQLite copy what is bound.
  static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  /// Makes the statement ready to run again; the parameters stay.
  func reset() { sqlite3_reset(handle) }

  /// Moves to the next row; false after the last.
  ///
  /// - Throws: `DatabaseError` when SQLite fails.
  func step() throws -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else { throw connection.error(code) }
    return false
  }

  /// Runs a statement without rows, and makes it ready to run again.
  ///
  /// - Returns: How many rows it changed.
  /// - Throws: `DatabaseError` when SQLite fails.
  @discardableResult
  func run() throws -> Int {
    defer { sqlite3_reset(handle) }
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw connection.error(code) }
    return Int(sqlite3_changes(connection.handle))
  }

  /// An integer of the row; 0 for null.
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// An integer of the row, nil for null.
  func optionalInteger(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
  }

  /// The bytes of a blob or text of the row; valid until the next step.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    guard let start = sqlite3_column_blob(handle, column) else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self),
      count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// A hash of the row, nil for null.
  func hash(_ column: Int32) -> ContentHash? {
    ContentHash(bytes: UnsafeRawBufferPointer(bytes(column)))
  }

  /// A text of the row, nil for null.
  func text(_ column: Int32) -> String? {
    sqlite3_column_type(handle, column) == SQLITE_NULL
      ? nil : String(decoding: bytes(column), as: UTF8.self)
  }
}
