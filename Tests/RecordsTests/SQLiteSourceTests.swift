import Foundation
import Records
import TestSupport
import Testing

@Suite struct SQLiteSourceTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func made(_ statements: String...) throws -> String {
    let path = scratch.path("\(UUID().uuidString).db")
    for statement in statements { try Database.run(path, statement) }
    return path
  }

  private func error(_ path: String, _ selection: SQLiteSource.Selection) -> SourceError? {
    #expect(throws: SourceError.self) { try SQLiteSource(database: path, selection) }
  }

  @Test func readsRowsInTheOrderOfTheirIdentity() throws {
    let rows = try made(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, rowid TEXT, v)", "CREATE INDEX i ON t(v, rowid)",
      "INSERT INTO t VALUES (3,'c',1),(1,'a',3),(2,'b',2)")
    #expect(Readings.sqlite(rows, .table("T")).map { $0.prefix(2) } == ["1 ", "2 ", "3 "])
    #expect(Readings.sqlite(rows, .table("t")).first == #"1 {"id":1,"rowid":"a","v":3}"#)
    let keyed = try made(
      "CREATE TABLE t(a, b, v, PRIMARY KEY(b, a)) WITHOUT ROWID",
      "INSERT INTO t VALUES ('x',2,0),('y',1,0),('a',2,0)")
    #expect(
      Readings.sqlite(keyed, .table("t")) == [
        #"1 {"a":"y","b":1,"v":0}"#, #"2 {"a":"a","b":2,"v":0}"#, #"3 {"a":"x","b":2,"v":0}"#,
      ])
  }

  @Test func printsRealsSoThatTheyReadBack() throws {
    let path = try made(
      "CREATE TABLE t(v REAL)",
      "INSERT INTO t VALUES (0.1),(1e300),(-2.5e-9),(5e-324),(100.0),(1e16),(1.7976931348623157e308)"
    )
    let source = try SQLiteSource(database: path, .table("t"))
    var values: [Double] = []
    while let record = try source.next() {
      let text = try JSONValue(parsing: record.root.text)["v"]
      values.append(try #require(text?.double))
    }
    #expect(
      values == [0.1, 1e300, -2.5e-9, .leastNonzeroMagnitude, 100, 1e16, 1.7976931348623157e308])
  }

  @Test func refusesQueriesThatDoNotOnlyRead() throws {
    let path = try made("CREATE TABLE t(v)", "INSERT INTO t VALUES (1)")
    for query in [
      "DELETE FROM t", "BEGIN", "ATTACH 'x.db' AS x", "UPDATE t SET v = 2 RETURNING v",
      "PRAGMA user_version = 3", "CREATE TABLE u(v)",
    ] {
      #expect(error(path, .query(query))?.code == .queryWrites, "\(query)")
    }
    for query in [
      "SELECT 1; SELECT 2", "SELECT 1; DELETE FROM t", "SELECT ?1", "SELEKT 1", "", "SELECT 1; x",
    ] {
      #expect(error(path, .query(query))?.code == .badQuery, "\(query)")
    }
    #expect(try Database.rows(path, "SELECT v FROM t; -- all of it\n ") == [#"{"v":1}"#])
  }

  @Test func saysWhatTablesThereAre() throws {
    let path = try made("CREATE TABLE b(v)", "CREATE VIEW a AS SELECT 1 AS x")
    #expect(error(path, .table("c"))?.hint == "it has a, b")
    #expect(try SQLiteTable.names(in: path) == ["a", "b"])
    #expect(error(scratch.path("none.db"), .table("c"))?.code == .unreadable)
    let text = try scratch.write(
      "just some text, and more than a hundred bytes of it\n", to: "x.db")
    #expect(error(text, .table("c"))?.code == .badDatabase)
  }

  @Test func looksAtTables() throws {
    let path = try made(
      """
      CREATE TABLE t(id TEXT PRIMARY KEY, a INTEGER UNIQUE, b, c, d AS (a + 1), e)
      """, "CREATE UNIQUE INDEX ib ON t(b) WHERE b > 1", "CREATE UNIQUE INDEX ic ON t(c, b)",
      "CREATE UNIQUE INDEX ie ON t(e)", "CREATE TABLE p(x, y, PRIMARY KEY(x, y))",
      "CREATE VIEW v AS SELECT * FROM t")
    let table = try #require(try SQLiteTable.inspect("T", in: path))
    #expect(table.name == "t" && table.kind == .table && table.hasNoRowID == false)
    #expect(table.columns.map(\.name) == ["id", "a", "b", "c", "d", "e"])
    #expect(table.columns.map(\.isGenerated) == [false, false, false, false, true, false])
    #expect(
      ["ID", "a", "b", "c", "d", "e"].map(table.isUnique) == [
        true, true, false, false, false, true,
      ])
    let partial = try #require(try SQLiteTable.inspect("p", in: path))
    #expect(!partial.columns.contains { partial.isUnique($0.name) })
    #expect(try SQLiteTable.inspect("v", in: path)?.kind == .view)
    #expect(try SQLiteTable.inspect("none", in: path) == nil)
  }

  @Test func stampsChangeWithTheSource() throws {
    let file = try scratch.write("a,b\n", to: "x.csv")
    let first = try SourceStamp(path: file)
    #expect(try SourceStamp(path: file) == first)
    #expect(SourceStamp(stored: first.description) == first)
    try scratch.write("a,b,c\n", to: "x.csv")
    #expect(try SourceStamp(path: file) != first)
    let database = try made("CREATE TABLE t(v)")
    let before = try SourceStamp(path: database, isDatabase: true)
    #expect(Readings.sqlite(database, .table("t")).isEmpty)
    #expect(try SourceStamp(path: database, isDatabase: true) == before)
    try Database.run(database, "INSERT INTO t VALUES (1)")
    #expect(try SourceStamp(path: database, isDatabase: true) != before)
    #expect(throws: SourceError.self) { try SourceStamp(path: scratch.path("none")) }
  }

  @Test func readingDoesNotChangeTheStampOfALoggedDatabase() throws {
    let database = try made("PRAGMA journal_mode = WAL", "CREATE TABLE t(v)")
    let before = try SourceStamp(path: database, isDatabase: true)
    #expect(Readings.sqlite(database, .table("t")).isEmpty)
    #expect(try SourceStamp(path: database, isDatabase: true) == before)
    try Database.run(database, "INSERT INTO t VALUES (1)")
    #expect(try SourceStamp(path: database, isDatabase: true) != before)
  }
}
