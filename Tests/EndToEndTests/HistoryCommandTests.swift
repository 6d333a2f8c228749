import Foundation
import Records
import Testing

/// `leaven history` and `leaven prune`.
@Suite struct HistoryCommandTests {
  private func edited(_ bench: Bench) throws {
    try bench.write(
      try bench.text(of: "tickets.csv")
        .replacing("Ticket number 7 says", with: "Ticket number 7 shouts"), to: "tickets.csv")
  }

  @Test func everyRunIsToldWithItsReasonsAndItsMoney() async throws {
    let bench = try Bench.withTickets(30, shard: 200)
    try await bench.runSmall()
    try await bench.runSmall()
    try edited(bench)
    let second = try await bench.runSmall()
    #expect(second.err.contains("expected $0."), "\(second.err)")
    try bench.writePipeline(prompt: "Sort this.\\n<message>{{ text }}</message>", shard: 200)
    try await bench.runSmall("--accept-reask")
    let outcome = try await bench.leaven("history", "--sandbox", "--json", "small.yaml")
    let runs = try #require(try JSONValue(parsing: outcome.out).array)
    #expect(runs.count == 3)
    #expect(runs.map { $0["requests"]?.int } == [30, 1, 30])
    #expect(runs.map { $0["accepted"]?.int } == [30, 1, 30])
    let changes = runs.compactMap { $0["changes"]?.array?.first }
    #expect(changes.map { $0["asked_again"]?.int } == [30, 0, 0])
    #expect(changes.first?["because"]?.array == [.string("template")])
    #expect(changes.map { $0["edited"]?.int } == [0, 1, 0])
    #expect(changes.map { $0["new"]?.int } == [0, 0, 30])
    for run in runs {
      let cost = try #require(run["cost_usd"]?.double)
      #expect(cost > 0 && cost <= run["expected_usd"]?["high"]?.double ?? 0)
      #expect(run["ended_at"]?.string != nil)
    }
    let words = try await bench.leaven("history", "--sandbox", "small.yaml", "-n", "1")
    #expect(words.out.contains("label: 30 asked again (template)"), "\(words.out)")
    #expect(words.out.split(separator: "\n").count == 1)
  }

  @Test func whatIsSupersededGoesAndNothingElse() async throws {
    let bench = try Bench.withTickets(30, shard: 200)
    try await bench.runSmall()
    let output = try bench.text(of: "out/labelled.sandbox.csv")
    try edited(bench)
    try await bench.runSmall()
    let prune = ["prune", "--sandbox", "small.yaml", "--older-than", "1s"]
    let young = try await bench.leaven(["prune", "--sandbox", "small.yaml", "--older-than", "400d"])
    #expect(young.err.contains("nothing to prune"), "\(young.said)")
    let results = ".leaven/small@sandbox/results"
    let before = try FileManager.default.contentsOfDirectory(atPath: bench.path(results)).sorted()
    let dry = try await bench.leaven(prune + ["--dry-run"])
    #expect(dry.err.contains("1 row, "), "\(dry.said)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bench.path(results)).sorted() == before)
    let done = try await bench.leaven(prune)
    #expect(done.err.contains("1 row, "), "\(done.said)")
    #expect(done.err.contains("0 files as a whole, 1 written anew"), "\(done.said)")
    let again = try await bench.leaven(prune)
    #expect(again.err.contains("nothing to prune"), "\(again.said)")
    // All that a record has is there, also for one that went and comes back.
    try FileManager.default.removeItem(atPath: bench.path("out/labelled.sandbox.csv"))
    let merged = try await bench.leaven("merge", "--sandbox", "small.yaml")
    #expect(merged.status == 0, "\(merged.said)")
    #expect(try bench.labelled().allSatisfy(Bench.hasOwnAnswer))
    let rows = try bench.text(of: "tickets.csv").split(separator: "\n")
    try bench.write(rows.dropLast().joined(separator: "\n") + "\n", to: "tickets.csv")
    try await bench.runSmall()
    _ = try await bench.leaven(prune)
    try bench.write(rows.joined(separator: "\n") + "\n", to: "tickets.csv")
    let back = try await bench.runSmall()
    #expect(back.status == 0, "\(back.said)")
    #expect(try bench.sandboxCalls("create") == 2)
    // What was superseded and is gone is asked again, should the edit be taken back.
    try bench.write(Bench.tickets(1...30), to: "tickets.csv")
    try await bench.runSmall()
    #expect(try bench.sandboxCalls("create") == 3)
    #expect(try bench.text(of: "out/labelled.sandbox.csv") == output)
    let counts = try await bench.status("--sandbox")["stages"]?.array?.first?["counts"]
    #expect(counts?["accepted"]?.int == 30)
  }

  @Test func aPromptThatChangedLeavesWholeFilesBehind() async throws {
    let bench = try Bench.withTickets(30, shard: 200)
    try await bench.runSmall()
    try bench.writePipeline(prompt: "Sort this.\\n<message>{{ text }}</message>", shard: 200)
    try await bench.runSmall("--accept-reask")
    let done = try await bench.leaven(
      "prune", "--sandbox", "small.yaml", "--older-than", "1s")
    #expect(done.err.contains("30 rows, "), "\(done.said)")
    #expect(done.err.contains("1 file as a whole, 0 written anew"), "\(done.said)")
    let merged = try await bench.leaven("merge", "--sandbox", "small.yaml")
    #expect(merged.status == 0, "\(merged.said)")
    let history = try await bench.leaven("history", "--sandbox", "small.yaml")
    #expect(history.out.split(separator: "\n").count == 2, "\(history.out)")
  }
}
