/// What a merge finds and what it must do to the table before it writes rows.
struct SQLiteMergePlan {
  let path: String
  /// The table's name as the user wrote it.
  let table: String
  /// The table as it is; nil when there is none.
  let found: SQLiteTable?
  /// The key column as the user named it.
  let key: String
  let columns: [SQLiteStage.Column]

  init(
    on connection: SQLiteConnection, table: String, key: String, columns: [SQLiteStage.Column]
  ) throws(WriteError) {
    path = connection.path
    self.table = table
    self.key = key
    self.columns = columns
    do throws(SQLiteFailure) {
      found = try SQLiteTable.read(table, on: connection)
    } catch {
      throw error.writing(connection.path)
    }
  }

  /// Refuses what cannot be merged into.
  func check(_ mode: SQLiteMerge.Mode, addsColumns: Bool) throws(WriteError) {
    try refuseSharedColumns()
    guard let found else {
      guard mode == .inPlace else { return }
      throw WriteError(.unknownTable, path: path, "has no table \"\(table)\"")
    }
    guard found.kind == .table else {
      throw WriteError(
        .unknownTable, path: path, "\"\(table)\" is a \(found.kind.rawValue), not a table",
        hint: "name a table")
    }
    guard found.column(key) != nil else {
      throw WriteError(
        .unknownColumn, path: path, "table \"\(table)\" has no column \"\(key)\"",
        hint: "it has \(found.columns.map(\.name).joined(separator: ", "))")
    }
    guard found.isUnique(key) else {
      let name = SQLiteConnection.quoted
      throw WriteError(
        .notUnique, path: path, "column \"\(key)\" of table \"\(table)\" does not identify a row",
        hint: "CREATE UNIQUE INDEX … ON \(name(found.name)) (\(name(key)))")
    }
    for column in columns {
      try check(column, in: found, addsColumns: addsColumns)
    }
  }

  /// Refuses names that SQLite takes for one: the values of only one of them would be left.
  private func refuseSharedColumns() throws(WriteError) {
    var names = [SQLiteTable.folded(key): key]
    for column in columns {
      guard let other = names.updateValue(column.name, forKey: SQLiteTable.folded(column.name))
      else { continue }
      throw WriteError(
        .sharedColumn, path: path,
        "\"\(other)\" and \"\(column.name)\" would share a column of table \"\(table)\": "
          + "SQLite does not tell A from a in names; nothing was changed",
        hint: "rename one of them, or write to csv or jsonl: what was paid for is kept")
    }
  }

  private func check(
    _ column: SQLiteStage.Column, in found: SQLiteTable, addsColumns: Bool
  ) throws(WriteError) {
    guard let existing = found.column(column.name) else {
      guard !addsColumns else { return }
      throw WriteError(
        .unknownColumn, path: path, "table \"\(table)\" has no column \"\(column.name)\"",
        hint: "set add_columns: true, or name a column it has")
    }
    if existing.isGenerated {
      throw WriteError(
        .unknownColumn, path: path,
        "column \"\(column.name)\" of table \"\(table)\" is generated and cannot be set")
    }
  }

  /// The statements that make the table, or the columns it lacks.
  var preparations: [String] {
    guard let found else { return [creation] }
    return columns.filter { found.column($0.name) == nil }.map { column in
      "ALTER TABLE \(SQLiteConnection.quoted(found.name)) ADD COLUMN \(Self.declaration(column))"
    }
  }

  /// How the key column keeps keys; nil for a table that the merge makes, which keeps any.
  var keyStorage: KeyStorage? { found?.keyStorage(key) }

  /// The table's name as SQL text.
  var target: String { SQLiteConnection.quoted(found?.name ?? table) }

  private var creation: String {
    // Whatever the keys are tonight, TEXT holds those of any other night, and is compared with numbers as a number.
    let key = "\(SQLiteConnection.quoted(key)) TEXT PRIMARY KEY NOT NULL"
    let others = columns.map { ", " + Self.declaration($0) }.joined()
    return "CREATE TABLE \(SQLiteConnection.quoted(table)) (\(key)\(others))"
  }

  private static func declaration(_ column: SQLiteStage.Column) -> String {
    let type = column.kinds.declaredType
    return SQLiteConnection.quoted(column.name) + (type.isEmpty ? "" : " \(type)")
  }
}
