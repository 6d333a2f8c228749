import Engine
import Foundation
import Ledger
import Providers
import Records
import Sandbox
import TestSupport
import Testing

/// Requests that go one by one over the synchronous API.
@Suite struct ConcurrentTests {
  static let providers: [SandboxedPipeline.Provider] = [.anthropic, .openAI]
  static let all: [SandboxedPipeline.Provider] = providers + [.gemini]

  /// The output of 40 records in batches; every provider is asked for the same.
  private static let batched = Task { try await SandboxedPipeline().run().output }

  struct Night: CustomTestStringConvertible {
    var name: String
    var faults = "{}"
    /// Calls that may be billed twice.
    var doubtful = 0
    var testDescription: String { name }
  }

  static let nights = [
    Night(name: "undisturbed"),
    Night(
      name: "overloaded",
      faults: #"{"calls": [{"route": "messages", "calls": {"every": 5}, "status": 529}]}"#),
    Night(
      name: "internal errors",
      faults: #"{"calls": [{"route": "messages", "calls": {"every": 4}, "status": 500}]}"#),
    Night(
      name: "too many requests, with a time to wait",
      faults: """
        {"calls": [{"route": "messages", "calls": {"nth": [3, 9, 20]}, "status": 429,
          "headers": {"retry-after": "120"}}]}
        """),
    Night(
      name: "resets before anything was done",
      faults:
        #"{"calls": [{"route": "messages", "calls": {"nth": [2, 7]}, "reset": "before_headers"}]}"#),
    Night(
      name: "answers lost after they were made",
      faults:
        #"{"calls": [{"route": "messages", "calls": {"nth": [2, 7, 30]}, "reset": "after_store"}]}"#,
      doubtful: 3),
    Night(
      name: "answers cut",
      faults: """
        {"calls": [{"route": "messages", "calls": {"nth": [5, 6]}, "reset": "mid_body", "after_bytes": 40}]}
        """, doubtful: 2),
    Night(
      name: "few calls a minute", faults: #"{"limits": {"requests_per_minute": 7}}"#),
  ]

  @Test(arguments: providers, nights)
  func nightsEndAsBatchesDo(_ provider: SandboxedPipeline.Provider, _ night: Night) async throws {
    let pipeline = try SandboxedPipeline(load: "mode: concurrent", of: provider)
    let route = provider.name == "openai" ? #""chat""# : #""messages""#
    let faults = night.faults.replacingOccurrences(of: #""messages""#, with: route)
    let outcome = try await pipeline.run(faults: faults)
    #expect(outcome.ending.status == .ok && outcome.runs == 1)
    #expect(outcome.output == (try await Self.batched.value))
    #expect(outcome.meter["batches_created"]?.int == 0)
    #expect(outcome.meter["messages_billed"]?.int == 40 + night.doubtful)
    #expect(outcome.meter["bodies_billed"]?.int == 40)
    let stage = try #require(outcome.ending.stages.first)
    #expect(stage.counts.isBalanced && stage.counts.accepted == 40)
    let run = try #require(outcome.ending.run)
    #expect(run.reserved == .zero && run.endedAt != nil)
    if night.doubtful == 0 {
      #expect(Int(run.spent.nanodollars / 1000) == outcome.meter["micro_dollars"]?.int)
    }
    let isTold = outcome.events.contains { $0.contains("may have been billed") }
    #expect(isTold || night.doubtful == 0)
  }

  /// Overloads, lost answers, and limits on the rate that no header tells of.
  @Test(arguments: [
    #"{"calls": [{"route": "generate", "calls": {"every": 5}, "status": 503}]}"#,
    #"{"calls": [{"route": "generate", "calls": {"nth": 4}, "status": 400, "message": "no"}]}"#,
    #"{"calls": [{"route": "generate", "calls": {"nth": [2, 7]}, "reset": "before_headers"}]}"#,
    #"{"limits": {"requests_per_minute": 7}}"#,
  ])
  func geminisNightsEndAsBatchesDo(_ faults: String) async throws {
    let pipeline = try SandboxedPipeline(load: "mode: concurrent", of: .gemini)
    let outcome = try await pipeline.run(faults: faults)
    let refused = faults.contains("400") ? 1 : 0
    #expect(outcome.ending.status == (refused == 0 ? .ok : .tooManyRejected))
    let counts = try #require(outcome.ending.stages.first).counts
    #expect(counts.isBalanced && counts.accepted == 40 - refused && counts.rejected == refused)
    #expect(outcome.meter["messages_billed"]?.int == 40 - refused)
    #expect(outcome.meter["batches_created"]?.int == 0)
    if refused == 0 { #expect(outcome.output == (try await Self.batched.value)) }
  }

  @Test func badAnswersAreAskedAgainAtOnce() async throws {
    let pipeline = try SandboxedPipeline(load: "mode: concurrent")
    let outcome = try await pipeline.run(
      answers: #"{"match": {"contains": "Passage 7 speaks"}, "answer": "well"}"#)
    #expect(outcome.ending.status == .tooManyRejected && outcome.runs == 1)
    #expect(outcome.events.filter { $0 == "asked again" }.count == 2)
    let counts = try #require(outcome.ending.stages.first).counts
    #expect(counts.isBalanced && counts.accepted == 39 && counts.rejected == 1)
    #expect(outcome.meter["messages_billed"]?.int == 39 + 3)
    let longer = try SandboxedPipeline(maxTokens: 6, load: "mode: concurrent")
    let second = try await longer.run()
    #expect(second.ending.stages.first?.counts.accepted == 40)
    #expect(second.meter["batches_created"]?.int == 0)
  }

  @Test(arguments: all)
  func aSwitchOfModeAsksNothingAgain(_ provider: SandboxedPipeline.Provider) async throws {
    let pipeline = try SandboxedPipeline(of: provider)
    _ = try await pipeline.run()
    try pipeline.write(load: "mode: concurrent")
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["messages_billed"]?.int == 0 && outcome.meter["rows_billed"]?.int == 40)
  }

  @Test func aRefusedKeyStopsTheRunAndNothingIsLost() async throws {
    let pipeline = try SandboxedPipeline(load: "mode: concurrent")
    await #expect(throws: RunError.self) {
      try await pipeline.run(
        faults: #"{"calls": [{"route": "messages", "calls": {"from": 11}, "status": 401}]}"#)
    }
    let status = try await pipeline.status()
    #expect(status.stages.first?.counts.accepted == 10)
    #expect(status.batches.allSatisfy { $0.shard.state == .packed })
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["messages_billed"]?.int == 40)
    #expect(outcome.meter["most_per_body"]?.int == 1)
  }

  @Test func whatGoesFirstIsAskedFirst() async throws {
    let pipeline = try SandboxedPipeline(load: "{canary: 5, mode: concurrent}".dropBraces)
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.events.contains("canary 5 of 5"))
    #expect(outcome.events.first { $0.hasPrefix("asking") } == "asking 5")
    #expect(outcome.meter["messages_billed"]?.int == 40)
    let bad = try SandboxedPipeline(load: "{canary: 5, mode: concurrent}".dropBraces)
    let stopped = try await bad.run(answers: #"{"answer": "well"}"#)
    #expect(stopped.ending.status == .decisionNeeded)
    #expect(stopped.meter["messages_billed"]?.int == 5)
  }

  @Test func aBudgetHolds() async throws {
    let free = try #require(try await SandboxedPipeline(load: "mode: concurrent").run().ending.run)
    let pipeline = try SandboxedPipeline(
      load: "mode: concurrent", top: "budget: {usd: \(free.spent.decimal)}")
    let outcome = try await pipeline.run()
    let run = try #require(outcome.ending.run)
    #expect(outcome.ending.status == .decisionNeeded)
    #expect(run.spent <= free.spent && run.spent > .zero && run.reserved == .zero)
    #expect(outcome.ending.problems.count == 1)
    let counts = try #require(outcome.ending.stages.first).counts
    #expect(counts.isBalanced && counts.pending > 0 && counts.accepted > 0)
    let ample = try SandboxedPipeline(
      load: "mode: concurrent", top: "budget: {usd: \(free.setAside.decimal)}")
    #expect(try await ample.run().ending.status == .ok)
  }

  @Test func autoAsksFewAndBatchesMany() async throws {
    let few = try await SandboxedPipeline(load: "mode: auto").run()
    #expect(few.meter["messages_billed"]?.int == 40 && few.meter["batches_created"]?.int == 0)
    #expect(
      few.events.contains {
        $0.hasPrefix("asking 15: 40 requests are too few for a batch, which would save about $")
      }, "\(few.events)")
    let many = try SandboxedPipeline(records: 400, shard: 400, load: "mode: auto")
    let outcome = try await many.run(
      faults: """
        {"rows": [{"share": 0.02, "batches": {"nth": 1}, "outcome": "errored", "type": "api_error"}]}
        """
    )
    #expect(outcome.ending.status == .ok)
    #expect(outcome.events.contains { $0.hasPrefix("batched: ") }, "\(outcome.events)")
    #expect(outcome.meter["most_per_body"]?.int == 1)
    let all =
      (outcome.meter["messages_billed"]?.int ?? 0) + (outcome.meter["rows_billed"]?.int ?? 0)
    #expect(all == 400 && outcome.meter["batches_created"]?.int == 1)
    // What goes first, and what failed, are too few for a batch.
    #expect(try #require(outcome.meter["messages_billed"]?.int) > 1)
  }

  @Test(arguments: all, ["0.5", "0"])
  func whatALateBatchLeavesBehindIsAskedOnce(
    _ provider: SandboxedPipeline.Provider, _ share: String
  ) async throws {
    let pipeline = try SandboxedPipeline(records: 10, load: "late: concurrent", of: provider)
    let outcome = try await pipeline.run(
      faults: #"{"batches": [{"which": {"nth": 1}, "done_share": \#(share)}]}"#)
    #expect(outcome.ending.status == .ok)
    #expect(outcome.ending.stages.first?.counts.accepted == 10)
    let batched = outcome.meter["rows_billed"]?.int ?? 0
    let asked = outcome.meter["messages_billed"]?.int ?? 0
    #expect(batched + asked == 10 && asked > 0, "\(outcome.meter.compact)")
    // Of what Gemini cancels, nothing is told.
    #expect(share == "0" || provider.name == "gemini" ? batched == 0 : batched > 0)
    #expect(outcome.meter["most_per_body"]?.int == 1)
    #expect(try pipeline.calls().filter { $0 == "cancel" || $0 == "create" }.count == 2)
  }

  @Test func aBudgetHoldsForWhatALateBatchLeavesBehind() async throws {
    let faults = #"{"batches": [{"which": {"nth": 1}, "done_share": 0}]}"#
    let batched = try #require(try await SandboxedPipeline(records: 10).run().ending.run)
    // Enough for the batch, not for the same at full price.
    let pipeline = try SandboxedPipeline(
      records: 10, load: "late: concurrent", top: "budget: {usd: \(batched.setAside.decimal)}")
    let outcome = try await pipeline.run(faults: faults)
    // In portions: each is asked when there is room for it.
    #expect(outcome.ending.status == .ok)
    #expect(outcome.events.filter { $0.hasPrefix("asking") }.count > 1, "\(outcome.events)")
    let run = try #require(outcome.ending.run)
    #expect(run.spent <= batched.setAside && run.reserved == .zero)
    #expect(outcome.meter["messages_billed"]?.int == 10 && outcome.meter["rows_billed"]?.int == 0)
    #expect(outcome.meter["most_per_body"]?.int == 1)
  }

  @Test func whatABatchInTimeLeavesBehindGoesIntoAnother() async throws {
    let pipeline = try SandboxedPipeline(records: 10, load: "late: concurrent")
    let outcome = try await pipeline.run(
      faults: #"{"rows": [{"share": 0.5, "batches": {"nth": 1}, "outcome": "errored"}]}"#)
    #expect(outcome.ending.status == .ok && outcome.meter["messages_billed"]?.int == 0)
    #expect(outcome.meter["rows_billed"]?.int == 10 && outcome.events.contains("asked again"))
  }

  @Test func recordsWithOnePromptAreAskedOnce() async throws {
    let pipeline = try SandboxedPipeline(load: "mode: concurrent")
    try pipeline.scratch.write(
      (1...60).map { #"{"id": "n\#($0)", "text": "Text \#($0 % 7)."}"# }.joined(separator: "\n"),
      to: "passages.jsonl")
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.meter["messages_billed"]?.int == 7)
    #expect(outcome.ending.stages.first?.counts.accepted == 60)
  }
}

extension String {
  /// Members of a flow mapping as lines of a block.
  fileprivate var dropBraces: String {
    dropFirst().dropLast().split(separator: ", ").joined(separator: "\n      ")
  }
}
