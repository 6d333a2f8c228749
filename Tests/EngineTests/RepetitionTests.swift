import Engine
import Foundation
import Ledger
import Records
import TestSupport
import Testing

/// Requests that are made again: what is different about them, and which records are read anew for them.
@Suite struct RepetitionTests {
  private func counts(_ outcome: SandboxedPipeline.Outcome) throws -> (Int, Int, Int) {
    let counts = try #require(outcome.ending.stages.first).counts
    return (counts.accepted, counts.rejected, counts.pending)
  }

  @Test func anAnswerThatIsCutGetsMoreTokens() async throws {
    // The sandbox cuts an answer at max_tokens like the provider: 5 tokens are too few, 40 are enough.
    let pipeline = try SandboxedPipeline(
      records: 6, maxTokens: 5, load: "attempts: {truncated: 4, default: 1}")
    let outcome = try await pipeline.run()
    #expect(try counts(outcome) == (6, 0, 0))
    let cut = try SandboxedPipeline(records: 6, maxTokens: 5, load: "attempts: 2")
    #expect(try counts(try await cut.run()) == (0, 6, 0))
  }

  @Test func eachWayToFailHasItsOwnLimit() async throws {
    // Three expiries are no reason to give up after the first answer that does not fit.
    let faults = """
      {"rows": [{"custom_id": "p2", "batches": {"until": 3}, "outcome": "expired"},
                {"custom_id": "p2", "batches": {"nth": [4]}, "outcome": "invalid_answer"},
                {"custom_id": "p3", "outcome": "api", "outcome": "errored", "type": "api_error"}]}
      """
    let pipeline = try SandboxedPipeline(
      records: 4, load: "attempts: {default: 2, expired: 5}")
    let outcome = try await pipeline.run(faults: faults)
    #expect(try counts(outcome) == (3, 1, 0))
  }

  @Test func oneThatWaitedForAnothersAnswerIsAskedWhenThatFails() async throws {
    let pipeline = try SandboxedPipeline(records: 3)
    let twin = #"{"id": "p4", "text": "Passage 1 speaks of 7919 things."}"# + "\n"
    let passages = try pipeline.scratch.text(of: "passages.jsonl")
    try pipeline.scratch.write(passages + twin, to: "passages.jsonl")
    let faults = """
      {"rows": [{"custom_id": "p1", "batches": {"nth": 1}, "outcome": "errored", "type": "api_error"}]}
      """
    let first = try await pipeline.run(faults: faults, patience: .once)
    #expect(first.events == ["submitted"])
    // p1 wants something else while its request is in flight; p4 goes on waiting for that request, which fails.
    let edited = passages.replacing("speaks of 7919", with: "tells of 7919")
    try pipeline.scratch.write(edited + twin, to: "passages.jsonl")
    let second = try await pipeline.run(faults: faults)
    #expect(try counts(second) == (4, 0, 0), "\(second.events)")
    #expect(second.ending.status == .ok)
    #expect(second.meter["rows_billed"]?.int == 4)
  }

  @Test func aSourceThatChangesMeanwhileIsReadByTheNextRun() async throws {
    let pipeline = try SandboxedPipeline(records: 5)
    let scratch = pipeline.scratch
    let file = scratch.path("passages.jsonl")
    let outcome = try await pipeline.run { event in
      guard case .submitted = event, let handle = FileHandle(forWritingAtPath: file) else { return }
      _ = try? handle.seekToEnd()  // A test that cannot write fails below.
      handle.write(Data((#"{"id": "late", "text": "Passage late speaks."}"# + "\n").utf8))
      try? handle.close()  // Closed with the process otherwise.
    }
    #expect(try counts(outcome) == (5, 0, 0))
    #expect(outcome.events.contains { $0.contains("run again") }, "\(outcome.events)")
    #expect(outcome.output.contains("late"))
    let second = try await pipeline.run()
    #expect(try counts(second) == (6, 0, 0))
    #expect(second.meter["rows_billed"]?.int == 6)
  }
}
