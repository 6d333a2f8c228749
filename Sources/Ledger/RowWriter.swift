internal import GRDB
internal import GRDBSQLite
internal import Records

/// A value for a statement. Blobs are not copied: they must stay where they are until the writer's `flush`.
enum RowValue {
  case null
  case integer(Int64)
  case blob(UnsafeRawPointer, Int)
  case text(String)
  /// A hash's sixteen bytes.
  case hash(ContentHash)
}

/// Writes many rows with few statements: SQLite spends several times as long on starting and ending a
/// statement as on a row, so rows go in groups through one statement with as many value lists.
final class RowWriter {
  /// The rows of one statement.
  static let groupSize = 64

  private let connection: OpaquePointer
  private let columns: Int
  private let many: OpaquePointer
  private let single: OpaquePointer
  private var values: [RowValue] = []
  /// Where the hashes of one group lie while its statement runs.
  private let hashes: UnsafeMutablePointer<UInt64>

  /// Creates a writer of rows of `columns` values. The statement is `prefix`, the value lists, `suffix`.
  ///
  /// - Throws: `DatabaseError` when the statement is wrong.
  init(_ database: Database, columns: Int, prefix: String, suffix: String = "") throws {
    guard let connection = database.sqliteConnection else {
      preconditionFailure("a database in use has a connection")
    }
    self.connection = connection
    self.columns = columns
    let list = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
    let lists = Array(repeating: list, count: Self.groupSize).joined(separator: ",")
    hashes = .allocate(capacity: 2 * columns * Self.groupSize)
    many = try Self.prepare("\(prefix)\(lists)\(suffix)", connection)
    single = try Self.prepare("\(prefix)\(list)\(suffix)", connection)
    values.reserveCapacity(columns * Self.groupSize)
  }

  deinit {
    sqlite3_finalize(many)
    sqlite3_finalize(single)
    hashes.deallocate()
  }

  /// Adds a row; writes when a group is full.
  ///
  /// - Throws: `DatabaseError` when a group was written and failed; the rows of that group are not written.
  func append(_ row: RowValue...) throws {
    try append(contentsOf: row)
  }

  /// Adds a row; writes when a group is full.
  ///
  /// - Throws: `DatabaseError` as above.
  func append(contentsOf row: [RowValue]) throws {
    precondition(row.count == columns, "a row has as many values as the statement has columns")
    values.append(contentsOf: row)
    if values.count == columns * Self.groupSize {
      defer { values.removeAll(keepingCapacity: true) }
      try run(many, values[...])
    }
  }

  /// Writes the rows that wait.
  ///
  /// - Throws: `DatabaseError` when one fails; the rows before it are written.
  func flush() throws {
    defer { values.removeAll(keepingCapacity: true) }
    var start = 0
    while start < values.count {
      try run(single, values[start..<(start + columns)])
      start += columns
    }
  }

  private func run(_ statement: OpaquePointer, _ row: ArraySlice<RowValue>) throws {
    defer { sqlite3_reset(statement) }
    var position: Int32 = 1
    for value in row {
      bind(value, at: position, of: statement)
      position += 1
    }
    let code = sqlite3_step(statement)
    guard code == SQLITE_DONE else { throw Self.error(code, connection) }
  }

  private func bind(_ value: RowValue, at position: Int32, of statement: OpaquePointer) {
    switch value {
    case .null: sqlite3_bind_null(statement, position)
    case .integer(let number): sqlite3_bind_int64(statement, position, number)
    case .blob(let start, let count):
      sqlite3_bind_blob(statement, position, count == 0 ? nil : start, Int32(count), nil)
      if count == 0 { sqlite3_bind_zeroblob(statement, position, 0) }
    case .hash(let hash):
      let place = hashes + 2 * Int(position - 1)
      place[0] = hash.high.bigEndian
      place[1] = hash.low.bigEndian
      sqlite3_bind_blob(statement, position, place, 16, nil)
    case .text(let text):
      let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      sqlite3_bind_text(statement, position, text, -1, transient)
    }
  }

  private static func prepare(_ sql: String, _ connection: OpaquePointer) throws -> OpaquePointer {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw error(code, connection) }
    return statement
  }

  private static func error(_ code: Int32, _ connection: OpaquePointer) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
  }
}
