@testable import Records

/// Databases for tests.
enum Database {
  /// Carries out statements, one after the other, on a database that is made when it is not there.
  static func run(_ path: String, _ statements: String...) throws {
    let connection = try SQLiteConnection(path: path, for: .creating)
    for statement in statements { try connection.execute(statement) }
  }

  /// The rows of a query, as compact JSON.
  static func rows(_ path: String, _ query: String) throws -> [String] {
    let source = try SQLiteSource(database: path, .query(query))
    var rows: [String] = []
    while let record = try source.next() { rows.append(record.root.text) }
    return rows
  }
}
