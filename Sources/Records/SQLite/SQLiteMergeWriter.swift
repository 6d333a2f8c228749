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
    if mode == .upsert { try refuseSharedKey() }
    let rows = try stage.rows()
    let change = try SQLiteStatement(mode == .inPlace ? update : upsert, on: connection)
    let lookup = try SQLiteStatement(
      "SELECT 1 FROM \(plan.target) WHERE \(keyName) = ?1", on: connection)
    // A column that keeps any key is not looked at again.
    let keeps = try plan.keyStorage?.keepsAll == false && mode == .upsert ? keptKey() : nil
    while try rows.step() {
      let count = try run(change, with: rows)
      if let keeps { try check(keeps, rows) }
      switch count {
      case 1: outcome.written += 1
      case 0 where mode == .upsert: outcome.unchanged += 1
      case 0:
        if try has(rows, lookup) { outcome.unchanged += 1 } else { outcome.gone += 1 }
      case let count:
        throw SQLiteFailure(
          code: SQLITE_CONSTRAINT,
          message: "the key \"\(keyText(of: rows))\" has \(count) rows; nothing was changed")
      }
    }
    return outcome
  }

  /// Refuses records that would share a row: only the last of them would be left.
  private func refuseSharedKey() throws(SQLiteFailure) {
    guard let shared = try stage.sharedKey() else { return }
    throw SQLiteFailure(
      code: SQLITE_CONSTRAINT,
      message:
        "\(shared.rows) records have \(plan.key) \"\(shared.key)\", and would share one row; nothing was changed",
      hint:
        "merge under a column that is each record's own, or give it a value of its own with set:")
  }

  /// Carries out one change; returns how many rows it hit.
  private func run(
    _ change: SQLiteStatement, with rows: SQLiteStatement
  ) throws(SQLiteFailure) -> Int {
    change.bind(1, columnOf: rows, keyColumn(of: rows))
    for position in plan.columns.indices {
      change.bind(position + 2, columnOf: rows, position + 2)
    }
    defer { change.reset() }
    do throws(SQLiteFailure) {
      _ = try change.step()
    } catch {
      guard error.code == SQLITE_CONSTRAINT || error.code == SQLITE_MISMATCH else { throw error }
      throw SQLiteFailure(
        code: error.code,
        message: "the database refuses the row of key \"\(keyText(of: rows))\": \(error.message)")
    }
    return connection.changes
  }

  private func has(
    _ rows: SQLiteStatement, _ lookup: SQLiteStatement
  ) throws(SQLiteFailure) -> Bool {
    lookup.bind(1, columnOf: rows, keyColumn(of: rows))
    defer { lookup.reset() }
    return try lookup.step()
  }

  /// Which of a gathered row's values goes into the key column: into one of texts, a number goes as it was written.
  private func keyColumn(of rows: SQLiteStatement) -> Int {
    let takesText = plan.keyStorage.map { $0.affinity == .text } ?? true
    return takesText && mode == .upsert ? textColumn(of: rows) : 0
  }

  private func textColumn(of rows: SQLiteStatement) -> Int {
    rows.kind(1) == SQLITE_NULL ? 0 : 1
  }

  private func keyText(of rows: SQLiteStatement) -> String { rows.string(textColumn(of: rows)) }

  /// Finds the row of a key whose text is another text.
  private func keptKey() throws(SQLiteFailure) -> SQLiteStatement {
    try SQLiteStatement(
      """
      SELECT CAST(\(keyName) AS TEXT), CAST(\(keyName) AS TEXT) = ?2 COLLATE BINARY
      FROM \(plan.target) WHERE \(keyName) = ?1 ORDER BY 2 DESC LIMIT 1
      """, on: connection)
  }

  /// Refuses a key that the row just written does not have as it is: another key would be given the same row.
  private func check(_ kept: SQLiteStatement, _ rows: SQLiteStatement) throws(SQLiteFailure) {
    kept.bind(1, columnOf: rows, keyColumn(of: rows))
    kept.bind(2, columnOf: rows, textColumn(of: rows))
    defer { kept.reset() }
    let isThere = try kept.step()
    guard !isThere || kept.integer(1) == 0, let storage = plan.keyStorage else { return }
    throw SQLiteFailure(
      code: SQLITE_CONSTRAINT,
      message: storage.refusal(
        of: keyText(of: rows), as: isThere ? kept.string(0) : nil,
        in: plan.found?.name ?? plan.table),
      hint: storage.hint)
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
