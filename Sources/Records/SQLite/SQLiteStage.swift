internal import GRDBSQLite

/// The temporary table in which a merge gathers its rows: the key, its text where it is a number, and one column for
/// each column that is to be written.
///
/// It grows by a column when a record has a member that no record had before.
final class SQLiteStage {
  /// A column of the stage.
  struct Column {
    let name: String
    /// Whether the pipeline sets it; else it is a field of the record.
    let isSet: Bool
    /// The kinds of value seen in it, from which a new table's column gets its type.
    var kinds = SQLiteValueKinds()
  }

  private static let table = "temp.leaven_stage"

  private let connection: SQLiteConnection
  /// The columns in order; the key, which comes first, is not among them.
  private(set) var columns: [Column]
  private(set) var isEmpty = true
  private let key: String
  private var insert: SQLiteStatement?
  private var scratch = ByteBuffer()
  private var recordHints: [Int] = []
  private var settingHints: [Int] = []

  init(on connection: SQLiteConnection, key: String, setting: [Column]) throws(SQLiteFailure) {
    self.connection = connection
    self.key = key
    columns = setting
    // The rows live in SQLite's temporary database, whatever the program's default is: memory stays bounded.
    try connection.execute("PRAGMA temp_store = FILE")
    let names = (0..<columns.count).map { ", c\($0)" }.joined()
    try connection.execute("CREATE TABLE \(Self.table) (key, digits\(names))")
    try connection.execute("BEGIN")
  }

  func add(key keyValue: JSONView, record: JSONView?, setting: JSONView?) throws(SQLiteFailure) {
    if let record { try widen(for: record) }
    if insert == nil { try prepareInsert() }
    guard let insert else { return }
    isEmpty = false
    insert.bind(1, keyValue, scratch: &scratch)
    if keyValue.kind == .number { insert.bind(2, keyValue.rawBytes) } else { insert.bindNull(2) }
    for position in columns.indices {
      let view = value(of: position, record, setting)
      if let view { columns[position].kinds.note(view) }
      insert.bind(position + 3, view, scratch: &scratch)
    }
    _ = try insert.step()
    insert.reset()
  }

  /// Ends the gathering.
  ///
  /// The rows can be read now.
  func close() throws(SQLiteFailure) {
    insert = nil
    try connection.execute("COMMIT")
  }

  /// The rows gathered, in order: key, its text if it is a number, then the columns.
  func rows() throws(SQLiteFailure) -> SQLiteStatement {
    let names = (0..<columns.count).map { ", c\($0)" }.joined()
    return try SQLiteStatement(
      "SELECT key, digits\(names) FROM \(Self.table) ORDER BY rowid", on: connection)
  }

  /// A key that several rows have, and how many; nil when each has its own.
  func sharedKey() throws(SQLiteFailure) -> (key: String, rows: Int)? {
    let keys = try SQLiteStatement(
      """
      SELECT coalesce(digits, key), count(*) FROM \(Self.table)
      GROUP BY coalesce(digits, key) HAVING count(*) > 1 LIMIT 1
      """, on: connection)
    return try keys.step() ? (keys.string(0), Int(keys.integer(1))) : nil
  }

  private func value(of position: Int, _ record: JSONView?, _ setting: JSONView?) -> JSONView? {
    var name = columns[position].name
    return name.withUTF8 { bytes in
      columns[position].isSet
        ? setting?.member(bytes, near: &settingHints[position])
        : record?.member(bytes, near: &recordHints[position])
    }
  }

  /// Adds a column for each member of the record that has none.
  private func widen(for record: JSONView) throws(SQLiteFailure) {
    var next = 0
    for member in record.members {
      if next < columns.count, isName(next, member.key) {
        next += 1
      } else if let place = columns.indices.first(where: { isName($0, member.key) }) {
        next = place + 1
      } else if !isKey(member.key) {
        insert = nil
        try connection.execute("ALTER TABLE \(Self.table) ADD COLUMN c\(columns.count)")
        columns.append(Column(name: member.key.text, isSet: false))
        next = columns.count
      }
    }
  }

  private func isName(_ position: Int, _ key: JSONView) -> Bool {
    var name = columns[position].name
    return name.withUTF8 { key.hasText($0) }
  }

  private func isKey(_ member: JSONView) -> Bool {
    var name = key
    return name.withUTF8 { member.hasText($0) }
  }

  private func prepareInsert() throws(SQLiteFailure) {
    recordHints = [Int](repeating: 0, count: columns.count)
    settingHints = recordHints
    let values = [String](repeating: "?", count: columns.count + 2).joined(separator: ", ")
    insert = try SQLiteStatement("INSERT INTO \(Self.table) VALUES (\(values))", on: connection)
  }
}
