import Engine
import Foundation
import Ledger
import Records
import TestSupport
import Testing

/// `group`: from many records to one.
@Suite struct GroupTests {
  private static let stages = """
    chunk:
      extract: {jsonl: records.jsonl, key: id}
      transform: {prompt: "<chunk>{{ text }}</chunk>"}
    digest:
      extract: {stage: chunk, where: lang == 'en', group: doc}
      transform: {prompt: "<doc>{% for i in items %}{{ i.key }}: {{ i.text }}, {{ i.output.text }}; {% endfor %}</doc>"}
      merge:
        jsonl: digests.jsonl
        set:
          chunks: items | map(attribute='key') | join(' ')
          same: items | map(attribute='stages.chunk.output.text') | list == items | map(attribute='output.text') | list
          digest: output.text
    """

  private static func record(_ id: Int, _ doc: String, _ text: String? = nil) -> String {
    #"{"id": \#(id), "doc": \#(doc), "lang": "en", "text": "Chunk \#(text ?? String(id)) of it.", "output": 1}"#
  }

  /// Three documents whose chunks are mixed; the key of one is a number and text.
  private static let records = [
    record(1, "\"b\""), record(2, "7"), record(3, "\"a\""), record(4, "\"7\""),
    record(5, "\"b\""), record(6, "\"b\"").replacing("en", with: "fr"),
  ]

  private func pipeline(
    stages: String = stages, records: [String] = records
  ) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: stages)
    try pipeline.write(records: records)
    return pipeline
  }

  private func rows(_ pipeline: SandboxedPipeline) throws -> [String] {
    try pipeline.rows(of: "digests.sandbox.jsonl").map {
      "\($0["doc"]?.compact ?? "none"): \($0["chunks"]?.string ?? "none")"
    }
  }

  @Test func recordsWithAValueInCommonAreOne() async throws {
    let pipeline = try pipeline()
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.counts("digest") == "4 read = 3 accepted + 1 filtered")
    #expect(outcome.billed == 9)
    #expect(try rows(pipeline) == ["\"b\": 1 5", "7: 2 4", "\"a\": 3"])
    let digests = try pipeline.rows(of: "digests.sandbox.jsonl")
    #expect(digests.allSatisfy { $0["same"]?.bool == true })
    #expect(digests[0]["digest"]?.string?.contains("1: Chunk 1 of it.") == true)
    #expect(try await pipeline.run().billed == 9)
  }

  @Test func onlyGroupsThatChangedAreAskedAgain() async throws {
    let pipeline = try pipeline()
    #expect(try await pipeline.run().billed == 9)
    // One chunk edited, another document gone.
    var records = Self.records
    records[0] = Self.record(1, "\"b\"", "one")
    records.remove(at: 2)
    try pipeline.write(records: records)
    let second = try await pipeline.run()
    #expect(second.billed == 11)
    #expect(try rows(pipeline) == ["\"b\": 1 5", "7: 2 4"])
    #expect(second.ending.stages.last?.counts.removed == 1)
    // Documents in another order ask nothing; the chunks of one in another order do.
    try pipeline.write(records: [records[1], records[2], records[0], records[3], records[4]])
    #expect(try await pipeline.run().billed == 11)
    #expect(try rows(pipeline) == ["7: 2 4", "\"b\": 1 5"])
    try pipeline.write(records: [records[2], records[1], records[0], records[3], records[4]])
    #expect(try await pipeline.run().billed == 12)
    #expect(try rows(pipeline) == ["\"7\": 4 2", "\"b\": 1 5"])
  }

  @Test func itemsAreOrderedAndLimited() async throws {
    let stages = """
      digest:
        extract: {jsonl: records.jsonl, key: id, group: doc.upper(), order_by: -id, limit: 2}
        transform: {prompt: "{% for i in items %}{{ i.key }} {% endfor %}"}
        merge: {csv: digests.csv, set: {chunks: items | map(attribute='key') | join(' ')}}
      """
    let pipeline = try pipeline(
      stages: stages,
      records: [(1, "a"), (2, "b"), (3, "A"), (10, "a")].map { Self.record($0, "\"\($1)\"") })
    let outcome = try await pipeline.run()
    #expect(outcome.counts("digest") == "2 read = 2 accepted")
    #expect(
      try pipeline.scratch.text(of: "digests.sandbox.csv") == "group,chunks\nA,10 3\nB,2\n")
  }

  @Test(arguments: [
    ("skip", "4 read = 3 accepted + 1 skipped", ["7: 2 4", "\"a\": 3", "\"b\": 5"]),
    ("fail", "3 read = 2 accepted + 1 rejected", ["\"b\": none", "7: 2 4", "\"a\": 3"]),
    ("null", "3 read = 3 accepted", ["\"b\": 1 5", "7: 2 4", "\"a\": 3"]),
  ])
  func aRejectedItemIsAsThePipelineSays(
    _ policy: String, _ counts: String, _ expected: [String]
  ) async throws {
    let pipeline = try pipeline(
      stages: Self.stages.replacing(
        "{stage: chunk, where: lang == 'en'", with: "{stage: chunk, on_rejected: \(policy)"
      ).replacing(
        "i.output.text", with: "i.output"
      ).replacing(
        "items | map(attribute='stages.chunk.output.text') | list == items | map(attribute='output.text') | list",
        with: "items | length"),
      records: Array(Self.records.dropLast()))
    let outcome = try await pipeline.run(
      faults: #"{"rows": [{"custom_id": "1", "batches": {"nth": [1]}, "outcome": "refusal"}]}"#)
    #expect(outcome.counts("digest") == counts)
    #expect(try rows(pipeline) == expected)
    #expect(
      try await pipeline.failures() == ["chunk 1 refusal"]
        + (policy == "fail" ? ["digest b upstream-rejected"] : []))
  }

  @Test(arguments: [("null", "null"), ("[1]", "array"), ("\"\"", "empty"), ("true", "true")])
  func aGroupIsAStringOrANumber(_ value: String, _ words: String) async throws {
    let pipeline = try pipeline(records: [Self.record(1, value)])
    do {
      _ = try await pipeline.run(limit: 1)
      Issue.record("a group without a key was let in")
    } catch let error as RunError {
      #expect("\(error)".contains(words) && error.exitStatus == .data, "\(error)")
    }
  }

  @Test func elementsOfGroupsAndGroupsOfElements() async throws {
    let stages =
      Self.stages + """

        words:
          extract: {stage: digest, each: items}
          transform: {prompt: "<w>{{ item.text }} of {{ doc }} in {{ items | length }}</w>"}
        again:
          extract: {stage: words, group: item.key}
          transform: {prompt: "<a>{{ items[0].item.text }} {{ items[0].output.text }}</a>"}
          merge: {jsonl: again.jsonl, set: {n: items | length}}
        """
    let pipeline = try pipeline(stages: stages)
    let outcome = try await pipeline.run()
    #expect(outcome.counts("words") == "5 read = 5 accepted")
    #expect(outcome.counts("again") == "5 read = 5 accepted")
    let again = try pipeline.rows(of: "again.sandbox.jsonl").map { $0["group"]?.string }
    #expect(again == ["1", "5", "2", "4", "3"])
    let billed = outcome.billed
    #expect(try await pipeline.run().billed == billed)
  }
}
