import Engine
import Ledger
import Providers
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
    #expect(plain.ending.stages.first?.cache == nil)
    let pipeline = try pipeline(Self.stages(", cache: 1h"))
    let outcome = try await pipeline.run()
    let stage = try #require(outcome.ending.stages.first)
    let cache = try #require(stage.cache)
    #expect(cache.use.read > cache.use.written && cache.use.written > 0)
    #expect(stage.cost < (try #require(plain.ending.stages.first).cost))
    // By hand, in nano-dollars a token of claude-sonnet-4-6 in a batch: 1,500 plain, 3,000 written for an hour, 150 read.
    let saved = cache.use.read * (1500 - 150) - cache.use.written * (3000 - 1500)
    #expect(cache.saved == Money(nanodollars: Int64(saved)) && saved > 0)
    #expect(try await pipeline.status().stages.first?.cache == cache)
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

  @Test func whatIsWrittenAndNeverReadIsToldAsALoss() async throws {
    let pipeline = try pipeline(Self.stages(", cache: 1h"), records: 5)
    let outcome = try await pipeline.run(faults: #"{"switches": {"cache_hit_share": 0}}"#)
    let cache = try #require(outcome.ending.stages.first?.cache)
    #expect(cache.use.read == 0 && cache.use.written > 0)
    #expect(cache.saved == Money(nanodollars: Int64(cache.use.written * (1500 - 3000))))
  }

  /// 40 requests that share 1,950 tokens: 7,800 characters at a quarter of a token each, by the catalogue at least a fifth
  /// and at most 0.36 of one.
  @Test func theEstimateWritesOnceAndReadsThenAndTheBoundWritesAlways() async throws {
    let plain = try #require(try await pipeline(Self.stages("")).forecast().stages.first)
    let cached = try #require(
      try await pipeline(Self.stages(", cache: 1h")).forecast().stages.first)
    #expect(cached.total.input == plain.total.input)
    let (before, after) = (try #require(plain.total.cost), try #require(cached.total.cost))
    func nano(_ written: Int, _ read: Int, _ prefix: Int) -> Money {
      Money(nanodollars: Int64(prefix * (written * (3000 - 1500) - read * (1500 - 150))))
    }
    #expect(after.low - before.low == nano(1, 39, 1560))
    #expect(after.likely - before.likely == nano(1, 39, 1950))
    #expect(after.high - before.high == nano(40, 0, 2808))
    let (bound, least) = (try #require(cached.total.most), try #require(plain.total.most))
    #expect(bound - least == nano(40, 0, 2808))
  }
}
