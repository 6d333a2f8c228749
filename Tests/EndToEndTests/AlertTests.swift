import Foundation
import Records
import Testing

/// What a cron job tells: alerts once, one line a tick.
@Suite struct AlertTests {
  private func alerts(_ bench: Bench) throws -> [JSONValue] {
    (try? bench.rows(of: "alerts.jsonl")) ?? []  // Nothing told, no file.
  }

  @Test func anEndThatNeedsAPersonIsToldOnceUntilItIsOver() async throws {
    let bench = try Bench.withTickets(10, top: "on_alert: cat >> alerts.jsonl")
    try bench.write(#"{"rows": [{"share": 0.5, "outcome": "refusal"}]}"#, to: "faults.json")
    #expect(try await bench.runSmall("--faults", "faults.json").status == 1)
    let first = try alerts(bench)
    #expect(first.map { $0["alert"]?.string } == ["failures"])
    #expect(first.first?["pipeline"]?.string == "small@sandbox")
    #expect(try await bench.runSmall().status == 1)
    #expect(try alerts(bench).count == 1)
    _ = try await bench.leaven("failures", "--sandbox", "--retry", "small.yaml")
    #expect(try await bench.runSmall().status == 0)
    try bench.writePipeline(prompt: "<note>{{ text }}</note>", top: "on_alert: cat >> alerts.jsonl")
    let asked = try await bench.runSmall("--faults", "faults.json", "--accept-reask")
    #expect(asked.status == 1, "\(asked.said)")
    #expect(try alerts(bench).count == 2)
  }

  @Test func aCommandThatFailsIsToldAndChangesNothing() async throws {
    let bench = try Bench.withTickets(4, top: "on_alert: exit 3")
    try bench.write(#"{"rows": [{"outcome": "refusal"}]}"#, to: "faults.json")
    let run = try await bench.runSmall("--faults", "faults.json")
    #expect(run.status == 1)
    #expect(run.err.contains("on_alert ended with status 3"), "\(run.err)")
  }

  /// What a command started is ended with it: cron waits for whoever holds its pipe.
  @Test func aCommandThatHangsIsEnded() async throws {
    let bench = try Bench.withTickets(
      4, top: "on_alert: \"trap '' TERM; sleep 600 & echo $! > hanging; sleep 600; sleep 600\"")
    try bench.write(#"{"rows": [{"outcome": "refusal"}]}"#, to: "faults.json")
    let run = try await bench.runSmall("--faults", "faults.json")
    #expect(run.status == 1)
    #expect(run.err.contains("on_alert took longer than 30 s and was ended"), "\(run.err)")
    let number = try bench.text(of: "hanging").trimmingCharacters(in: .whitespacesAndNewlines)
    let pid = try #require(pid_t(number))
    // Its parent is gone; who takes it over may not have buried it yet.
    let state = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    #expect(state.isEmpty || state.contains(") Z "), "\(state)")
  }

  @Test func whatStopsARunIsToldByItsKind() async throws {
    let bench = try Bench.withTickets(
      10, top: "budget: {usd: 0.0001}\non_alert: cat >> alerts.jsonl")
    #expect(try await bench.runSmall().status == 2)
    #expect(try await bench.runSmall().status == 2)
    #expect(try alerts(bench).map { $0["alert"]?.string } == ["budget"])
    let other = try Bench.withTickets(10, top: "on_alert: cat >> alerts.jsonl")
    try other.write(#"{"calls": [{"route": "create", "status": 403}]}"#, to: "faults.json")
    #expect(try await other.runSmall("--faults", "faults.json").status == 69)
    let told = try alerts(other)
    #expect(told.map { $0["alert"]?.string } == ["exit"])
    #expect(told.first?["subject"]?.string == "status 69")
  }

  @Test func aTickThatChangesSomethingIsOneLine() async throws {
    let bench = try Bench.withTickets(10)
    try bench.write(#"{"batches": [{"which": {"every": 1}, "duration_s": 90}]}"#, to: "quick.json")
    var lines: [String] = []
    for _ in 0..<10 {
      let tick = try await bench.runSmall("--once", "--faults", "quick.json")
      #expect(tick.status == 0, "\(tick.said)")
      let told = tick.err.split(separator: "\n").map(String.init)
      #expect(told.count <= 1, "\(told)")
      lines += told
      if told.first?.hasSuffix("complete") == true { break }
    }
    #expect(lines.first == "small.yaml: 10 to send, 10 submitted; 10 pending", "\(lines)")
    #expect(lines.last?.hasPrefix("small.yaml: 10 accepted, 10 merged, $0.0") == true, "\(lines)")
    let after = try await bench.runSmall("--once")
    #expect(after.status == 0 && after.err.isEmpty, "\(after.said)")
  }
}
