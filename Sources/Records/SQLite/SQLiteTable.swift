/// What a database says of one of its tables.
///
/// Looking changes nothing.
public struct SQLiteTable: Sendable {
  /// What stands behind the name.
  public enum Kind: String, Sendable {
    case table, view, virtual, shadow
  }

  /// One column.
  public struct Column: Sendable {
    /// Its name.
    public let name: String
    /// Its type as declared; empty when none was.
    public let declaredType: String
    /// Its place in the primary key, from 1; 0 when it is not part of it.
    public let primaryKeyPosition: Int
    /// Whether the database computes it, so that it cannot be set.
    public let isGenerated: Bool
  }

  /// Its name as the database spells it.
  public let name: String
  /// Whether it is a table, a view or something else.
  public let kind: Kind
  /// Whether it was made WITHOUT ROWID.
  public let hasNoRowID: Bool
  /// Its columns in order, without hidden ones.
  public let columns: [Column]
  /// The columns that alone identify a row: a primary key of one column, a unique index over one column and all rows.
  let uniqueColumns: [UniqueColumn]

  /// A column that alone identifies a row, and how its values are told apart.
  struct UniqueColumn {
    let name: String
    let collation: String
  }

  /// The column of a name; SQLite does not distinguish `a` to `z` from `A` to `Z` in names.
  public func column(_ name: String) -> Column? {
    columns.first { SQLiteTable.isSameName($0.name, name) }
  }

  /// Whether a column alone identifies a row.
  public func isUnique(_ name: String) -> Bool {
    uniqueColumns.contains { SQLiteTable.isSameName($0.name, name) }
  }

  /// How a column keeps keys; nil when the table does not have it.
  public func keyStorage(_ name: String) -> KeyStorage? {
    guard let column = column(name) else { return nil }
    let folding = uniqueColumns.first {
      SQLiteTable.isSameName($0.name, name) && !SQLiteTable.isSameName($0.collation, "BINARY")
    }
    let isRowID =
      SQLiteTable.isSameName(column.declaredType, "INTEGER") && column.primaryKeyPosition == 1
      && !hasNoRowID && columns.count { $0.primaryKeyPosition > 0 } == 1
    return KeyStorage(
      column: column.name, declaredType: column.declaredType, isRowID: isRowID,
      collation: folding?.collation)
  }

  /// Looks at a table of a database; nil when there is none of that name.
  ///
  /// - Throws: `SourceError` when the database cannot be read.
  public static func inspect(
    _ table: String, in database: String
  ) throws(SourceError) -> SQLiteTable? {
    do throws(SQLiteFailure) {
      return try read(table, on: SQLiteConnection(path: database, for: .reading))
    } catch {
      throw error.reading(database)
    }
  }

  /// The names of a database's tables and views, in alphabetical order.
  ///
  /// - Throws: `SourceError` when the database cannot be read.
  public static func names(in database: String) throws(SourceError) -> [String] {
    do throws(SQLiteFailure) {
      return try names(on: SQLiteConnection(path: database, for: .reading))
    } catch {
      throw error.reading(database)
    }
  }

  static func names(on connection: SQLiteConnection) throws(SQLiteFailure) -> [String] {
    let statement = try SQLiteStatement(
      """
      SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY name
      """, on: connection)
    var names: [String] = []
    while try statement.step() { names.append(statement.string(0)) }
    return names
  }

  static func read(
    _ table: String, on connection: SQLiteConnection
  ) throws(SQLiteFailure) -> SQLiteTable? {
    let statement = try SQLiteStatement(
      "SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE",
      on: connection)
    statement.bind(1, table)
    guard try statement.step() else { return nil }
    let name = statement.string(0)
    let columns = try readColumns(of: name, on: connection)
    return SQLiteTable(
      name: name, kind: Kind(rawValue: statement.string(1)) ?? .table,
      hasNoRowID: statement.integer(2) != 0, columns: columns,
      uniqueColumns: try readUniqueColumns(of: name, columns, on: connection))
  }

  private static func readColumns(
    of table: String, on connection: SQLiteConnection
  ) throws(SQLiteFailure) -> [Column] {
    let statement = try SQLiteStatement(
      "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid",
      on: connection)
    statement.bind(1, table)
    var columns: [Column] = []
    while try statement.step() {
      columns.append(
        Column(
          name: statement.string(0), declaredType: statement.string(1),
          primaryKeyPosition: Int(statement.integer(2)), isGenerated: statement.integer(3) > 1))
    }
    return columns
  }

  private static func readUniqueColumns(
    of table: String, _ columns: [Column], on connection: SQLiteConnection
  ) throws(SQLiteFailure) -> [UniqueColumn] {
    let key = columns.filter { $0.primaryKeyPosition > 0 }.map(\.name)
    let statement = try SQLiteStatement(
      """
      SELECT max(i.name), max(i.coll) FROM pragma_index_list(?1) AS l, pragma_index_xinfo(l.name) AS i
      WHERE l."unique" AND NOT l.partial AND i.key
      GROUP BY l.name HAVING count(*) = 1 AND max(i.name) IS NOT NULL
      """, on: connection)
    statement.bind(1, table)
    var found: [UniqueColumn] = []
    // The row's number has no index; any other primary key has one, with its collation.
    if key.count == 1 { found.append(UniqueColumn(name: key[0], collation: "BINARY")) }
    while try statement.step() {
      found.append(UniqueColumn(name: statement.string(0), collation: statement.string(1)))
    }
    return found
  }

  static func isSameName(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8) { folded($0) == folded($1) }
  }

  /// What names have in common that SQLite takes for one.
  static func folded(_ name: String) -> [UInt8] { name.utf8.map(folded) }

  private static func folded(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}
