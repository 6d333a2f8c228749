internal import GRDBSQLite

/// Writes answers into a table of a SQLite database: into the rows they belong to, or as rows of another table.
///
/// What is to be written is first gathered in a temporary table of SQLite's own, on disk; the database itself is locked only
/// by `finish`, which does everything in one transaction (`BEGIN IMMEDIATE`, waiting up to 30 s for others). Until `finish`
/// returns, and when it throws, the database is what it was.
public final class SQLiteMerge {
  /// What a merge did.
  public struct Outcome: Hashable, Sendable {
    /// Rows that were changed or added.
    public var written = 0
    /// Rows that already were as they were to be.
    public var unchanged = 0
    /// Keys whose row does not exist any more; nothing is inserted for them.
    public var gone = 0

    /// Creates the outcome of a merge.
    public init(written: Int = 0, unchanged: Int = 0, gone: Int = 0) {
      self.written = written
      self.unchanged = unchanged
      self.gone = gone
    }
  }

  /// Which rows are written.
  public enum Mode: Sendable {
    /// The rows of a table that is there: only what is set, never a null over a value.
    case inPlace
    /// Whole records, as rows of a table that is made when it is not there.
    case upsert
  }

  private let mode: Mode
  private let table: String
  private let key: String
  private let addsColumns: Bool
  private let connection: SQLiteConnection
  private let stage: SQLiteStage
  private var isOver = false

  /// Opens a database for a merge; writes nothing yet.
  ///
  /// - Parameters:
  ///   - database: Its path. An upsert makes it when it is not there.
  ///   - table: The table, as its name is.
  ///   - key: The column that identifies a row; it must be a primary key or have a unique index of its own.
  ///   - mode: Which rows are written.
  ///   - setting: The names of the columns that are set, the key's among them if the values have it.
  ///   - addingColumns: Whether columns that the table lacks are added to it; else they are an error.
  /// - Throws: `WriteError` when the database cannot be opened, or table, key or columns are not as they must be.
  public init(
    database: String, table: String, key: String, mode: Mode, setting: [String],
    addingColumns: Bool
  ) throws(WriteError) {
    self.mode = mode
    self.table = table
    self.key = key
    addsColumns = addingColumns
    do throws(SQLiteFailure) {
      connection = try SQLiteConnection(
        path: database, for: mode == .upsert ? .creating : .writing)
    } catch {
      throw error.writing(database)
    }
    let columns = Self.columns(setting, key: key)
    // The look at the table comes before the gathering, which must not hold a lock on the database.
    try SQLiteMergePlan(on: connection, table: table, key: key, columns: columns)
      .check(mode, addsColumns: addingColumns)
    do throws(SQLiteFailure) {
      stage = try SQLiteStage(on: connection, key: key, setting: columns)
    } catch {
      throw error.writing(database)
    }
  }

  deinit { abandon() }

  /// Looks, without changing anything, whether a merge would be refused.
  ///
  /// - Parameters:
  ///   - database: Its path. A database that is not there is no problem for an upsert.
  ///   - table: The table, as its name is.
  ///   - key: The column that identifies a row.
  ///   - mode: Which rows are written.
  ///   - setting: The names of the columns that are set.
  ///   - addingColumns: Whether columns that the table lacks are added to it.
  /// - Throws: `WriteError`, the same that `init` would throw.
  public static func check(
    database: String, table: String, key: String, mode: Mode, setting: [String],
    addingColumns: Bool
  ) throws(WriteError) {
    if mode == .upsert, PartialFile.kind(database) == nil { return }
    let connection: SQLiteConnection
    do throws(SQLiteFailure) {
      connection = try SQLiteConnection(path: database, for: .reading)
    } catch {
      throw error.writing(database)
    }
    let columns = Self.columns(setting, key: key)
    try SQLiteMergePlan(on: connection, table: table, key: key, columns: columns)
      .check(mode, addsColumns: addingColumns)
  }

  /// The columns that are set; the key has a column of its own.
  private static func columns(_ setting: [String], key: String) -> [SQLiteStage.Column] {
    setting.filter { !$0.utf8.elementsEqual(key.utf8) }
      .map { SQLiteStage.Column(name: $0, isSet: true) }
  }

  /// Gathers new values for the row of a key (in place), or for a row with nothing but key and
  /// values (upsert).
  ///
  /// In place, of one key given twice the last values count; rows of another table never share a key.
  ///
  /// - Parameters:
  ///   - key: The key column's value, a string or a number.
  ///   - values: An object with the columns that are set; others of its members are an error in `finish`.
  /// - Throws: `WriteError` when there is no room.
  public func set(_ key: JSONView, to values: JSONView) throws(WriteError) {
    try gather { () throws(SQLiteFailure) in try stage.add(key: key, record: nil, setting: values) }
  }

  /// Gathers a whole record as a row (upsert).
  ///
  /// - Parameters:
  ///   - record: The record, which has the key column unless `setting` has it.
  ///   - setting: An object with the columns that are set; nil leaves them as they are in the table.
  /// - Throws: `WriteError` when there is no room, or the record has no key.
  public func put(_ record: JSONView, setting: JSONView?) throws(WriteError) {
    guard let value = setting?[key] ?? record[key], !value.isNull else {
      throw WriteError(.refusedRow, path: connection.path, "a record has no value for \"\(key)\"")
    }
    try gather { () throws(SQLiteFailure) in
      try stage.add(key: value, record: record, setting: setting)
    }
  }

  /// Writes everything gathered, in one transaction.
  ///
  /// - Returns: What was done to how many rows.
  /// - Throws: `WriteError`; the database is as it was before.
  public func finish() throws(WriteError) -> Outcome {
    isOver = true
    do throws(SQLiteFailure) {
      try stage.close()
      try connection.execute("BEGIN IMMEDIATE")
    } catch {
      throw error.writing(connection.path)
    }
    do throws(WriteError) {
      let outcome = try apply()
      do throws(SQLiteFailure) { try connection.execute("COMMIT") } catch {
        throw error.writing(connection.path)
      }
      return outcome
    } catch {
      rollBack()
      throw error
    }
  }

  /// Gives up: nothing is written.
  ///
  /// Does nothing after `finish`.
  public func abandon() {
    guard !isOver else { return }
    isOver = true
    rollBack()
  }

  private func rollBack() {
    // Closing the connection rolls back as well, should this fail.
    if connection.isInTransaction { try? connection.execute("ROLLBACK") }
  }

  private func gather(_ body: () throws(SQLiteFailure) -> Void) throws(WriteError) {
    precondition(!isOver, "a merge takes no more rows after it was finished or abandoned")
    do throws(SQLiteFailure) { try body() } catch { throw error.writing(connection.path) }
  }

  private func apply() throws(WriteError) -> Outcome {
    guard mode == .inPlace || !stage.isEmpty else { return Outcome() }
    let plan = try SQLiteMergePlan(
      on: connection, table: table, key: key, columns: stage.columns)
    try plan.check(mode, addsColumns: addsColumns)
    do throws(SQLiteFailure) {
      for statement in plan.preparations { try connection.execute(statement) }
      return try SQLiteMergeWriter(plan, mode, on: connection, from: stage).write()
    } catch {
      throw error.writing(connection.path, .refusedRow)
    }
  }
}
