import Engine
import Ledger
import Providers
import Records
import Sandbox
import Synchronization
import TestSupport
import Testing

/// Requests that go first, and what must come of them before the rest goes.
@Suite struct CanaryTests {
  /// The sizes of the batches that were made, in order.
  private final class Batches: Sendable {
    private let sizes = Mutex<[Int]>([])

    func hear(_ event: RunEvent) {
      guard case .submitted(_, _, _, let requests) = event else { return }
      sizes.withLock { $0.append(requests) }
    }

    var all: [Int] { sizes.withLock { $0 } }
  }

  private static let bad =
    #"{"rows": [{"share": 1, "batches": {"nth": 1}, "outcome": "invalid_answer"}]}"#

  @Test func theRestFollowsInTheSameRun() async throws {
    let batches = Batches()
    let pipeline = try SandboxedPipeline(load: "canary: 5")
    let outcome = try await pipeline.run(hear: batches.hear)
    #expect(outcome.ending.status == .ok)
    #expect(batches.all.first == 5 && batches.all.sorted() == [5, 10, 10, 15])
    #expect(outcome.meter["rows_billed"]?.int == 40 && outcome.meter["most_per_body"]?.int == 1)
    #expect(outcome.events.contains("canary 5 of 5"))
    #expect(outcome.output == (try await SandboxedPipeline().run().output))
    // What passed once needs no canary for new records.
    try pipeline.scratch.write(
      (1...60).map { #"{"id": "n\#($0)", "text": "New \#($0 * 31)."}"# }.joined(separator: "\n"),
      to: "passages.jsonl")
    let more = Batches()
    #expect(try await pipeline.run(hear: more.hear).ending.status == .ok)
    #expect(more.all == [15, 15, 15, 15])
  }

  @Test func tickByTickItIsTheSame() async throws {
    let pipeline = try SandboxedPipeline(load: "canary: 5")
    let server = try await pipeline.startSandbox()
    let first = try await pipeline.run(on: server, patience: .once)
    #expect(first.meter["batches_created"]?.int == 1 && first.ending.status == .ok)
    let still = try await pipeline.run(on: server, patience: .once)
    #expect(still.meter["batches_created"]?.int == 1)
    let done = try await pipeline.run(on: server)
    await server.stop()
    #expect(done.ending.status == .ok && done.meter["rows_billed"]?.int == 40)
  }

  @Test func badAnswersStopTheRunUntilAPersonDecides() async throws {
    let pipeline = try SandboxedPipeline(load: "canary: {records: 5, accepted: 90 %}")
    let first = try await pipeline.run(faults: Self.bad)
    #expect(first.ending.status == .decisionNeeded)
    #expect(first.meter["rows_billed"]?.int == 5)
    let said = try #require(first.ending.problems.first).description
    #expect(said.contains("0 of 5 accepted (at least 90 %)"), "\(said)")
    #expect(said.contains("\n  5 invalid-answer: p1: ") && said.contains("p3"), "\(said)")
    #expect(first.ending.problems.first?.hint?.contains("leaven run --accept-canary") == true)
    let again = try await pipeline.run(faults: Self.bad)
    #expect(again.ending.status == .decisionNeeded && again.meter["rows_billed"]?.int == 5)
    let accepted = try await pipeline.run(faults: Self.bad, change: { $0.canaryAnswer = true })
    #expect(accepted.ending.status == .ok, "\(accepted.ending.problems)")
    // The five are asked again, and told what was wrong.
    #expect(accepted.meter["rows_billed"]?.int == 45)
    #expect(accepted.ending.stages.first?.counts.accepted == 40)
  }

  @Test func aMendedPromptGoesFirstAgain() async throws {
    let pipeline = try SandboxedPipeline(load: "canary: 5")
    #expect(try await pipeline.run(faults: Self.bad).ending.status == .decisionNeeded)
    try pipeline.write(prompt: "Summarise: {{ text }}", load: "canary: 5")
    let batches = Batches()
    let mended = try await pipeline.run(hear: batches.hear)
    #expect(mended.ending.status == .ok, "\(mended.ending.problems)")
    #expect(batches.all.first == 5 && batches.all.reduce(0, +) == 40)
    #expect(mended.meter["rows_billed"]?.int == 45)
  }

  @Test func costAndCutAnswersHaveBounds() async throws {
    let dear = try await SandboxedPipeline(load: "canary: {records: 5, mean_cost: $0.00001}").run()
    #expect(dear.ending.status == .decisionNeeded && dear.meter["rows_billed"]?.int == 5)
    #expect(dear.ending.problems.first?.description.contains("each (at most $0.00001)") == true)
    let cut = try await SandboxedPipeline(load: "canary: {records: 5, accepted: 0}").run(
      faults: #"{"rows": [{"share": 1, "batches": {"nth": 1}, "outcome": "max_tokens"}]}"#)
    #expect(cut.ending.status == .decisionNeeded, "\(cut.meter.compact)")
    #expect(cut.ending.problems.first?.description.contains("5 cut (at most 5 %)") == true)
  }

  @Test func whatIsNotAnsweredSaysNothing() async throws {
    let batches = Batches()
    let outcome = try await SandboxedPipeline(load: "canary: 5").run(
      faults: #"{"batches": [{"which": {"nth": 1}, "done_share": 0}]}"#, hear: batches.hear)
    #expect(outcome.ending.status == .ok, "\(outcome.ending.problems)")
    #expect(batches.all.prefix(2) == [5, 5])
    #expect(outcome.meter["rows_billed"]?.int == 40)
  }

  @Test func oneRequestGoesBeforeAnUnusedModel() async throws {
    let batches = Batches()
    let pipeline = try SandboxedPipeline(records: 120, shard: 200)
    let outcome = try await pipeline.run(hear: batches.hear)
    #expect(outcome.ending.status == .ok && batches.all == [1, 119])
    #expect(outcome.meter["rows_billed"]?.int == 120)
    // Another prompt is not another model.
    try pipeline.write(prompt: "Again: {{ text }}", shard: 200)
    let more = Batches()
    #expect(
      try await pipeline.run(hear: more.hear, change: { $0.reaskAnswer = true }).ending.status
        == .ok)
    #expect(more.all == [120])
  }

  @Test(arguments: [(100, ""), (120, "canary: 0")])
  func smallRunsAndZeroHaveNone(_ records: Int, _ load: String) async throws {
    let batches = Batches()
    let pipeline = try SandboxedPipeline(records: records, shard: 200, load: load)
    _ = try await pipeline.run(hear: batches.hear)
    #expect(batches.all == [records])
  }

  @Test func aSandboxTakesNoMoney() async throws {
    let batches = Batches()
    let pipeline = try SandboxedPipeline(records: 120, shard: 200)
    _ = try await pipeline.run(hear: batches.hear, change: { $0.rehearsesCanary = false })
    #expect(batches.all == [120])
  }

  @Test func oneBadAnswerMayBeOneBadRecord() async throws {
    let batches = Batches()
    let pipeline = try SandboxedPipeline(records: 120, shard: 200)
    let outcome = try await pipeline.run(faults: Self.bad, hear: batches.hear)
    #expect(outcome.ending.status == .ok, "\(outcome.ending.problems)")
    #expect(batches.all == [1, 20, 99, 1])
    #expect(outcome.meter["rows_billed"]?.int == 121)
  }

  @Test func aRequestThatTheProviderRefusesStopsAtOnce() async throws {
    let pipeline = try SandboxedPipeline(records: 120, shard: 200)
    let outcome = try await pipeline.run(
      faults: """
        {"rows": [{"share": 1, "outcome": "errored", "type": "invalid_request_error"}]}
        """)
    #expect(outcome.ending.status == .decisionNeeded)
    #expect(outcome.meter["rows_billed"]?.int == 0 && outcome.meter["batches_created"]?.int == 1)
    #expect(outcome.ending.problems.first?.description.contains("1 invalid-request") == true)
  }

  @Test func badAnswersBeforeAnUnusedModelStopTheFlood() async throws {
    let pipeline = try SandboxedPipeline(records: 120, shard: 200)
    let outcome = try await pipeline.run(
      faults: #"{"rows": [{"share": 1, "outcome": "invalid_answer"}]}"#)
    #expect(outcome.ending.status == .decisionNeeded)
    #expect(outcome.meter["rows_billed"]?.int == 21)
  }
}
