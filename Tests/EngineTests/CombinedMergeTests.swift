import Engine
import Foundation
import Ledger
import Records
import Sandbox
import TestSupport
import Testing

/// One output from the answers of several stages.
@Suite struct CombinedMergeTests {
  private static let stages = """
    all:
      extract: {jsonl: records.jsonl, key: id}
      transform: {set: {n: id}}
      merge:
        jsonl: all.jsonl
        set:
          kind: stages.triage.output.text
          detail: stages.detail.output.text
          german: stages.german.output.text
          asked: "'yes' if stages.detail.output else 'no'"
          group: stages.digest.output.text
    triage:
      extract: {jsonl: records.jsonl, key: id}
      transform: {prompt: "<triage>{{ text }}</triage>"}
    detail:
      extract: {stage: triage, where: urgent}
      transform: {prompt: "<detail>{{ text }} {{ output.text }}</detail>"}
    german:
      extract: {jsonl: records.jsonl, key: id}
      transform: {prompt: "<german>{{ text }}</german>"}
    digest:
      extract: {stage: triage, group: id}
      transform: {prompt: "<digest>{{ items[0].output.text }}</digest>"}
    """

  private static let records = (1...4).map {
    #"{"id": \#($0), "text": "Message \#($0).", "urgent": \#($0 % 2 == 0)}"#
  }

  private func pipeline(_ stages: String = stages) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline()
    try pipeline.write(stages: stages)
    try pipeline.write(records: Self.records)
    return pipeline
  }

  @Test func fieldsOfSeveralStagesAreInOneRow() async throws {
    let pipeline = try pipeline()
    let outcome = try await pipeline.run()
    #expect(outcome.ending.status == .ok)
    #expect(outcome.billed == 4 + 2 + 4 + 4)
    let rows = try pipeline.rows(of: "all.sandbox.jsonl")
    #expect(rows.map { $0["id"]?.int } == [1, 2, 3, 4])
    #expect(rows.allSatisfy { $0["kind"]?.string != nil && $0["german"]?.string != nil })
    #expect(rows.allSatisfy { $0["group"]?.string != nil })
    // Who was not asked for details has none.
    #expect(rows.map { $0["detail"]?.string == nil } == [true, false, true, false])
    #expect(rows.map { $0["asked"]?.string } == ["no", "yes", "no", "yes"])
    let again = try await pipeline.run()
    #expect(again.billed == 14 && !again.events.contains("merged"))
  }

  @Test func itIsWrittenWhenNothingOfThemIsPending() async throws {
    let pipeline = try pipeline()
    let server = try await pipeline.startSandbox()
    let first = try await pipeline.run(on: server, patience: .once)
    #expect(first.counts("all") == "4 read = 4 accepted" && first.ending.wakeAt != nil)
    #expect(
      !FileManager.default.fileExists(atPath: pipeline.scratch.path("all.sandbox.jsonl")))
    let done = try await pipeline.run(on: server)
    await server.stop()
    #expect(done.ending.status == .ok)
    #expect(try pipeline.rows(of: "all.sandbox.jsonl").count == 4)
  }

  @Test(arguments: [("null", 4), ("skip", 3)])
  func aRejectedAnswerIsMissing(_ policy: String, _ count: Int) async throws {
    let pipeline = try pipeline(
      Self.stages.replacing(
        "    jsonl: all.jsonl", with: "    jsonl: all.jsonl\n    missing: \(policy)"))
    // The second batch is the German one.
    let faults = #"{"rows": [{"custom_id": "3", "batches": {"nth": [2]}, "outcome": "refusal"}]}"#
    let outcome = try await pipeline.run(faults: faults)
    #expect(outcome.counts("german") == "4 read = 3 accepted + 1 rejected")
    let rows = try pipeline.rows(of: "all.sandbox.jsonl")
    #expect(rows.count == count)
    if let third = rows.first(where: { $0["id"]?.int == 3 }) {
      #expect(third["german"] == .null && third["kind"]?.string != nil)
    }
  }

  @Test func aTableIsFilledInPlace() async throws {
    let pipeline = try pipeline()
    let table = try SQLiteMerge(
      database: pipeline.scratch.path("t.db"), table: "t", key: "id", mode: .upsert, setting: [],
      addingColumns: false)
    var tape = JSONTape()
    for row in [
      #"{"id": 1, "text": "one", "urgent": 0, "kind": null, "detail": "kept"}"#,
      #"{"id": 2, "text": "two", "urgent": 1, "kind": null, "detail": null}"#,
    ] {
      try Array(row.utf8).withUnsafeBufferPointer {
        try table.put(try tape.parse($0), setting: nil)
      }
    }
    _ = try table.finish()
    try pipeline.write(
      stages: """
        triage:
          extract: {sqlite: {database: t.db, table: t}, key: id}
          transform: {prompt: "<triage>{{ text }}</triage>"}
          merge:
            sqlite: {database: t.db, table: t, key: id}
            set: {kind: output.text, detail: stages.detail.output.text}
        detail:
          extract: {stage: triage, where: urgent == 1}
          transform: {prompt: "<detail>{{ text }} {{ output.text }}</detail>"}
        """)
    #expect(try await pipeline.run().ending.status == .ok)
    let source = try SQLiteSource(
      database: pipeline.scratch.path("t.sandbox.db"),
      .query("SELECT id, kind IS NOT NULL AS k, detail = 'kept' AS d FROM t ORDER BY id"))
    var rows: [String] = []
    while let row = try source.next() { rows.append(row.root.text) }
    #expect(rows == [#"{"id":"1","k":1,"d":1}"#, #"{"id":"2","k":1,"d":0}"#])
  }
}
