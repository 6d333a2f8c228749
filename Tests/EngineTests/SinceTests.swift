import Engine
import Foundation
import Ledger
import Records
import TestSupport
import Testing

/// `since`: only what changed is read, and what was not read is as it was.
@Suite struct SinceTests {
  private struct Row {
    var id: Int
    var text: String
    var changed: String
    var lang = "en"

    var json: String {
      #"{"id": "r\#(id)", "text": "\#(text)", "changed": "\#(changed)", "lang": "\#(lang)"}"#
    }
  }

  private static func day(_ number: Int) -> String {
    String(format: "2026-11-%02dT03:00:00Z", number)
  }

  private func pipeline(
    _ rows: [Row], since: String = "changed", filter: String = ""
  ) throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline(records: 1)
    try write(rows, to: pipeline)
    try stages(of: pipeline, since: since, filter: filter)
    return pipeline
  }

  private func stages(
    of pipeline: SandboxedPipeline, since: String, filter: String = "",
    prompt: String = "Sum up: {{ text }}"
  ) throws {
    let condition = filter.isEmpty ? "" : ", where: \(filter)"
    try pipeline.write(
      stages: """
        sum:
          extract: {jsonl: rows.jsonl, key: id, since: \(since)\(condition)}
          transform: {prompt: "\(prompt)"}
          load: {schema: answer.schema.json}
          merge: {jsonl: out.jsonl, set: {summary: output.summary}}
        """)
  }

  private func write(_ rows: [Row], to pipeline: SandboxedPipeline) throws {
    try pipeline.write(records: rows.map(\.json), to: "rows.jsonl")
  }

  private func rows(_ count: Int) -> [Row] {
    (1...count).map { Row(id: $0, text: "Row \($0) says \($0 * 7919).", changed: Self.day($0)) }
  }

  @Test func onlyWhatChangedIsReadAndTheRestStays() async throws {
    var rows = rows(20)
    let pipeline = try pipeline(rows)
    #expect(try await pipeline.run().billed == 20)
    rows[4].text = "Row 5 has changed."
    rows[4].changed = Self.day(21)
    rows.append(Row(id: 22, text: "A new one.", changed: Self.day(22)))
    // Changed, but not said to be: it is not read, and its old answer is not given to it.
    rows[9].text = "Row 10 has changed in secret."
    try write(rows, to: pipeline)
    #expect(try await pipeline.forecast().stages[0].words == ["new 1: 1", "record 1: 1"])
    let (outcome, readings) = try await pipeline.runHearingReadings()
    #expect(outcome.billed == 22)
    #expect(readings.first.map { [$0.new, $0.edited, $0.unchanged, $0.removed] } == [1, 1, 1, 0])
    #expect(outcome.counts("sum") == "21 read = 21 accepted")
    let secret = try pipeline.rows(of: "out.sandbox.jsonl")[9]
    #expect(secret["summary"] == .null)
    let warning = outcome.events.first {
      $0.contains("1 record is new or changed since it was read")
    }
    #expect(warning?.contains("leaven run --reread PIPELINE") == true, "\(outcome.events)")
    // Read whole, it is found.
    let whole = try await pipeline.run(change: { $0.readsEverything = true })
    #expect(whole.billed == 23)
    #expect(try pipeline.rows(of: "out.sandbox.jsonl")[9]["summary"] != .null)
    #expect(try await pipeline.run().billed == 23)
  }

  @Test func aRecordThatIsGoneIsNotWrittenAndIsFoundByAWholeReading() async throws {
    var rows = rows(10)
    let pipeline = try pipeline(rows)
    _ = try await pipeline.run()
    rows.remove(at: 3)
    rows[0].text = "Row 1 has changed."
    rows[0].changed = Self.day(11)
    try write(rows, to: pipeline)
    let outcome = try await pipeline.run()
    #expect(outcome.billed == 11)
    #expect(outcome.counts("sum") == "10 read = 10 accepted")
    #expect(try pipeline.rows(of: "out.sandbox.jsonl").count == 9)
    let whole = try await pipeline.run(change: { $0.readsEverything = true })
    #expect(whole.counts("sum") == "9 read = 9 accepted")
    #expect(whole.billed == 11)
  }

  @Test func aRecordThatTheFilterLeavesOutNowIsNoneOfTheStages() async throws {
    var rows = rows(6)
    let pipeline = try pipeline(rows, filter: "lang == 'en'")
    _ = try await pipeline.run()
    rows[2].lang = "de"
    rows[2].changed = Self.day(9)
    try write(rows, to: pipeline)
    let outcome = try await pipeline.run()
    #expect(outcome.billed == 6)
    #expect(outcome.counts("sum") == "6 read = 5 accepted + 1 filtered")
  }

  @Test func anotherPromptReadsEverything() async throws {
    let pipeline = try pipeline(rows(8))
    _ = try await pipeline.run()
    try stages(of: pipeline, since: "changed", prompt: "Once more: {{ text }}")
    #expect(try await pipeline.run().billed == 16)
  }

  @Test func anOverlapReadsWhatCameLate() async throws {
    var rows = rows(10)
    let pipeline = try pipeline(rows, since: "{field: changed, overlap: 2d}")
    _ = try await pipeline.run()
    // Committed after the last reading, with a time before its highest: within the overlap, and beyond it.
    rows.append(Row(id: 11, text: "A late one.", changed: Self.day(9)))
    rows.append(Row(id: 12, text: "A very late one.", changed: Self.day(3)))
    try write(rows, to: pipeline)
    let outcome = try await pipeline.run()
    #expect(outcome.billed == 11)
    let out = try pipeline.rows(of: "out.sandbox.jsonl")
    #expect(out[10]["summary"] != .null && out[11]["summary"] == .null)
  }

  @Test func theMarkDoesNotRiseBeforeItsRecordsAreSafe() async throws {
    var rows = rows(5)
    let pipeline = try pipeline(rows)
    _ = try await pipeline.run()
    rows.append(Row(id: 6, text: "A new one.", changed: Self.day(8)))
    rows.append(Row(id: 6, text: "Its double.", changed: Self.day(8)))
    try write(rows, to: pipeline)
    // The reading that met them is given up; the next one meets them again.
    await #expect(throws: RunError.self) { _ = try await pipeline.run() }
    rows.removeLast()
    try write(rows, to: pipeline)
    let outcome = try await pipeline.run()
    #expect(outcome.billed == 6)
    #expect(outcome.counts("sum") == "6 read = 6 accepted")
  }

  @Test func aRecordThatWasPutBackIsReadAgain() async throws {
    let pipeline = try pipeline(rows(5))
    let faults = #"{"rows": [{"custom_id": "r2", "outcome": "invalid_answer"}]}"#
    _ = try await pipeline.run(faults: faults)
    #expect(try await pipeline.failures().count == 1)
    try await pipeline.retryFailures()
    let outcome = try await pipeline.run()
    #expect(outcome.counts("sum") == "5 read = 5 accepted")
  }
}
