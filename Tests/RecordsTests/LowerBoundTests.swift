import TestSupport
import Testing

@testable import Records

/// Rows of a database from a value on.
@Suite struct LowerBoundTests {
  private func ids(_ selection: SQLiteSource.Selection, _ value: JSONValue) throws -> [String] {
    let scratch = try ScratchDirectory()
    let path = scratch.path("t.db")
    let connection = try SQLiteConnection(path: path, for: .creating)
    try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, at)")
    try connection.execute(
      "INSERT INTO t VALUES (1, 5), (2, 7), (3, NULL), (4, '2026-01-01'), (5, '2026-02-01'), (6, 6.5)"
    )
    let source = try SQLiteSource(
      database: path, selection, from: LowerBound(field: "at", value: value))
    var ids: [String] = []
    while let record = try source.next() { ids.append(record.root["id"]?.text ?? "") }
    return ids
  }

  @Test func aTableBeginsAtTheValue() throws {
    #expect(try ids(.table("t"), .number("6")) == ["2", "3", "4", "5", "6"])
    #expect(try ids(.table("t"), .number("6.5")) == ["2", "3", "4", "5", "6"])
    #expect(try ids(.table("t"), .string("2026-01-15")) == ["3", "5"])
  }

  @Test func aQueryBeginsAtTheValue() throws {
    let query = "SELECT id, at FROM t ORDER BY id DESC -- all of them"
    #expect(try ids(.query(query), .number("6")) == ["6", "5", "4", "3", "2"])
    #expect(try ids(.query("SELECT * FROM t ;"), .string("2026-01-15")) == ["3", "5"])
  }
}
