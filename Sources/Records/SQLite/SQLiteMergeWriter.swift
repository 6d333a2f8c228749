internal import GRDBSQLite

/// Carries gathered rows into the table, inside the transaction of a merge.
struct SQLiteMergeWriter {
  private let plan: SQLiteMergePlan
  private let mode: SQLiteMerge.Mode
  private let connection: SQLiteConnection
  private let stage: SQLiteStage

  init(
    _ plan: SQLiteMergePlan, _ mode: SQLiteMerge.Mode, on connection: SQLiteConnection,
    from stage: SQLiteStage
  ) {
    self.plan = plan
    self.mode = mode
    self.connection = connection
    self.stage = stage
  }

  /// Writes all rows.
  ///
  /// - Throws: `SQLiteFailure`, naming the key of a row that is refused or is not one.
  func write() throws(SQLiteFailure) -> SQLiteMerge.Outcome {
    var outcome = SQLiteMerge.Outcome()
    guard !plan.columns.isEmpty || mode == .upsert else { return outcome }
    let rows = try stage.rows()
    let change = try SQLiteStatement(mode == .inPlace ? update : upsert, on: connection)
    let lookup = try SQLiteStatement(
      "SELECT 1 FROM \(plan.target) WHERE \(keyName) = ?1", on: connection)
    while try rows.step() {
      switch try run(change, with: rows) {
      case 1: outcome.written += 1
      case 0 where mode == .upsert: outcome.unchanged += 1
      case 0:
        if try has(rows, lookup) { outcome.unchanged += 1 } else { outcome.gone += 1 }
      case let count:
        throw SQLiteFailure(
          code: SQLITE_CONSTRAINT,
          message: "the key \"\(rows.string(0))\" has \(count) rows; nothing was changed")
      }
    }
    return outcome
  }

  /// Carries out one change; returns how many rows it hit.
  private func run(
    _ change: SQLiteStatement, with rows: SQLiteStatement
  ) throws(SQLiteFailure) -> Int {
    for column in 0...plan.columns.count { change.bind(column + 1, columnOf: rows, column) }
    defer { change.reset() }
    do throws(SQLiteFailure) {
      _ = try change.step()
    } catch {
      guard error.code == SQLITE_CONSTRAINT || error.code == SQLITE_MISMATCH else { throw error }
      throw SQLiteFailure(
        code: error.code,
        message: "the database refuses the row of key \"\(rows.string(0))\": \(error.message)")
    }
    return connection.changes
  }

  private func has(
    _ rows: SQLiteStatement, _ lookup: SQLiteStatement
  ) throws(SQLiteFailure) -> Bool {
    lookup.bind(1, columnOf: rows, 0)
    defer { lookup.reset() }
    return try lookup.step()
  }

  private var keyName: String { SQLiteConnection.quoted(plan.key) }

  /// The columns with their parameters; the key is parameter 1.
  private var parts: [(name: String, parameter: String, isSet: Bool)] {
    plan.columns.enumerated().map { position, column in
      (SQLiteConnection.quoted(column.name), "?\(position + 2)", column.isSet)
    }
  }

  /// Sets what is not null and differs.
  ///
  /// Text is compared by its bytes, whatever the column's collation.
  private var update: String {
    let values = parts.map { "\($0.name) = coalesce(\($0.parameter), \($0.name))" }
    let differences = parts.map {
      "(\($0.parameter) IS NOT NULL AND \($0.name) COLLATE BINARY IS NOT \($0.parameter))"
    }
    return """
      UPDATE \(plan.target) SET \(values.joined(separator: ", "))
      WHERE \(keyName) = ?1 AND (\(differences.joined(separator: " OR ")))
      """
  }

  /// Inserts the row, or sets what differs: fields also to null, what the pipeline sets never.
  private var upsert: String {
    let names = [keyName] + parts.map(\.name)
    let parameters = ["?1"] + parts.map(\.parameter)
    let insert = """
      INSERT INTO \(plan.target) (\(names.joined(separator: ", ")))
      VALUES (\(parameters.joined(separator: ", "))) ON CONFLICT (\(keyName))
      """
    guard !parts.isEmpty else { return insert + " DO NOTHING" }
    let values = parts.map { part in
      let new = "excluded.\(part.name)"
      let old = "\(plan.target).\(part.name)"
      return part.isSet ? "\(part.name) = coalesce(\(new), \(old))" : "\(part.name) = \(new)"
    }
    let differences = parts.map { part in
      let differs = "\(plan.target).\(part.name) COLLATE BINARY IS NOT excluded.\(part.name)"
      return part.isSet ? "(excluded.\(part.name) IS NOT NULL AND \(differs))" : differs
    }
    return """
      \(insert) DO UPDATE SET \(values.joined(separator: ", "))
      WHERE \(differences.joined(separator: " OR "))
      """
  }
}
