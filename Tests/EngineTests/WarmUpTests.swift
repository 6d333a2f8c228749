import Engine
import Ledger
import Providers
import Records
import Sandbox
import Synchronization
import TestSupport
import Testing

/// One request that goes before the others where it pays, so that they find in the provider's cache what it writes there.
@Suite struct WarmUpTests {
  /// What was sent, in order.
  private final class Sent: Sendable {
    private let state = Mutex<(sizes: [Int], reasons: [String])>(([], []))

    func hear(_ event: RunEvent) {
      state.withLock { state in
        switch event {
        case .submitted(_, _, _, let requests), .asking(_, _, let requests, _):
          state.sizes.append(requests)
        case .warmingUp(_, let reason): state.reasons.append(reason)
        default: break
        }
      }
    }

    var sizes: [Int] { state.withLock { $0.sizes } }
    var reasons: [String] { state.withLock { $0.reasons } }
  }

  private func pipeline(
    _ load: String = "cache: 1h", records count: Int = 120
  ) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try write(pipeline, load)
    try pipeline.write(records: (1...count).map { #"{"id": \#($0), "text": "Number \#($0)."}"# })
    return pipeline
  }

  private func write(_ pipeline: SandboxedPipeline, _ load: String, top: String = "") throws {
    try pipeline.write(
      stages: """
        label:
          extract: {jsonl: records.jsonl, key: id}
          transform:
            system: "{{ 'Name the label that fits. ' * 300 }}"
            prompt: "<t>{{ text }}</t>"
          load: {model: claude-sonnet-4-6, \(load)}
          merge: {jsonl: labels.jsonl, set: {label: output.text}}
        """)
    let file = try pipeline.scratch.text(of: "passages.yaml")
    try pipeline.scratch.write(top + "\n" + file, to: "passages.yaml")
  }

  private static let sure = #""switches": {"cache_hit_share": 1}"#

  @Test func oneRequestOfABatchGoesFirstAndTheRestFindsWhatItWrote() async throws {
    let sent = Sent()
    let pipeline = try pipeline()
    let planned = try #require(try await pipeline.forecast().stages.first?.warmUp)
    let outcome = try await pipeline.run(faults: "{\(Self.sure)}", hear: sent.hear)
    #expect(outcome.ending.status == .ok && sent.sizes == [1, 119])
    #expect(outcome.meter["rows_billed"]?.int == 120)
    #expect(outcome.meter["most_per_body"]?.int == 1)
    // 1,950 tokens at 3,000 nano-dollars written and at 150 read.
    #expect(
      sent.reasons == [
        "one request goes first, to write the 1950 tokens that all 120 share to the cache; each of the "
          + "others that finds them there pays $0.00556 less"
      ])
    #expect(sent.reasons == [planned])
    let use = try #require(outcome.ending.stages.first?.cache).use
    #expect(use.read == 119 * use.written && use.written > 0)
  }

  @Test func everyRunHasItsOwn() async throws {
    let pipeline = try pipeline()
    _ = try await pipeline.run()
    try pipeline.write(
      records: (1...150).map { #"{"id": "n\#($0)", "text": "New \#($0)."}"# })
    let sent = Sent()
    #expect(try await pipeline.run(hear: sent.hear).ending.status == .ok)
    #expect(sent.sizes == [1, 149])
  }

  @Test func whatTheCanaryWroteNeedsNoOther() async throws {
    let sent = Sent()
    let outcome = try await pipeline("cache: 1h, canary: 3").run(hear: sent.hear)
    #expect(outcome.ending.status == .ok && sent.sizes == [3, 117] && sent.reasons.isEmpty)
  }

  /// Few requests, a cache that is gone before a batch is over, nothing to cache, a sandbox.
  @Test(arguments: [
    ("cache: 1h", 100, true), ("cache: 5m", 120, true), ("repair: false", 120, true),
    ("cache: 1h", 120, false), ("cache: 5m, mode: concurrent", 9, true),
  ])
  func whereItDoesNotPayAllGoAtOnce(_ load: String, _ count: Int, _ costs: Bool) async throws {
    let sent = Sent()
    let pipeline = try pipeline(load, records: count)
    let outcome = try await pipeline.run(
      hear: sent.hear, change: { $0.rehearsesCanary = costs })
    #expect(outcome.ending.status == .ok && sent.sizes == [count])
  }

  @Test func aPrefixThatIsTooShortForTheModelIsNotWrittenFirst() async throws {
    let sent = Sent()
    let pipeline = try pipeline()
    let file = try pipeline.scratch.text(of: "passages.yaml")
    // 4,096 tokens are its least.
    try pipeline.scratch.write(
      file.replacing("claude-sonnet-4-6", with: "claude-haiku-4-5"), to: "passages.yaml")
    #expect(try await pipeline.forecast().stages.first?.warmUp == nil)
    _ = try await pipeline.run(hear: sent.hear)
    #expect(sent.sizes == [120])
  }

  @Test(arguments: ["5m", "1h"])
  func oneCallGoesFirstAndTheOthersFollowAtOnce(_ lifetime: String) async throws {
    let sent = Sent()
    let pipeline = try pipeline("cache: \(lifetime), mode: concurrent", records: 40)
    let outcome = try await pipeline.run(faults: "{\(Self.sure)}", hear: sent.hear)
    #expect(outcome.ending.status == .ok && sent.sizes == [1, 39] && sent.reasons.count == 1)
    #expect(outcome.meter["messages_billed"]?.int == 40)
    let use = try #require(outcome.ending.stages.first?.cache).use
    #expect(use.read == 39 * use.written && use.written > 0)
  }

  /// Tick by tick; with its create lost; overloaded; canceled by the provider; failed.
  @Test(arguments: [
    "{}", #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "after_store"}]}"#,
    #"{"calls": [{"route": "create", "calls": {"nth": 1}, "status": 529}]}"#,
    #"{"batches": [{"which": {"nth": 1}, "done_share": 0, "cancel_after_s": 600}]}"#,
    #"{"rows": [{"share": 1, "batches": {"nth": 1}, "outcome": "errored", "type": "api_error"}]}"#,
  ])
  func nothingIsSentTwiceWhateverBecomesOfIt(_ faults: String) async throws {
    let pipeline = try pipeline()
    let server = try await pipeline.startSandbox(faults: faults)
    for _ in 0..<3 { _ = try await pipeline.run(on: server, patience: .once) }
    let outcome = try await pipeline.run(on: server)
    await server.stop()
    #expect(outcome.ending.status == .ok && outcome.ending.stages.first?.counts.accepted == 120)
    #expect(outcome.meter["rows_billed"]?.int == 120)
    #expect(outcome.meter["most_per_body"]?.int == 1)
  }

  @Test func theOthersWaitNoLongerThanTheCacheLives() async throws {
    let sent = Sent()
    let pipeline = try pipeline()
    let server = try await pipeline.startSandbox(
      faults: #"{"batches": [{"which": {"nth": 1}, "duration_s": 80000}]}"#)
    let outcome = try await pipeline.run(on: server) { event in sent.hear(event) }
    await server.stop()
    #expect(outcome.ending.status == .ok && sent.sizes == [1, 119])
    let times = try pipeline.scratch.text(of: "sandbox/journal.jsonl").split(separator: "\n")
      .map { try JSONValue(parsing: Array($0.utf8)) }
      .filter { $0["route"]?.string == "create" }.compactMap { $0["at_ms"]?.int }
    #expect(times.count == 2 && (3_600_000..<4_000_000).contains(times[1] - times[0]), "\(times)")
  }

  @Test func aBudgetHoldsForIt() async throws {
    let pipeline = try pipeline()
    try write(pipeline, "cache: 1h", top: "budget: {usd: 0.001}")
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .decisionNeeded)
    #expect(outcome.meter["rows_billed"]?.int == 0 && outcome.meter["batches_created"]?.int == 0)
    try write(pipeline, "cache: 1h", top: "budget: {usd: 0.02}")
    let some = try await pipeline.run()
    #expect(some.ending.status == .decisionNeeded)
    #expect(try #require(some.ending.run).spent <= (try #require(Money(dollars: "0.02"))))
    #expect(some.meter["most_per_body"]?.int == 1)
  }
}
