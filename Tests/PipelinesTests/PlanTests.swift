import Foundation
import Providers
import Records
import TestSupport
import Testing

@testable import Pipelines

@Suite struct PlanTests {
  private func plan(_ name: String) throws -> PipelinePlan {
    try DiagnosticFixtures.check(name).get()
  }

  @Test func everythingIsResolved() throws {
    let plan = try plan("right")
    let folder = DiagnosticFixtures.folder.path
    #expect(plan.name == "tickets")
    #expect(plan.directory == folder)
    #expect(plan.maxRejected == .share(0.005))
    #expect(plan.reaskLimit == .count(200))
    #expect(plan.vars.compact == #"{"language":"010","count":3}"#)
    #expect(plan.stages.map(\.name) == ["first", "second"])
    #expect(
      plan.providers == [
        ProviderPlan(
          name: "local", kind: .anthropic, baseURL: "http://127.0.0.1:8700/anthropic",
          keyVariable: "LOCAL_KEY", apiVersion: "2026-10-21", form: .messages,
          price: .init(input: 1_250_000_000, output: 5_000_000_000), inFlight: 8,
          queue: .init(requests: 200_000, inputTokens: 40_000_000), callsPerMinute: nil,
          tokensPerMinute: nil)
      ])
  }

  @Test func stagesTakeDefaultsAndTheirOwn() throws {
    let plan = try plan("right")
    let first = try #require(plan.stage("first"))
    let second = try #require(plan.stage("second"))
    #expect(first.onDuplicate == .first)
    #expect(first.load.model == "claude-haiku-4-5")
    #expect(first.load.maxTokens == 64)
    #expect(first.load.shard == .init(maxRequests: 100, maxBytes: 64_000_000))
    #expect(first.load.inFlight == 4)
    #expect(first.load.attempts == AttemptLimits(3))
    #expect(
      first.load.canary
        == CanaryPlan(
          .unprovenPrompt, records: 10, accepted: .share(0.8), meanCost: Money(dollars: "0.01"),
          truncated: .share(0.05)))
    #expect(second.load.canary.records == 0)
    #expect(first.load.identical == .together)
    #expect(!first.load.repairs)
    #expect(first.load.schema?.written["required"]?.array?.count == 1)
    #expect(first.merge?.missing == .skip)
    #expect(first.merge?.set.map(\.name) == ["label", "why"])
    #expect(second.load.maxTokens == 128)
    #expect(second.load.shard == .init(maxRequests: 100, maxBytes: 1 << 20))
    #expect(second.load.identical == .separate)
    #expect(second.merge == nil)
  }

  @Test func readsAreKnown() throws {
    let plan = try plan("right")
    let first = try #require(plan.stage("first"))
    #expect(first.reads == RecordReads(fields: ["chunk_id", "meta", "text"]))
    #expect(first.filterReads == RecordReads(fields: ["title"]))
    let second = try #require(plan.stage("second"))
    #expect(second.reads == RecordReads(fields: ["text", "title"]))
    #expect(second.filterReads.isEmpty)
    #expect(second.stagesRead == ["first"])
  }

  @Test func stagesKnowTheirChain() throws {
    let plan = try plan("right")
    let second = try #require(plan.stage("second"))
    #expect(plan.ancestors(of: "second").map(\.name) == ["first"])
    #expect(plan.readers(of: "first").map(\.name) == ["second"])
    #expect(plan.rootSource(of: second).file?.shownPath.hasSuffix("data/chunks.jsonl") == true)
    guard case .inherited = second.key else {
      Issue.record("a stage's records keep their keys")
      return
    }
  }

  @Test func aSandboxedPlanWritesBeside() throws {
    let plan = try plan("right").sandboxed()
    #expect(plan.name == "tickets@sandbox")
    #expect(
      plan.stage("first")?.merge?.target.file.path
        == DiagnosticFixtures.folder.path + "/chunks.labelled.sandbox.jsonl")
    #expect(plan.stage("first")?.source.file?.path.hasSuffix("data/chunks.jsonl") == true)
  }

  @Test func aSandboxedTableIsInACopy() throws {
    let plan = try plan("in-place")
    let merge = try #require(plan.stage("describe")?.merge)
    guard case .sqlite(let table) = merge.target else {
      Issue.record("the target is a table")
      return
    }
    #expect(table.isInPlace)
    #expect(table.copyOf == nil)
    guard case .sqlite(let copy)? = plan.sandboxed().stage("describe")?.merge?.target else {
      Issue.record("the target is a table")
      return
    }
    #expect(copy.database.path == DiagnosticFixtures.folder.path + "/data/music.sandbox.db")
    #expect(copy.copyOf == table.database)
    #expect(copy.isInPlace)
  }

  @Test(arguments: [
    ("a/x.jsonl", "a/x.sandbox.jsonl"), ("x", "x.sandbox"), (".hidden", ".hidden.sandbox"),
    ("a.b/x", "a.b/x.sandbox"), ("x.out.csv", "x.out.sandbox.csv"),
  ])
  func sandboxFilesAreBeside(_ path: String, _ expected: String) {
    #expect(PlannedFile(path: path, shownPath: path).sandboxed.path == expected)
  }

  @Test func sourcesOpen() throws {
    let plan = try plan("right")
    let source = try #require(plan.stage("first")).source.open()
    let record = try #require(try source.next())
    #expect(record.root["title"]?.text == "One")
    let music = try #require(try self.plan("in-place").stage("describe")).source.open()
    #expect(music.fields == ["id", "name", "album", "summary"])
  }

  @Test func standardInputIsReadFromWhereItWasSpooled() throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write("a;b\n1;2\n", to: "spool")
    let source = SourcePlan.standardInput(.csv(CSVOptions(delimiter: 0x3B)))
    let records = try source.open(spooled: PlannedFile(path: path, shownPath: "spool"))
    #expect(try records.next()?.root["b"]?.text == "2")
  }

  @Test(arguments: [
    ("1%", RecordLimit.share(0.01)), ("0.5", .share(0.5)), ("100%", .share(1)), ("7", .count(7)),
    ("0", .count(0)), ("2.5%", .share(0.025)), ("90 %", .share(0.9)),
  ])
  func limitsAreReadAsWritten(_ text: String, _ limit: RecordLimit) {
    #expect(RecordLimit(text) == limit)
  }

  @Test(arguments: ["", "%", "-1", "101%", "1.5", "a", "1  %", " %", "."])
  func otherLimitsAreRefused(_ text: String) {
    #expect(RecordLimit(text) == nil)
  }

  @Test(arguments: [
    ("64MB", 64_000_000), ("256MiB", 268_435_456), ("1000000", 1_000_000), ("1.5 kb", 1500),
    ("2GiB", 2 << 30), ("7B", 7),
  ])
  func byteCountsAreReadAsWritten(_ text: String, _ count: Int) {
    #expect(ScalarReading.byteCount(YAMLScalar(text, style: .plain, isText: false)) == count)
  }

  @Test(arguments: [
    "", "MB", "64 megabytes", "-1", "1e6", "1.5", "99999999999999999999", "1.2.3MB",
  ])
  func otherByteCountsAreRefused(_ text: String) {
    #expect(ScalarReading.byteCount(YAMLScalar(text, style: .plain, isText: false)) == nil)
  }

  @Test func daysAreCalendarDays() {
    #expect(CalendarDay.text(ofMilliseconds: 0) == "1970-01-01")
    #expect(CalendarDay.text(ofMilliseconds: 951_782_400_000) == "2000-02-29")
    #expect(CalendarDay.text(ofMilliseconds: 1_795_996_800_000) == "2026-11-30")
    #expect(CalendarDay.text(ofMilliseconds: -1) == "1969-12-31")
  }
}
