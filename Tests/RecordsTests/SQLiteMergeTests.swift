import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct SQLiteMergeTests {
  private let scratch: ScratchDirectory
  private let path: String

  init() throws {
    scratch = try ScratchDirectory()
    path = scratch.path("x.db")
    try Database.run(
      path, "CREATE TABLE t(id TEXT PRIMARY KEY, v, w TEXT COLLATE NOCASE)",
      "INSERT INTO t VALUES ('a', 1, 'x'), ('b', NULL, 'y'), ('c', 3, NULL)")
  }

  private func merge(
    _ mode: SQLiteMerge.Mode = .inPlace, table: String = "t", key: String = "id",
    setting: [String], addingColumns: Bool = false
  ) throws -> SQLiteMerge {
    try SQLiteMerge(
      database: path, table: table, key: key, mode: mode, setting: setting,
      addingColumns: addingColumns)
  }

  /// Gathers a row for each key of a list, with nothing else in it.
  private func gather(_ merge: SQLiteMerge, _ keys: String) throws {
    try set(
      merge,
      "["
        + keys.dropFirst().dropLast().split(separator: ",").map { "[\($0),{}]" }
        .joined(separator: ",") + "]")
  }

  /// Gathers `[key, values]` pairs.
  private func set(_ merge: SQLiteMerge, _ pairs: String) throws {
    var tape = JSONTape()
    try Array(pairs.utf8).withUnsafeBufferPointer { bytes in
      for pair in try tape.parse(bytes).elements {
        let parts = Array(pair.elements)
        try merge.set(parts[0], to: parts[1])
      }
    }
  }

  /// Gathers records, each with what is set of it.
  private func put(_ merge: SQLiteMerge, _ pairs: String) throws {
    var tape = JSONTape()
    try Array(pairs.utf8).withUnsafeBufferPointer { bytes in
      for pair in try tape.parse(bytes).elements {
        let parts = Array(pair.elements)
        try merge.put(parts[0], setting: parts.count > 1 ? parts[1] : nil)
      }
    }
  }

  private var rows: [String] {
    get throws { try Database.rows(path, "SELECT * FROM t ORDER BY id") }
  }

  @Test func setsWhatIsNotNullAndCountsWhatIsGone() throws {
    let pairs = #"[["a",{"v":10,"w":"X"}],["b",{"v":null,"w":null}],["d",{"v":1}],["c",{"v":3}]]"#
    let first = try merge(setting: ["v", "w"])
    try set(first, pairs)
    #expect(try first.finish() == .init(written: 1, unchanged: 2, gone: 1))
    #expect(
      try rows == [
        #"{"id":"a","v":10,"w":"X"}"#, #"{"id":"b","v":null,"w":"y"}"#,
        #"{"id":"c","v":3,"w":null}"#,
      ])
    let bytes = try scratch.bytes(of: "x.db")
    let second = try merge(setting: ["v", "w"])
    try set(second, pairs)
    #expect(try second.finish() == .init(written: 0, unchanged: 3, gone: 1))
    #expect(try scratch.bytes(of: "x.db") == bytes, "merging again changes not a byte")
  }

  @Test func keepsTypesInAddedColumns() throws {
    let merge = try merge(setting: ["s", "i", "r", "t", "j", "big"], addingColumns: true)
    try set(
      merge,
      #"[["a",{"s":"1","i":9223372036854775807,"r":0.1,"t":true,"j":{"k":[1, "é"]},"big":123456789012345678901}]]"#
    )
    #expect(try merge.finish().written == 1)
    #expect(
      try Database.rows(
        path,
        "SELECT typeof(s) s, typeof(i) i, typeof(r) r, typeof(t) t, typeof(j) j FROM t WHERE id = 'a'"
      )
        == [#"{"s":"text","i":"integer","r":"real","t":"integer","j":"text"}"#])
    #expect(
      try Database.rows(path, "SELECT s, i, r, t, j FROM t WHERE id = 'a'")
        == [#"{"s":"1","i":9223372036854775807,"r":0.1,"t":1,"j":"{\"k\":[1,\"é\"]}"}"#])
  }

  @Test func refusesTablesThatCannotTakeIt() throws {
    try Database.run(
      path, "CREATE TABLE u(id TEXT, v)", "CREATE VIEW w AS SELECT * FROM t",
      "CREATE TABLE g(id PRIMARY KEY, v AS (1))")
    func code(_ table: String, _ key: String, _ column: String) -> WriteError? {
      #expect(throws: WriteError.self) { try merge(table: table, key: key, setting: [column]) }
    }
    #expect(code("none", "id", "v")?.code == .unknownTable)
    #expect(code("w", "id", "v")?.code == .unknownTable)
    #expect(code("t", "none", "v")?.code == .unknownColumn)
    #expect(code("u", "id", "v")?.code == .notUnique)
    #expect(code("t", "id", "x")?.hint == "set add_columns: true, or name a column it has")
    #expect(code("g", "id", "v")?.code == .unknownColumn)
  }

  @Test func rollsBackWhenARowIsRefused() throws {
    try Database.run(
      path, "CREATE TABLE s(id INTEGER PRIMARY KEY, v INTEGER CHECK (v < 10))",
      "INSERT INTO s VALUES (1, 1), (2, 2)")
    let merge = try merge(table: "s", setting: ["v"])
    try set(merge, #"[[1,{"v":5}],[2,{"v":50}]]"#)
    let error = #expect(throws: WriteError.self) { try merge.finish() }
    #expect(error?.code == .refusedRow)
    #expect(error?.sentence.contains("\"2\"") == true)
    #expect(try Database.rows(path, "SELECT v FROM s") == [#"{"v":1}"#, #"{"v":2}"#])
  }

  @Test func refusesToHitTwoRows() throws {
    try Database.run(
      path, "CREATE TABLE n(id TEXT COLLATE NOCASE, v)",
      "CREATE UNIQUE INDEX i ON n(id COLLATE BINARY)", "INSERT INTO n VALUES ('a', 1), ('A', 2)")
    let merge = try merge(table: "n", setting: ["v"])
    try set(merge, #"[["a",{"v":5}]]"#)
    let error = #expect(throws: WriteError.self) { try merge.finish() }
    #expect(error?.code == .refusedRow)
    #expect(try Database.rows(path, "SELECT v FROM n") == [#"{"v":1}"#, #"{"v":2}"#])
  }

  @Test func readsAndMergesTheSameTableAtOnce() throws {
    let merge = try merge(setting: ["v"])
    let source = try SQLiteSource(database: path, .table("t"))
    var tape = JSONTape()
    tape.beginBuilding()
    tape.beginObject()
    tape.buildKey("v")
    tape.buildNumber(7)
    tape.end()
    while let record = try source.next() {
      let key = try #require(record.root["id"])
      try merge.set(key, to: tape.built)
    }
    #expect(try merge.finish().written == 3)
  }

  @Test func waitsForAnotherWriter() throws {
    let merge = try merge(setting: ["v"])
    try set(merge, #"[["a",{"v":5}]]"#)
    let (path, isLocked, mayEnd) = (path, DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      let other = try? SQLiteConnection(path: path, for: .writing)
      try? other?.execute("BEGIN IMMEDIATE")
      try? other?.execute("UPDATE t SET v = 100 WHERE id = 'c'")
      isLocked.signal()
      mayEnd.wait()
      // Whether this happens before or while the merge waits, the merge must come through.
      try? other?.execute("COMMIT")
    }
    isLocked.wait()
    mayEnd.signal()
    #expect(try merge.finish().written == 1)
    #expect(
      try Database.rows(path, "SELECT v FROM t") == [#"{"v":5}"#, #"{"v":null}"#, #"{"v":100}"#])
  }

  @Test func checksWithoutChangingAnything() throws {
    func check(_ database: String, _ table: String, _ mode: SQLiteMerge.Mode, adding: Bool) throws {
      try SQLiteMerge.check(
        database: database, table: table, key: "id", mode: mode, setting: ["v", "new"],
        addingColumns: adding)
    }
    let before = try scratch.bytes(of: "x.db")
    try check(path, "t", .inPlace, adding: true)
    try check(path, "none", .upsert, adding: false)
    try check(scratch.path("none.db"), "t", .upsert, adding: false)
    #expect(throws: WriteError.self) { try check(path, "t", .inPlace, adding: false) }
    #expect(throws: WriteError.self) { try check(path, "none", .inPlace, adding: true) }
    #expect(throws: WriteError.self) {
      try check(scratch.path("none.db"), "t", .inPlace, adding: true)
    }
    #expect(try scratch.bytes(of: "x.db") == before)
    #expect(FileManager.default.fileExists(atPath: scratch.path("none.db")) == false)
  }

  @Test func upsertsIntoATableOfItsOwnMaking() throws {
    let pairs = #"[[{"id":"a","n":1,"f":0.5},{"s":"x"}],[{"id":"b","n":2,"m":"é"},{"s":null}]]"#
    let first = try merge(.upsert, table: "made \"here\"", setting: ["s"])
    try put(first, pairs)
    #expect(try first.finish() == .init(written: 2, unchanged: 0, gone: 0))
    let query = "SELECT * FROM \"made \"\"here\"\"\" ORDER BY id"
    #expect(
      try Database.rows(path, query) == [
        #"{"id":"a","s":"x","n":1,"f":0.5,"m":null}"#,
        #"{"id":"b","s":null,"n":2,"f":null,"m":"é"}"#,
      ])
    let table = try #require(try SQLiteTable.inspect("made \"here\"", in: path))
    #expect(table.columns.map(\.declaredType) == ["TEXT", "TEXT", "INTEGER", "REAL", "TEXT"])
    #expect(table.isUnique("id"))
    let second = try merge(.upsert, table: "made \"here\"", setting: ["s"])
    try put(second, pairs)
    #expect(try second.finish() == .init(written: 0, unchanged: 2, gone: 0))
    let third = try merge(.upsert, table: "made \"here\"", setting: ["s"])
    try put(third, #"[[{"id":"a","n":null,"f":0.5},{"s":null}],[{"id":"c","n":3}]]"#)
    #expect(try third.finish() == .init(written: 2, unchanged: 0, gone: 0))
    #expect(
      try Database.rows(path, query).first == #"{"id":"a","s":"x","n":null,"f":0.5,"m":null}"#,
      "a field may become null, what is set may not")
  }

  @Test func makesADatabaseForAnUpsert() throws {
    let made = scratch.path("made.db")
    let merge = try SQLiteMerge(
      database: made, table: "t", key: "id", mode: .upsert, setting: ["s"], addingColumns: false)
    try set(merge, #"[[1,{"s":"x"}],[2,{"s":"y"}]]"#)
    #expect(try merge.finish().written == 2)
    #expect(
      try Database.rows(made, "SELECT * FROM t") == [
        #"{"id":"1","s":"x"}"#, #"{"id":"2","s":"y"}"#,
      ])
  }

  @Test func refusesRecordsThatWouldShareARow() throws {
    let made = scratch.path("shared.db")
    func opened() throws -> SQLiteMerge {
      try SQLiteMerge(
        database: made, table: "t", key: "id", mode: .upsert, setting: ["s"], addingColumns: false)
    }
    let before = try opened()
    try set(before, #"[["a",{"s":"old"}]]"#)
    #expect(try before.finish().written == 1)
    for pairs in [
      #"[["a",{"s":"x"}],["b",{"s":"y"}],["a",{"s":"z"}]]"#, #"[[7,{"s":"x"}],["7",{"s":"y"}]]"#,
    ] {
      let merge = try opened()
      try set(merge, pairs)
      let error = #expect(throws: WriteError.self) { try merge.finish() }
      #expect(error?.code == .refusedRow && error?.hint != nil)
      #expect(error?.sentence.contains("2 records have id") == true, "\(error?.sentence ?? "")")
    }
    #expect(try Database.rows(made, "SELECT * FROM t") == [#"{"id":"a","s":"old"}"#])
  }

  /// Rows whose members differ only by case, as of the second of them, and in what is set.
  @Test(arguments: [
    (##"[[{"id":"a","v":1}],[{"id":"b","V":2}]]"##, [], ["\"v\"", "\"V\""]),
    (##"[[{"id":"a","ID":"b"}]]"##, [], ["\"id\"", "\"ID\""]),
    (##"[[{"id":"a","v":1},{"V":2}]]"##, ["V"], ["\"v\"", "\"V\""]),
  ])
  func refusesNamesThatAreOneColumn(pairs: String, setting: [String], named: [String]) throws {
    for table in ["t", "new"] {
      let merge = try merge(.upsert, table: table, setting: setting, addingColumns: true)
      try put(merge, pairs)
      let error = #expect(throws: WriteError.self) { try merge.finish() }
      #expect(error?.code == .sharedColumn && error?.hint != nil, "\(table)")
      let sentence = error?.sentence ?? ""
      #expect(named.allSatisfy { sentence.contains($0) }, "\(sentence)")
    }
    #expect(try rows.count == 3)
    #expect(try Database.rows(path, "SELECT name FROM sqlite_schema WHERE name = 'new'").isEmpty)
    for mode in [SQLiteMerge.Mode.inPlace, .upsert] {
      let error = #expect(throws: WriteError.self) { try merge(mode, setting: ["v", "V"]) }
      #expect(error?.code == .sharedColumn)
    }
  }

  @Test func aTableOfItsOwnMakingHoldsAnyKey() throws {
    let made = scratch.path("made.db")
    for (night, keys) in [
      #"[1,2,9223372036854775807]"#,
      #"["01",1.0,1.50,1.5,1e2,-0,9223372036854775808,9223372036854775809,"A","a","a ",1]"#,
    ].enumerated() {
      let merge = try SQLiteMerge(
        database: made, table: "t", key: "id", mode: .upsert, setting: ["s"], addingColumns: false)
      try gather(merge, keys)
      let outcome = try merge.finish()
      #expect(outcome.written == (night == 0 ? 3 : 11))
      #expect(outcome.unchanged == night)
    }
    try Database.run(made, "CREATE TABLE numbers(n INTEGER)", "INSERT INTO numbers VALUES (2)")
    #expect(
      try Database.rows(made, "SELECT id FROM numbers JOIN t ON n = id") == [#"{"id":"2"}"#])
    #expect(
      try Database.rows(made, "SELECT id FROM t ORDER BY rowid")
        == [
          "1", "2", "9223372036854775807", "01", "1.0", "1.50", "1.5", "1e2", "-0",
          "9223372036854775808", "9223372036854775809", "A", "a", "a ",
        ].map { #"{"id":"\#($0)"}"# })
  }

  /// Tables that are there, keys that one of their rows would have to share, and the key that is named.
  @Test(arguments: [
    ("id INTEGER PRIMARY KEY", #"["1","01"]"#, "01"), ("id INT UNIQUE", #"["abc","007"]"#, "007"),
    ("id INTEGER PRIMARY KEY", "[1,1.0]", "1.0"), ("id NUMERIC UNIQUE", "[1.5,1.50]", "1.50"),
    ("id INTEGER UNIQUE", "[1,9223372036854775808]", "9223372036854775808"),
    ("id REAL PRIMARY KEY", "[1.5,2]", "2"), ("id UNIQUE", "[1,1.50]", "1.50"),
    ("id TEXT PRIMARY KEY COLLATE NOCASE", #"["A","a"]"#, "a"),
    ("id TEXT UNIQUE COLLATE RTRIM", #"["a","a "]"#, "a "),
  ])
  func refusesAKeyThatTheTableWouldNotKeep(column: String, keys: String, named: String) throws {
    try Database.run(path, "CREATE TABLE o(\(column), s)")
    let merge = try merge(.upsert, table: "o", setting: ["s"])
    try gather(merge, keys)
    let error = #expect(throws: WriteError.self) { try merge.finish() }
    #expect(error?.code == .refusedRow)
    #expect(error?.sentence.contains("\"\(named)\"") == true, "\(error?.sentence ?? "")")
    #expect(error?.hint?.contains(#""id" TEXT PRIMARY KEY"#) == true)
    #expect(try Database.rows(path, "SELECT * FROM o").isEmpty)
  }

  @Test(arguments: [
    ("id INTEGER PRIMARY KEY", #"["1",2,-3]"#), ("id INT UNIQUE", #"["abc",7,"7x"]"#),
    ("id UNIQUE", #"[1,"01",1.5]"#), ("id TEXT PRIMARY KEY COLLATE NOCASE", #"["A","b"]"#),
  ])
  func takesKeysThatTheTableKeeps(column: String, keys: String) throws {
    try Database.run(path, "CREATE TABLE o(\(column), s)")
    for written in [3, 0] {
      let merge = try merge(.upsert, table: "o", setting: ["s"])
      try gather(merge, keys)
      let count = keys.split(separator: ",").count
      #expect(try merge.finish().written == min(written, count))
    }
  }

  @Test func abandonsWithoutATrace() throws {
    let before = try scratch.bytes(of: "x.db")
    let merge = try merge(setting: ["v", "new"], addingColumns: true)
    try set(merge, #"[["a",{"v":10,"new":1}]]"#)
    merge.abandon()
    #expect(try scratch.bytes(of: "x.db") == before)
  }
}
