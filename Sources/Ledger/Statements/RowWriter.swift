internal import GRDBSQLite
internal import Records

/// A row that a `RowWriter` writes.
protocol WritableRow {
  /// How many values `bind` binds.
  static var valueCount: Int { get }

  /// Binds the row's values in the order of the statement's parameters.
  func bind(to binder: inout RowBinder)
}

/// Writes many rows with few statements: SQLite spends several times as long on starting and ending a
/// statement as on a row, so rows go in groups through one statement with as many value lists.
final class RowWriter<Row: WritableRow> {
  /// The rows of one statement.
  private static var groupSize: Int { 64 }

  private let many: RawStatement
  private let single: RawStatement
  private var waiting: [Row] = []
  private let hashes: UnsafeMutablePointer<UInt64>

  /// Creates a writer. A statement is `prefix`, then `list` (with a `?` for each value of a row) once for each
  /// row, then `suffix`.
  ///
  /// - Throws: `DatabaseError` when the statement is wrong.
  init(
    _ connection: SQLiteConnection, prefix: String, list: String, suffix: String = ""
  ) throws {
    let lists = Array(repeating: list, count: Self.groupSize).joined(separator: ",")
    many = try connection.prepare("\(prefix)\(lists)\(suffix)")
    single = try connection.prepare("\(prefix)\(list)\(suffix)")
    hashes = .allocate(capacity: 2 * Row.valueCount * Self.groupSize)
    waiting.reserveCapacity(Self.groupSize)
  }

  deinit {
    hashes.deallocate()
  }

  /// Adds a row; writes when a group is full.
  ///
  /// - Throws: `DatabaseError` when a group was written and failed; no row of that group is written.
  func append(_ row: Row) throws {
    waiting.append(row)
    guard waiting.count == Self.groupSize else { return }
    defer { waiting.removeAll(keepingCapacity: true) }
    try run(many, waiting[...])
  }

  /// Writes the rows that wait.
  ///
  /// - Throws: `DatabaseError` when one fails; the rows before it are written.
  func flush() throws {
    defer { waiting.removeAll(keepingCapacity: true) }
    for position in waiting.indices { try run(single, waiting[position...position]) }
  }

  private func run(_ statement: RawStatement, _ rows: ArraySlice<Row>) throws {
    var binder = RowBinder(statement, hashes: hashes)
    for row in rows { row.bind(to: &binder) }
    try statement.run()
  }
}
