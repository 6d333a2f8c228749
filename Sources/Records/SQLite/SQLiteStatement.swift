internal import GRDBSQLite

/// One prepared statement.
final class SQLiteStatement {
  /// Keeps the database open as long as the statement is there.
  private let connection: SQLiteConnection
  private let handle: OpaquePointer
  /// Whether there is another statement in the text after this one.
  let hasMore: Bool

  init(_ sql: String, on connection: SQLiteConnection) throws(SQLiteFailure) {
    self.connection = connection
    var prepared: OpaquePointer?
    var another: OpaquePointer?
    var status = SQLITE_OK
    sql.withCString { text in
      var tail: UnsafePointer<CChar>?
      status = sqlite3_prepare_v2(connection.handle, text, -1, &prepared, &tail)
      guard status == SQLITE_OK, prepared != nil else { return }
      while status == SQLITE_OK, another == nil, let rest = tail, rest.pointee != 0 {
        status = sqlite3_prepare_v2(connection.handle, rest, -1, &another, &tail)
        // What is no statement at all is more than this one, too.
        if status != SQLITE_OK { break }
      }
    }
    hasMore = another != nil || (prepared != nil && status != SQLITE_OK)
    sqlite3_finalize(another)
    guard let prepared else {
      if status != SQLITE_OK { throw SQLiteFailure(connection.handle, code: status) }
      throw SQLiteFailure(nil, code: SQLITE_MISUSE)
    }
    handle = prepared
  }

  deinit { sqlite3_finalize(handle) }

  /// Goes to the next row; false when there is none.
  @inline(__always) func step() throws(SQLiteFailure) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let status: throw SQLiteFailure(connection.handle, code: status)
    }
  }

  /// Makes the statement ready to run again; the values bound stay.
  func reset() { sqlite3_reset(handle) }

  /// Whether it certainly writes nothing.
  var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }
  /// The number of values in each row.
  var columnCount: Int { Int(sqlite3_column_count(handle)) }
  /// The number of values to bind.
  var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

  /// The name of a column of the rows.
  func columnName(_ index: Int) -> String {
    sqlite3_column_name(handle, Int32(index)).map { String(cString: $0) } ?? ""
  }

  /// The storage class of a value of the row: `SQLITE_INTEGER` and so on.
  @inline(__always) func kind(_ index: Int) -> Int32 { sqlite3_column_type(handle, Int32(index)) }
  /// A value of the row as an integer.
  @inline(__always) func integer(_ index: Int) -> Int64 {
    sqlite3_column_int64(handle, Int32(index))
  }
  /// A value of the row as a real number.
  @inline(__always) func real(_ index: Int) -> Double {
    sqlite3_column_double(handle, Int32(index))
  }

  /// A value of the row as UTF-8; valid until the next step.
  @inline(__always) func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, Int32(index))
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(index))))
  }

  /// A value of the row as a string.
  func string(_ index: Int) -> String { String(decoding: text(index), as: UTF8.self) }

  /// Binds a value of another statement's row.
  ///
  /// Parameters count from 1.
  func bind(_ parameter: Int, columnOf other: SQLiteStatement, _ column: Int) {
    sqlite3_bind_value(handle, Int32(parameter), sqlite3_column_value(other.handle, Int32(column)))
  }

  /// Binds a string.
  ///
  /// Parameters count from 1.
  func bind(_ parameter: Int, _ text: String) {
    var text = text
    text.withUTF8 { bind(parameter, $0) }
  }

  /// Binds a JSON value as its nearest storage class.
  ///
  /// Parameters count from 1.
  func bind(_ parameter: Int, _ value: JSONView?, scratch: inout ByteBuffer) {
    guard let value, !value.isNull else { return bindNull(parameter) }
    switch value.kind {
    case .true: sqlite3_bind_int64(handle, Int32(parameter), 1)
    case .false: sqlite3_bind_int64(handle, Int32(parameter), 0)
    case .number:
      if let integer = value.int {
        sqlite3_bind_int64(handle, Int32(parameter), Int64(integer))
      } else if !value.node.flags.contains(.integer), let real = value.double, real.isFinite {
        sqlite3_bind_double(handle, Int32(parameter), real)
      } else {
        // Neither an int64 nor a double holds it; its digits do.
        bind(parameter, value.rawBytes)
      }
    default:
      scratch.removeAll()
      value.appendText(to: &scratch)
      bind(parameter, scratch.bytes)
    }
  }

  /// Binds null to a parameter, from 1.
  func bindNull(_ parameter: Int) { sqlite3_bind_null(handle, Int32(parameter)) }

  /// Binds an integer.
  ///
  /// Parameters count from 1.
  func bind(_ parameter: Int, _ integer: Int64) {
    sqlite3_bind_int64(handle, Int32(parameter), integer)
  }

  /// Binds UTF-8 text.
  ///
  /// Parameters count from 1.
  func bind(_ parameter: Int, _ text: UnsafeBufferPointer<UInt8>) {
    // SQLITE_TRANSIENT: SQLite copies the bytes before it returns.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    // A null pointer would bind null, not the empty text.
    let start = UnsafeRawPointer(text.baseAddress ?? ("" as StaticString).utf8Start)
      .assumingMemoryBound(to: CChar.self)
    sqlite3_bind_text64(
      handle, Int32(parameter), start, UInt64(text.count), transient, UInt8(SQLITE_UTF8))
  }

  /// Binds a real number to a parameter, from 1.
  func bind(_ parameter: Int, real: Double) {
    sqlite3_bind_double(handle, Int32(parameter), real)
  }
}
