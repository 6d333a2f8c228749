import Engine
import Ledger
import Records
import Sandbox
import TestSupport
import Testing

/// The same nights with every provider, over a real socket: the output is that of a good night, and nobody pays twice where
/// the fault allows it.
@Suite struct ProviderConformanceTests {
  static let providers: [SandboxedPipeline.Provider] = [.anthropic, .openAI, .gemini]

  /// Servers that only resemble OpenAI's: statuses in upper case, times as texts, no counts, no metadata, no key.
  static let resemblance = #""switches": {"resemblance": true}"#

  @Test(arguments: [
    "{\(resemblance)}",
    #"{"calls": [{"route": "create", "calls": {"nth": 2}, "reset": "after_store"}], \#(resemblance)}"#,
    #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "before_headers"}], \#(resemblance)}"#,
    #"{"calls": [{"route": "content", "calls": {"nth": 1}, "reset": "mid_body", "after_bytes": 3000}], \#(resemblance)}"#,
    #"{"batches": [{"which": {"nth": 1}, "done_share": 0.5}], \#(resemblance)}"#,
    #"{"batches": [{"which": {"nth": 2}, "cancel_after_s": 600}], \#(resemblance)}"#,
    #"{"rows": [{"share": 0.2, "batches": {"nth": 1}, "outcome": "errored", "type": "api_error"}], \#(resemblance)}"#,
  ])
  func serversThatResembleOpenAIsLeadToTheSameOutput(_ faults: String) async throws {
    let pipeline = try SandboxedPipeline(of: .other)
    let outcome = try await pipeline.run(faults: faults, change: { $0.sandboxKey = nil })
    #expect(outcome.ending.status == .ok, "\(outcome.events)")
    #expect(outcome.output == (try await SandboxedPipeline(of: .openAI).run().output))
    #expect(outcome.meter["most_per_custom_id"]?.int == 1)
    #expect(outcome.meter["rows_billed"]?.int == 40)
  }

  @Test func aServerWithoutABatchAPIIsAskedOneByOne() async throws {
    let pipeline = try SandboxedPipeline(load: "mode: concurrent", of: .other)
    let outcome = try await pipeline.run(
      faults: #"{"calls": [{"route": "list", "status": 404}], \#(Self.resemblance)}"#,
      change: { $0.sandboxKey = nil })
    #expect(outcome.ending.status == .ok, "\(outcome.events)")
    #expect(
      outcome.meter["messages_billed"]?.int == 40 && outcome.meter["batches_created"]?.int == 0)
    #expect(outcome.output == (try await SandboxedPipeline(of: .openAI).run().output))
  }

  @Test(arguments: providers)
  func submitsPollsCollects(_ provider: SandboxedPipeline.Provider) async throws {
    let outcome = try await SandboxedPipeline(of: provider).run()
    #expect(outcome.ending.status == .ok && outcome.ending.stages.first?.counts.accepted == 40)
    #expect(outcome.meter["rows_billed"]?.int == 40 && outcome.meter["batches_created"]?.int == 3)
    #expect(outcome.output.split(separator: "\n").count == 40)
  }

  /// The output of a night without faults, which is the same with every provider.
  static let goodNight = Task { try await SandboxedPipeline().run().output }

  static let nights = [
    #"{"calls": [{"route": "create", "calls": {"nth": 1}, "reset": "after_store"}]}"#,
    #"{"calls": [{"route": "create", "calls": {"every": 2}, "reset": "after_store"}]}"#,
    #"{"calls": [{"route": "create", "calls": {"nth": 2}, "reset": "before_headers"}]}"#,
    #"{"calls": [{"route": "create", "calls": {"until": 2}, "status": 429, "headers": {"retry-after": "7"}}]}"#,
    #"{"calls": [{"route": "retrieve", "calls": {"nth": [1, 3]}, "status": 502, "body": "<html>Bad Gateway"}]}"#,
    #"{"calls": [{"route": "create", "calls": {"nth": 1}, "status": 500}]}"#,
    #"{"calls": [{"route": "retrieve", "calls": {"until": 2}, "status": 404}]}"#,
    #"{"calls": [{"route": "upload", "calls": {"nth": [1, 2]}, "reset": "mid_body"}]}"#,
    #"{"calls": [{"route": "upload", "calls": {"nth": 1}, "status": 503}]}"#,
    #"{"calls": [{"route": "results", "calls": {"nth": [1, 2]}, "reset": "mid_body", "after_bytes": 3000}, {"route": "content", "calls": {"nth": [1, 2]}, "reset": "mid_body", "after_bytes": 3000}]}"#,
    #"{"batches": [{"which": {"nth": 1}, "done_share": 0.5}]}"#,
    #"{"batches": [{"which": {"nth": 2}, "cancel_after_s": 600}]}"#,
    #"{"rows": [{"share": 0.2, "batches": {"nth": 1}, "outcome": "errored", "type": "api_error"}]}"#,
  ]

  @Test(arguments: providers, nights)
  func badNightsLeadToTheSameOutput(
    _ provider: SandboxedPipeline.Provider, _ faults: String
  ) async throws {
    let pipeline = try SandboxedPipeline(of: provider)
    let outcome = try await pipeline.run(faults: faults)
    #expect(outcome.ending.status == .ok, "\(outcome.events)")
    #expect(outcome.output == (try await Self.goodNight.value))
    #expect(outcome.meter["most_per_custom_id"]?.int == 1)
    #expect(outcome.meter["rows_billed"]?.int == 40)
  }

  @Test(arguments: providers)
  func cancelingKeepsWhatIsFinished(_ provider: SandboxedPipeline.Provider) async throws {
    let pipeline = try SandboxedPipeline(of: provider)
    let server = try await pipeline.startSandbox()
    _ = try await pipeline.run(on: server, patience: .once)
    let (plan, settings) = try pipeline.prepared(server) { _ in }
    let run = try await PipelineRun(plan, settings)
    let canceled = try await run.cancel()
    #expect(canceled.batches.count == 3 && canceled.failures.isEmpty)
    try await run.release()
    let done = try await pipeline.run(on: server)
    await server.stop()
    #expect(done.ending.status == .ok && done.ending.stages.first?.counts.accepted == 40)
    #expect(done.meter["rows_billed"]?.int == 40)
  }

  @Test func oneFileAsksEveryProviderForTheSame() async throws {
    // Words of our own, an answer that cannot be used, one that is cut, a refusal and a failure: each looks different at
    // each provider, and all come to the same.
    let answers = #"""
      {"match": {"custom_id": "p7"}, "answer": {"summary": "seven"}}
      {"match": {"custom_id": "p8", "batches": {"until": 2}}, "answer": "no JSON at all"}
      {"match": {"custom_id": "p9", "batches": {"until": 2}}, "answer": {"summary": "cut"}, "stop_reason": "max_tokens"}
      {"match": {"custom_id": "p10", "batches": {"until": 2}}, "answer": "", "stop_reason": "refusal"}
      {"match": {"custom_id": "p11", "batches": {"until": 2}}, "error": {"type": "api_error", "message": "later"}}
      """#
    var outputs: Set<String> = []
    for provider in Self.providers {
      let outcome = try await SandboxedPipeline(of: provider).run(answers: answers)
      // A refusal is not asked again; the others are.
      let counts = outcome.ending.stages.first?.counts
      #expect(counts?.accepted == 39 && counts?.rejected == 1, "\(provider): \(outcome.events)")
      #expect(outcome.output.contains(#""summary":"seven""#))
      outputs.insert(outcome.output)
    }
    #expect(outputs.count == 1)
  }

  /// Three providers, each in batches and one by one: what is asked is told apart by its text, which all of them get.
  @Test func oneFileAsksAllInBatchesAndOneByOneForTheSame() async throws {
    let answers = #"""
      {"match": {"contains": "Passage 7 speaks"}, "answer": {"summary": "seven"}}
      {"match": {"contains": "Passage 8 speaks"}, "answer": "no JSON at all"}
      {"match": {"contains": "Passage 9 speaks"}, "answer": {"summary": "cut"}, "stop_reason": "max_tokens"}
      {"match": {"contains": "Passage 10 speaks"}, "answer": "", "stop_reason": "refusal"}
      """#
    var outputs: [String: String] = [:]
    for provider in Self.providers {
      for mode in ["batch", "concurrent"] {
        let pipeline = try SandboxedPipeline(load: "mode: \(mode)", of: provider)
        let outcome = try await pipeline.run(answers: answers)
        let counts = outcome.ending.stages.first?.counts
        #expect(
          counts?.accepted == 37 && counts?.rejected == 3, "\(provider) \(mode): \(outcome.events)")
        let batches = outcome.meter["batches_created"]?.int ?? 0
        let calls = outcome.meter["messages_billed"]?.int ?? 0
        #expect(mode == "batch" ? batches > 0 && calls == 0 : batches == 0 && calls > 0)
        #expect(outcome.output.contains(#""summary":"seven""#))
        outputs["\(provider) \(mode)"] = outcome.output
      }
    }
    #expect(outputs.count == 6 && Set(outputs.values).count == 1)
  }

  @Test func responsesAreAnotherFormOfTheSame() async throws {
    let responses = try SandboxedPipeline(
      top: "providers: {other: {kind: openai, api: responses}}",
      of: .init(name: "other", model: "gpt-5.4-mini"))
    let outcome = try await responses.run()
    #expect(outcome.ending.status == .ok && outcome.meter["rows_billed"]?.int == 40)
    #expect(outcome.output == (try await SandboxedPipeline(of: .openAI).run().output))
  }

  @Test func aFullQueueMakesWaves() async throws {
    // All requests of a batch together are more than the queue holds.
    let pipeline = try SandboxedPipeline(shard: 40, of: .openAI)
    let outcome = try await pipeline.run(
      faults: #"{"limits": {"enqueued_tokens": 900}}"#, limit: 40)
    #expect(outcome.ending.status == .ok, "\(outcome.events)")
    #expect(outcome.meter["rows_billed"]?.int == 40)
    #expect(outcome.meter["most_per_custom_id"]?.int == 1)
    #expect(try #require(outcome.meter["batches_created"]?.int) > 2)
    #expect(outcome.output == (try await SandboxedPipeline().run().output))
  }

  @Test func aQueueThatIsKnownMakesWaves() async throws {
    // Gemini says no to what its queue has no room for; an entry named like a kind is one of that kind.
    let pipeline = try SandboxedPipeline(
      shard: 40, top: "providers: {gemini: {queue: {tokens: 900}}}", of: .gemini)
    let outcome = try await pipeline.run(faults: #"{"limits": {"enqueued_tokens": 900}}"#)
    #expect(outcome.ending.status == .ok, "\(outcome.events)")
    #expect(outcome.meter["rows_billed"]?.int == 40 && outcome.runs == 1)
    #expect(try #require(outcome.meter["batches_created"]?.int) > 2)
    #expect(outcome.output == (try await Self.goodNight.value))
  }
}
