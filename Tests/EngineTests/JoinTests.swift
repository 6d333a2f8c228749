import Engine
import Ledger
import Records
import TestSupport
import Testing

/// `join`: each record with one of another stage or dataset.
@Suite struct JoinTests {
  private static let orders = [
    #"{"id": 1, "customer": 10, "text": "late"}"#, #"{"id": 2, "customer": "11", "text": "lost"}"#,
    #"{"id": 3, "customer": 10, "text": "broken"}"#,
    #"{"id": 4, "customer": 12, "text": "fine"}"#,
    #"{"id": 5, "customer": null, "text": "odd"}"#,
  ]
  private static let customers = "number,name\n10,Ann\n11,\"Bo, Jr.\"\n13,Cy\n"

  private static func stages(_ unmatched: String = "null") -> String {
    """
    reply:
      extract:
        jsonl: records.jsonl
        key: id
        join: {with: {csv: customers.csv}, key: number, on: customer, unmatched: \(unmatched)}
      transform: {prompt: "<o>{{ text }} of {{ joined.name if joined else 'nobody' }}</o>"}
      merge: {jsonl: replies.jsonl, set: {name: joined.name if joined else none, reply: output.text}}
    """
  }

  private func pipeline(
    _ stages: String = stages(), records: [String] = orders, customers: String = customers
  ) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: stages)
    try pipeline.write(records: records)
    try pipeline.scratch.write(customers, to: "customers.csv")
    return pipeline
  }

  private func names(_ pipeline: SandboxedPipeline) throws -> [String?] {
    try pipeline.rows(of: "replies.sandbox.jsonl").map { $0["name"]?.string }
  }

  @Test func manyRecordsGetOne() async throws {
    let pipeline = try pipeline()
    let outcome = try await pipeline.run()
    #expect(outcome.counts("reply") == "5 read = 5 accepted")
    #expect(try names(pipeline) == ["Ann", "Bo, Jr.", "Ann", nil, nil])
    #expect(outcome.billed == 5)
    // A customer's other name asks again for those who have it; another customer asks nothing.
    try pipeline.scratch.write(
      Self.customers.replacing("Cy", with: "Di").replacing("Ann", with: "Anna"),
      to: "customers.csv")
    #expect(try await pipeline.run().billed == 7)
    #expect(try names(pipeline) == ["Anna", "Bo, Jr.", "Anna", nil, nil])
  }

  @Test(arguments: [
    ("fail", "5 read = 3 accepted + 2 rejected", ["reply 4 unmatched", "reply 5 unmatched"]),
    ("skip", "5 read = 3 accepted + 2 skipped", []),
  ])
  func whatHasNoPartnerIsAsThePipelineSays(
    _ policy: String, _ counts: String, _ failures: [String]
  ) async throws {
    let pipeline = try pipeline(Self.stages(policy))
    let outcome = try await pipeline.run()
    #expect(outcome.counts("reply") == counts)
    #expect(try await pipeline.failures() == failures)
    #expect(try names(pipeline) == ["Ann", "Bo, Jr.", "Ann", nil, nil])
    // Who appears later is found.
    try pipeline.scratch.write(Self.customers + "12,Ed\n", to: "customers.csv")
    #expect(try await pipeline.run().billed == 4)
    #expect(try names(pipeline) == ["Ann", "Bo, Jr.", "Ann", "Ed", nil])
  }

  @Test func twoPartnersOfOneKeyStopTheRun() async throws {
    let pipeline = try pipeline(customers: Self.customers + "10,Ann again\n")
    await #expect(throws: RunError.self) { _ = try await pipeline.run() }
    do {
      _ = try await pipeline.run()
    } catch {
      let words = "\(error)"
      #expect(words.contains("'10'") && words.contains("2") && words.contains("5"), "\(words)")
    }
  }

  @Test func aStageIsJoinedWithAnother() async throws {
    let pipeline = try pipeline(
      """
      chunk:
        extract: {jsonl: records.jsonl, key: id}
        transform: {prompt: "<chunk>{{ text }}</chunk>"}
      doc:
        extract: {stage: chunk, group: doc}
        transform: {prompt: "<doc>{% for i in items %}{{ i.output.text }} {% endfor %}</doc>"}
      question:
        extract: {stage: chunk, where: "joined.output.text != ''", join: {with: doc, on: doc}}
        transform:
          prompt: "<q>{{ text }} in {{ joined.output.text }}, {{ stages.doc.output.text }}</q>"
        merge:
          jsonl: questions.jsonl
          set:
            doc_key: joined.doc
            same: joined.output.text == stages.doc.output.text
            chunks: joined['items'] | length
            chunk: stages.chunk.output.text
            answer: output.text
      """,
      records: [(1, "a"), (2, "b"), (3, "a")].map {
        #"{"id": \#($0.0), "doc": "\#($0.1)", "text": "Chunk \#($0.0)."}"#
      })
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.counts("question") == "3 read = 3 accepted")
    #expect(outcome.billed == 8)
    let rows = try pipeline.rows(of: "questions.sandbox.jsonl")
    #expect(rows.map { $0["doc_key"]?.string } == ["a", "b", "a"])
    #expect(rows.map { $0["chunks"]?.int } == [2, 1, 2])
    #expect(rows.allSatisfy { $0["same"]?.bool == true && $0["answer"]?.string != nil })
    #expect(try await pipeline.run().billed == 8)
  }

  @Test(arguments: [
    ("skip", "3 read = 1 accepted + 2 skipped"), ("fail", "3 read = 1 accepted + 2 rejected"),
  ])
  func aRejectedPartnerIsAsThePipelineSays(_ policy: String, _ counts: String) async throws {
    let pipeline = try pipeline(
      """
      doc:
        extract: {jsonl: docs.jsonl, key: name}
        transform: {set: {title: title.upper()}}
      part:
        extract: {jsonl: records.jsonl, key: id, on_rejected: \(policy), join: {with: doc, on: doc}}
        transform: {set: {of: joined.output.title}}
      """,
      records: [(1, "a"), (2, "b"), (3, "a")].map { #"{"id": \#($0.0), "doc": "\#($0.1)"}"# })
    try pipeline.write(
      records: [#"{"name": "a", "title": null}"#, #"{"name": "b", "title": "B"}"#], to: "docs.jsonl"
    )
    let outcome = try await pipeline.run()
    #expect(outcome.counts("part") == counts)
    #expect(outcome.counts("doc") == "2 read = 1 accepted + 1 rejected")
  }
}
