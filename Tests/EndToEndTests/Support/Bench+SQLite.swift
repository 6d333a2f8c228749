@testable import Records

extension Bench {
  /// The rows of a query, each value as text.
  func query(_ query: String, in database: String) throws -> [[String?]] {
    let source = try SQLiteSource(database: path(database), .query(query))
    var rows: [[String?]] = []
    while let record = try source.next() {
      rows.append((JSONValue(record.root).members ?? []).map { Self.text($0.value) })
    }
    return rows
  }

  /// Carries out statements on a database, that is made when it is not there.
  func execute(_ statements: String..., in database: String) throws {
    let connection = try SQLiteConnection(path: path(database), for: .creating)
    for statement in statements { try connection.execute(statement) }
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .null: nil
    case .string(let text), .number(let text): text
    default: value.compact
    }
  }
}
