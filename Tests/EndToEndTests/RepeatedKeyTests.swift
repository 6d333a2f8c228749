import Testing

/// Records with one key, where the pipeline says which of them counts.
@Suite struct RepeatedKeyTests {
  /// A stage over some source, and two that read it, each with a target of its own.
  private func bench(_ source: String, options: String = "") throws -> Bench {
    let bench = try Bench()
    try bench.write(
      """
      name: small
      stages:
        one:
          extract: {\(source), key: id\(options)}
          transform: {prompt: "{{ text }}"}
          load: {model: claude-haiku-4-5, max_tokens: 50, canary: 0}
          merge: {csv: one.csv, set: {answer: output.text}}
        two:
          extract: {stage: one}
          transform: {set: {said: output.text}}
          merge: {csv: two.csv, set: {answer: output.said}}
        three:
          extract: {stage: one}
          transform: {set: {said: output.text}}
          merge: {sqlite: {database: three.db, table: o, key: id}, set: {answer: output.said}}
      """, to: "small.yaml")
    return bench
  }

  @Test(
    arguments: ["csv: r.csv", "jsonl: r.jsonl", "sqlite: {database: r.db, table: r}"],
    ["first", "last"])
  func theRecordThatCountsHasItsAnswer(source: String, rule: String) async throws {
    let bench = try bench(source, options: ", on_duplicate: \(rule)")
    let records = [
      ("1", "Alpha", "a"), ("2", "Beta", "b"), ("1", "Gamma", "c"), ("3", "Delta", "d"),
      ("3", "Delta", "e"),
    ]
    try bench.write(
      records.reduce("id,text,x\n") { $0 + "\($1.0),\($1.1),\($1.2)\n" }, to: "r.csv")
    try bench.write(
      records.reduce("") { $0 + "{\"id\":\"\($1.0)\",\"text\":\"\($1.1)\",\"x\":\"\($1.2)\"}\n" },
      to: "r.jsonl")
    try bench.execute("CREATE TABLE r(id TEXT, text TEXT, x TEXT)", in: "r.db")
    for (id, text, x) in records {
      try bench.execute("INSERT INTO r VALUES ('\(id)', '\(text)', '\(x)')", in: "r.db")
    }
    let expected =
      rule == "first"
      ? [["1", "Alpha", "a"], ["2", "Beta", "b"], ["3", "Delta", "d"]]
      : [["2", "Beta", "b"], ["1", "Gamma", "c"], ["3", "Delta", "e"]]
    for night in 1...2 {
      let run = try await bench.runSmall()
      #expect(run.status == 0, "\(run.said)")
      for file in ["one", "two"] {
        let rows = try bench.labelled("\(file).sandbox.csv")
        #expect(rows.map { Array($0.prefix(3)) } == expected, "night \(night), \(file)")
        #expect(rows.allSatisfy { $0.count == 4 && $0[3].contains($0[1]) }, "\(rows)")
      }
      let rows = try bench.query("SELECT id, text, x, answer FROM o", in: "three.sandbox.db")
      #expect(rows.map { $0.prefix(3).map { $0 ?? "" } } == expected)
      #expect(rows.allSatisfy { $0[3]?.contains($0[1] ?? "-") == true }, "\(rows)")
      // A file with another stamp is read again, and says the same.
      try bench.write(try bench.text(of: "r.csv"), to: "r.csv")
    }
    #expect(try bench.sandboxCalls("create") == 1)
  }

  @Test(
    arguments: ["csv: r.csv", "stdin: csv"],
    [("first", ["Alpha", "Beta"]), ("last", ["Beta", "Gamma"])])
  func previewShowsTheRecordThatCounts(source: String, rule: (String, [String])) async throws {
    let bench = try bench(source, options: ", on_duplicate: \(rule.0)")
    let text = "id,text\n1,Alpha\n2,Beta\n1,Gamma\n"
    try bench.write(text, to: "r.csv")
    let shown = try await bench.leaven("preview", "small.yaml", input: text)
    let prompts = shown.out.split(separator: "\n").filter { $0.contains("\"content\"") }
    #expect(prompts.count == 2, "\(shown.said)")
    #expect(zip(prompts, rule.1).allSatisfy { $0.contains($1) }, "\(shown.said)")
    let one = try await bench.leaven("preview", "small.yaml", "--key", "1", input: text)
    let counting = rule.0 == "first" ? "Alpha" : "Gamma"
    #expect(one.out.contains(counting), "\(one.said)")
    #expect(one.out.split(separator: "\n").count { $0.contains("custom_id") } == 1)
  }

  @Test func tryAsksForTheRecordThatCounts() async throws {
    let bench = try bench("csv: r.csv", options: ", on_duplicate: last")
    try bench.write("id,text\n1,Alpha\n2,Beta\n1,Gamma\n", to: "r.csv")
    let both = try await bench.leaven("try", "--sandbox", "--json", "small.yaml")
    #expect(both.status == 0, "\(both.said)")
    let lines = both.out.split(separator: "\n")
    #expect(lines.count == 2 && lines[1].contains("Gamma") && lines[1].contains("accepted"))
    // What was tried is what a run wants.
    let run = try await bench.runSmall()
    #expect(run.err.contains("2 read = 2 accepted"), "\(run.said)")
    #expect(try bench.sandboxCalls("create") == 0)
  }

  @Test func tryAsksForNoneOfTwoRecordsWhereNothingSaysWhichCounts() async throws {
    let bench = try bench("csv: r.csv")
    try bench.write("id,text\n1,Alpha\n2,Beta\n1,Gamma\n", to: "r.csv")
    let refused = try await bench.leaven("try", "--sandbox", "small.yaml")
    #expect(refused.status == 65, "\(refused.said)")
    #expect(refused.err.contains("r.csv:4: stage 'one': the key '1' stands already on line 2"))
    #expect(refused.out.isEmpty)
  }
}
