import Engine
import Foundation
import Ledger
import Pipelines
import Providers
import Records
import TestSupport
import Testing

/// What a stage adds to its requests: `params`, `beta` and `headers`.
@Suite struct ParameterTests {
  /// A provider, its api, and how its requests make the model call a tool.
  static let tools: [(provider: SandboxedPipeline.Provider, top: String, params: String)] = [
    (
      .anthropic, "",
      "{tools: [{name: sum, description: Notes}], tool_choice: {type: tool, name: sum}}"
    ),
    (
      .openAI, "",
      "{tools: [{type: function, function: {name: sum}}], tool_choice: {type: function, function: {name: sum}}}"
    ),
    (
      .init(name: "other", model: "gpt-5.4-mini"),
      "providers: {other: {kind: openai, api: responses}}",
      "{tools: [{type: function, name: sum}], tool_choice: {type: function, name: sum}}"
    ),
  ]

  @Test(arguments: tools.indices)
  func theInputOfAForcedToolIsTheAnswer(_ number: Int) async throws {
    let (provider, top, params) = Self.tools[number]
    let pipeline = try SandboxedPipeline(
      records: 12, load: "canary: 0\n      params: \(params)", top: top, of: provider)
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    let rows = try pipeline.rows(of: "out.sandbox.jsonl")
    #expect(rows.count == 12 && rows.allSatisfy { $0["summary"]?.string?.isEmpty == false })
  }

  @Test func whatATextSaysBesideAToolIsNotTheAnswer() async throws {
    let pipeline = try SandboxedPipeline(
      records: 3, load: "canary: 0\n      params: \(Self.tools[0].params)")
    // An input that is not what the schema asks is asked for again, and told to the model.
    let outcome = try await pipeline.run(
      answers: #"{"match": {"custom_id": "p2", "batches": {"nth": 1}}, "answer": {"sum": 1}}"#)
    #expect(outcome.ending.status == .ok && outcome.billed == 4)
  }

  @Test func eachIsNamedAsTheReasonToAskAgain() async throws {
    let pipeline = try SandboxedPipeline(records: 5, load: "canary: 0")
    #expect(try await pipeline.run().billed == 5)
    for load in ["params: {stop_sequences: [END]}", "beta: some-2026-01-01", "headers: {x-a: b}"] {
      try pipeline.write(load: load)
      let stage = try #require(try await pipeline.forecast().stages.first)
      #expect(stage.words == ["parameters 5: 5"])
    }
    try pipeline.write(load: "params: {}")
    #expect(try #require(try await pipeline.forecast().stages.first).words.isEmpty)
  }

  @Test func aBetaIsSentAndAllowsWhatItIsFor() async throws {
    let long = SandboxedPipeline.Provider(name: "anthropic", model: "claude-opus-4-6")
    let pipeline = try SandboxedPipeline(
      records: 3, maxTokens: 200_000,
      load: "canary: 0\n      beta: [output-300k-2026-03-24]\n      headers: {x-team: search}",
      of: long)
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok && outcome.billed == 3)
  }

  private static let examples = """
    about:
      extract: {jsonl: records.jsonl, key: id}
      transform:
        system: You are terse.
        messages: [{user: "Of it"}, {assistant: "It is, {{ id }}"}]
        prompt: "<t>{{ text }}</t>"
      merge: {jsonl: about.jsonl, set: {about: output.text}}
    """

  @Test(arguments: ["", "provider: openai, model: gpt-4.1-mini, "])
  func turnsStandBeforeThePrompt(_ other: String) async throws {
    let pipeline = try SandboxedPipeline()
    let load = other.isEmpty ? "" : "\n  load: {\(other)max_tokens: 100}"
    try pipeline.write(stages: Self.examples + load)
    try pipeline.write(records: [#"{"id": 1, "text": "one"}"#, #"{"id": 2, "text": "two"}"#])
    #expect(try await pipeline.run().billed == 2)
    let sent = try await pipeline.requests()
    let turns = sent.first { $0["custom_id"]?.string == "2" }?[other.isEmpty ? "params" : "body"]?[
      "messages"]?.array
    #expect(
      turns?.suffix(3).map { $0["content"]?.string } == ["Of it", "It is, 2", "<t>two</t>"])
    #expect(turns?.suffix(3).map { $0["role"]?.string } == ["user", "assistant", "user"])
    #expect(try await pipeline.run().billed == 2)
    try pipeline.write(stages: Self.examples.replacing("It is", with: "That is") + load)
    #expect(try #require(try await pipeline.forecast().stages.first).words == ["template 2: 2"])
  }
}

extension SandboxedPipeline {
  /// The requests of the first stage as they would be sent.
  func requests() async throws -> [JSONValue] {
    let catalog = try Catalogs.builtIn()
    let now: @Sendable () -> Int64 = { 1_795_000_000_000 }
    let file = try PipelineReader.read(scratch.path("passages.yaml"))
    let plan = try PipelineChecker(catalog: catalog, now: now(), settings: []).check(file)
    let settings = RunSettings(
      stateRoot: scratch.path("state"), catalog: catalog, variable: { _ in nil }, now: now,
      report: { _ in })
    let stage = try #require(plan.stages.first)
    let samples = try await Preview(stage, of: plan, settings).samples(100, key: nil)
    return try samples.map { try JSONValue(parsing: try #require($0.request)) }
  }
}
