import Testing

/// Keys that a table which takes the answers cannot tell apart.
@Suite struct TargetKeyTests {
  @Test func aKeyThatTheTablesTypeLosesIsSaidBeforeAnythingIsSent() async throws {
    let bench = try Bench.withTickets(1)
    try bench.execute(
      "CREATE TABLE o(id INTEGER PRIMARY KEY, text, label, summary)", in: "o.db")
    try bench.write("id,text\n1,one\n01,zero one\n", to: "tickets.csv")
    try bench.writePipeline(target: "sqlite: {database: o.db, table: o, key: id}")
    let run = try await bench.runSmall()
    #expect(run.status == 65, "\(run.said)")
    #expect(run.err.contains(#"key column "id" (INTEGER) of table "o" cannot hold the key "01""#))
    #expect(run.err.contains(#""id" TEXT PRIMARY KEY"#), "\(run.err)")
    #expect(
      try !bench.has(".leaven/small@sandbox/sandbox/journal.jsonl")
        || bench.sandboxCalls("create") == 0)
    // A table of Leaven's own takes both.
    try bench.writePipeline(target: "sqlite: {database: o.db, table: p, key: id}")
    #expect(try await bench.runSmall().status == 0)
    #expect(
      try bench.query("SELECT id FROM p ORDER BY rowid", in: "o.sandbox.db") == [["1"], ["01"]])
  }

  @Test func keysThatACollationTakesForOneAreNotMerged() async throws {
    let bench = try Bench.withTickets(1)
    try bench.execute(
      "CREATE TABLE o(id TEXT PRIMARY KEY COLLATE NOCASE, text, label, summary)", in: "o.db")
    try bench.write("id,text\nA,one\na,zero one\n", to: "tickets.csv")
    try bench.writePipeline(target: "sqlite: {database: o.db, table: o, key: id}")
    let check = try await bench.leaven("check", "small.yaml")
    #expect(check.status == 0 && check.said.contains("compares by NOCASE"), "\(check.said)")
    let run = try await bench.runSmall()
    #expect(run.status == 65, "\(run.said)")
    #expect(run.err.contains(#"takes the key "a" for "A" (COLLATE NOCASE)"#), "\(run.err)")
    #expect(try bench.query("SELECT * FROM o", in: "o.sandbox.db").isEmpty)
    // What was paid for is kept: another table costs nothing more.
    try bench.writePipeline(target: "sqlite: {database: o.db, table: p, key: id}")
    #expect(try await bench.runSmall().status == 0)
    #expect(
      try bench.query("SELECT id FROM p ORDER BY rowid", in: "o.sandbox.db") == [["A"], ["a"]])
    #expect(try bench.sandboxCalls("create") == 1)
  }
}
