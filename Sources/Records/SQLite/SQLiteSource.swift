internal import GRDBSQLite

/// The records of a SQLite database: the rows of a table or of a query that only reads.
///
/// The rows of a table come in the order of its rowid (of its primary key WITHOUT ROWID), so that two readings agree; a query
/// decides its own order. The rows are those of one moment: until the end was reached, or the source is let go of, a read
/// transaction is open.
public final class SQLiteSource: RecordSource {
  /// What is read.
  public enum Selection: Sendable {
    /// All rows of a table or view.
    case table(String)
    /// The rows of one SELECT.
    case query(String)
  }

  /// The names of the columns, in order.
  public let fields: [String]?

  private let database: String
  private let connection: SQLiteConnection
  private var statement: SQLiteStatement?
  private var tape: JSONTape
  private let names: [Range<Int>]
  private let prefix: Int
  private var ordinal = 0

  /// Opens a database, which must exist, for reading alone.
  ///
  /// - Throws: `SourceError` when it cannot be read, has no such table, or the query is wrong, writes, is more than one
  ///   statement or names two columns alike.
  public init(
    database: String, _ selection: Selection, from bound: LowerBound? = nil
  ) throws(SourceError) {
    self.database = database
    let statement: SQLiteStatement
    do throws(SQLiteFailure) {
      connection = try SQLiteConnection(path: database, for: .reading)
    } catch {
      throw error.reading(database)
    }
    switch selection {
    case .table(let table): statement = try Self.prepare(table: table, from: bound, on: connection)
    case .query(let query): statement = try Self.prepare(query: query, from: bound, on: connection)
    }
    bound?.bind(to: statement)
    self.statement = statement
    let fields = (0..<statement.columnCount).map(statement.columnName)
    self.fields = fields
    try Self.checkDistinct(fields, database)
    var tape = JSONTape()
    var names: [Range<Int>] = []
    for field in fields {
      Array(field.utf8).withUnsafeBufferPointer { names.append(tape.appendBytes($0)) }
    }
    self.tape = tape
    self.names = names
    prefix = names.last?.upperBound ?? 0
  }

  /// The next row, nil at the end.
  ///
  /// It is valid until the next call.
  ///
  /// - Throws: `SourceError`: `blob-value`, `infinite-real` and `bad-encoding` name row and column and do not end the
  ///   reading; others do.
  public func next() throws(SourceError) -> Record? {
    guard let statement else { return nil }
    do throws(SQLiteFailure) {
      guard try statement.step() else {
        self.statement = nil
        return nil
      }
    } catch {
      self.statement = nil
      throw error.reading(database)
    }
    ordinal += 1
    tape.beginBuilding(keepingBytes: prefix)
    tape.beginObject()
    for column in 0..<names.count {
      tape.buildKey(at: names[column])
      try build(statement, column)
    }
    tape.end()
    return Record(root: tape.built, line: ordinal)
  }

  private func build(_ statement: SQLiteStatement, _ column: Int) throws(SourceError) {
    switch statement.kind(column) {
    case SQLITE_NULL: tape.buildNull()
    case SQLITE_INTEGER: tape.buildNumber(statement.integer(column))
    case SQLITE_FLOAT:
      let value = statement.real(column)
      guard value.isFinite else {
        throw badValue(
          .infiniteReal, column, "is infinite, which JSON cannot say",
          hint: "leave such rows out, or select the column as text")
      }
      var digits = value.description
      digits.withUTF8 { tape.buildNumber($0) }
    case SQLITE_TEXT:
      let text = statement.text(column)
      guard UTF8Check.firstError(in: text) == nil else {
        throw badValue(.badEncoding, column, "is text that is not UTF-8", hint: nil)
      }
      tape.buildString(text)
    default:
      let name = SQLiteConnection.quoted(fields?[column] ?? "")
      throw badValue(
        .blobValue, column, "is a BLOB, which has no text",
        hint: "select hex(\(name)) in a query, or leave the column out")
    }
  }

  private func badValue(
    _ code: SourceError.Code, _ column: Int, _ sentence: String, hint: String?
  ) -> SourceError {
    SourceError(
      code, in: database, line: ordinal,
      "row \(ordinal): column \"\(fields?[column] ?? "")\" \(sentence)", hint: hint,
      endsReading: false)
  }

  private static func prepare(
    table: String, from bound: LowerBound?, on connection: SQLiteConnection
  ) throws(SourceError) -> SQLiteStatement {
    do throws(SQLiteFailure) {
      if let found = try SQLiteTable.read(table, on: connection) {
        return try SQLiteStatement(selectAll(of: found, from: bound), on: connection)
      }
    } catch {
      throw error.reading(connection.path)
    }
    throw unknownTable(table, on: connection)
  }

  private static func unknownTable(_ table: String, on connection: SQLiteConnection) -> SourceError
  {
    // The names only serve the hint; a database that cannot list them has none to offer.
    let names = (try? SQLiteTable.names(on: connection)) ?? []
    return SourceError(
      .unknownTable, in: connection.path, "has no table \"\(table)\"",
      hint: names.isEmpty ? "the database has no tables" : "it has \(names.joined(separator: ", "))"
    )
  }

  private static func selectAll(of table: SQLiteTable, from bound: LowerBound?) -> String {
    let columns = table.columns.map { SQLiteConnection.quoted($0.name) }.joined(separator: ", ")
    let rows =
      "SELECT \(columns) FROM \(SQLiteConnection.quoted(table.name))\(bound?.condition ?? "")"
    guard table.kind == .table else { return rows }
    if table.hasNoRowID {
      let key = table.columns.filter { $0.primaryKeyPosition > 0 }
        .sorted { $0.primaryKeyPosition < $1.primaryKeyPosition }
        .map { SQLiteConnection.quoted($0.name) }
      return "\(rows) ORDER BY \(key.joined(separator: ", "))"
    }
    // A column may have taken a name of the rowid; the rowid has three.
    guard let rowID = ["rowid", "_rowid_", "oid"].first(where: { table.column($0) == nil }) else {
      return rows
    }
    return "\(rows) ORDER BY \(rowID)"
  }

  private static func prepare(
    query: String, from bound: LowerBound?, on connection: SQLiteConnection
  ) throws(SourceError) -> SQLiteStatement {
    let whole = try prepare(query: query, on: connection)
    guard let bound else { return whole }
    let bare = String(query.reversed().drop { $0 == ";" || $0.isWhitespace }.reversed())
    do throws(SQLiteFailure) {
      return try SQLiteStatement("SELECT * FROM (\(bare)\n)\(bound.condition)", on: connection)
    } catch {
      throw error.reading(connection.path, .badQuery)
    }
  }

  private static func prepare(
    query: String, on connection: SQLiteConnection
  ) throws(SourceError) -> SQLiteStatement {
    let statement: SQLiteStatement
    do throws(SQLiteFailure) {
      statement = try SQLiteStatement(query, on: connection)
    } catch {
      throw error.reading(connection.path, .badQuery)
    }
    guard !statement.hasMore else {
      throw SourceError(.badQuery, in: connection.path, "the query is more than one statement")
    }
    guard statement.isReadOnly, statement.columnCount > 0 else {
      throw SourceError(
        .queryWrites, in: connection.path, "the query does not only read",
        hint: "write one SELECT statement")
    }
    guard statement.parameterCount == 0 else {
      throw SourceError(.badQuery, in: connection.path, "the query has parameters without values")
    }
    return statement
  }

  private static func checkDistinct(_ fields: [String], _ database: String) throws(SourceError) {
    var seen: Set<[UInt8]> = []
    for field in fields where !seen.insert(Array(field.utf8)).inserted {
      throw SourceError(
        .duplicateColumn, in: database, "the query has two columns named \"\(field)\"",
        hint: "name the columns apart: SELECT a.id AS a_id, b.id AS b_id")
    }
  }
}
