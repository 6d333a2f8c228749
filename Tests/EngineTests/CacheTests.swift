import Engine
import Ledger
import Records
import TestSupport
import Testing

/// `cache`: what is the same in all requests is marked, and the run says what came from there.
@Suite struct CacheTests {
  private static func stages(_ load: String, messages: String = "") -> String {
    """
    label:
      extract: {jsonl: records.jsonl, key: id}
      transform:
        system: "{{ 'Name the label that fits. ' * 300 }}"
        \(messages)
        prompt: "<t>{{ text }}</t>"
      load: {model: claude-sonnet-4-6\(load)}
      merge: {jsonl: labels.jsonl, set: {label: output.text}}
    """
  }

  private func pipeline(_ stages: String, records count: Int = 40) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: stages)
    try pipeline.write(records: (1...count).map { #"{"id": \#($0), "text": "Number \#($0)."}"# })
    return pipeline
  }

  @Test func hitsAreToldAndCostLess() async throws {
    let plain = try await pipeline(Self.stages("")).run()
    #expect(plain.ending.stages.first?.cacheUse == nil)
    let pipeline = try pipeline(Self.stages(", cache: 1h"))
    let outcome = try await pipeline.run()
    let stage = try #require(outcome.ending.stages.first)
    let use = try #require(stage.cacheUse)
    #expect(use.read > use.written && use.written > 0)
    #expect(stage.cost < (try #require(plain.ending.stages.first).cost))
    // No part of the identity: without the mark nothing is asked again.
    try pipeline.write(stages: Self.stages(""))
    #expect(try await pipeline.run().billed == 40)
  }

  @Test func theLastOfTheFixedTextsIsMarked() async throws {
    let mark = try JSONValue(parsing: #"{"type":"ephemeral","ttl":"5m"}"#)
    let system = try pipeline(Self.stages(", cache: 5m"), records: 1)
    let first = try #require(try await system.requests().first)["params"]
    #expect(first?["system"]?.array?.last?["cache_control"] == mark)
    let turns = try pipeline(
      Self.stages(
        ", cache: 5m",
        messages: "messages: [{user: a}, {assistant: b}, {user: '{{ id }}'}, {assistant: c}]"),
      records: 1)
    let second = try #require(try await turns.requests().first)["params"]
    #expect(second?["system"]?.string != nil)
    let contents = second?["messages"]?.array?.map { $0["content"] }
    #expect(contents?.count == 5 && contents?[1]?.array?.first?["cache_control"] == mark)
    #expect(contents?.compactMap { $0?.string } == ["a", "1", "c", "<t>Number 1.</t>"])
  }

  @Test func writingIsInTheEstimate() async throws {
    let plain = try #require(try await pipeline(Self.stages("")).forecast().stages.first)
    let cached = try #require(
      try await pipeline(Self.stages(", cache: 1h")).forecast().stages.first)
    #expect(try #require(cached.total.most) > (try #require(plain.total.most)))
  }
}
