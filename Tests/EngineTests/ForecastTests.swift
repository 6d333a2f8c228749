import Engine
import Foundation
import Ledger
import Pipelines
import Providers
import Records
import TestSupport
import Testing

/// What `leaven plan` says, and that the run which follows does it.
@Suite struct ForecastTests {
  private func ran(_ count: Int = 30) async throws -> SandboxedPipeline {
    let pipeline = try SandboxedPipeline(records: count, load: "canary: 0")
    #expect(try await pipeline.run().billed == count)
    return pipeline
  }

  private func edit(_ pipeline: SandboxedPipeline, _ change: (inout [String]) -> Void) throws {
    var lines = try pipeline.scratch.text(of: "passages.jsonl").split(separator: "\n")
      .map(String.init)
    change(&lines)
    try pipeline.scratch.write(lines.joined(separator: "\n") + "\n", to: "passages.jsonl")
  }

  private func stage(_ pipeline: SandboxedPipeline) async throws -> StageForecast {
    try #require(try await pipeline.forecast().stages.first)
  }

  @Test func beforeTheFirstRunEverythingIsNewAndNothingIsMade() async throws {
    let pipeline = try SandboxedPipeline(records: 30)
    try edit(pipeline) { $0.append($0[0].replacing("\"p1\"", with: "\"twin\"")) }
    let stage = try await stage(pipeline)
    #expect(stage.words == ["new 31: 30"])
    #expect(stage.lines.first?.identical == 1)
    #expect((stage.shards, stage.waves, stage.experience) == (2, 1, 0))
    #expect(!FileManager.default.fileExists(atPath: pipeline.scratch.path("state")))
  }

  @Test func whatChangedIsSaidWithItsReasonAndTheRunDoesThat() async throws {
    let pipeline = try await ran()
    try edit(pipeline) { lines in
      lines[6].replace("speaks", with: "shouts")
      lines.remove(at: 20)
      lines.append(#"{"id": "n1", "text": "A new one."}"#)
      lines.append(#"{"id": "n2", "text": "Passage 3 speaks of 23757 things."}"#)
    }
    let stage = try await stage(pipeline)
    #expect(stage.words == ["new 2: 1", "record 1: 1"])
    #expect(stage.lines.first?.reused == 1)
    #expect((stage.unchanged, stage.removed, stage.total.requests) == (28, 1, 2))
    let (outcome, readings) = try await pipeline.runHearingReadings()
    let tally = try #require(readings.first)
    #expect((tally.new, tally.edited, tally.removed, tally.toSend) == (2, 1, 1, 2))
    #expect(outcome.billed == 32)
    let after = try await self.stage(pipeline)
    #expect(after.lines.isEmpty && after.total.requests == 0 && after.unchanged == 31)
  }

  @Test func eachWayOfAskingIsNamed() async throws {
    let pipeline = try await ran()
    try pipeline.write(prompt: "<text>{{ text }}</text>")
    #expect(try await stage(pipeline).words == ["template 30: 30"])
    try pipeline.write(maxTokens: 200)
    #expect(try await stage(pipeline).words == ["parameters 30: 30"])
    try pipeline.write(prompt: "<text>{{ text }}</text>", maxTokens: 200)
    #expect(try await stage(pipeline).words == ["template+parameters 30: 30"])
    try pipeline.write()
    let file = try pipeline.scratch.text(of: "passages.yaml")
    try pipeline.scratch.write(
      file.replacing("claude-haiku-4-5", with: "claude-sonnet-4-6"), to: "passages.yaml")
    #expect(try await stage(pipeline).words == ["model 30: 30"])
    try pipeline.scratch.write(file, to: "passages.yaml")
    let schema = try pipeline.scratch.text(of: "answer.schema.json")
    try pipeline.scratch.write(
      schema.replacing(#"{"type": "string"}"#, with: #"{"type": "string", "maxLength": 400}"#),
      to: "answer.schema.json")
    #expect(try await stage(pipeline).words == ["schema 30: 30"])
    // Back again: the answers are there.
    try pipeline.scratch.write(schema, to: "answer.schema.json")
    #expect(try await stage(pipeline).words.isEmpty)
  }

  @Test func aPromptThatReadsOtherFieldsIsNoEditedRecord() async throws {
    let pipeline = try await ran(120)
    let before = try await pipeline.run().output
    try pipeline.write(prompt: "{{ id }}: <passage>{{ text }}</passage>")
    try edit(pipeline) { $0[3].replace("speaks", with: "sings") }
    let stage = try await stage(pipeline)
    #expect(stage.words == ["record 1: 1", "template 119: 119"])
    #expect(stage.needsYes?.count == 119)
    // The edited record goes on, the others wait for a yes and keep their answers in the output.
    let (outcome, readings) = try await pipeline.runHearingReadings()
    #expect(outcome.ending.status == .decisionNeeded)
    #expect((readings.first?.withheld, readings.first?.edited) == (119, 1))
    #expect(outcome.billed == 121)
    let changed = zip(before.split(separator: "\n"), outcome.output.split(separator: "\n"))
      .count { $0 != $1 }
    #expect(changed == 1)
    #expect(!outcome.output.contains("null"))
    // Asked once more, nothing more is asked; with a yes, the rest is.
    #expect(try await pipeline.run().billed == 121)
    let accepted = try await pipeline.run(change: { $0.reaskAnswer = true })
    #expect(accepted.billed == 240)
    #expect(accepted.ending.status == .ok)
  }

  @Test func whatFailedBeforeIsNotAskedAgain() async throws {
    let pipeline = try SandboxedPipeline(
      records: 10, load: "attempts: 1", top: "max_rejected: 50%")
    let faults = #"{"rows": [{"custom_id": "p3", "outcome": "invalid_answer"}]}"#
    #expect(try await pipeline.run(faults: faults).ending.status == .ok)
    let stage = try await stage(pipeline)
    #expect((stage.failedBefore, stage.unchanged, stage.total.requests) == (1, 9, 0))
  }

  private func verdict(_ pipeline: SandboxedPipeline) async throws -> PlanVerdict {
    let catalog = try Catalogs.builtIn()
    let file = try PipelineReader.read(pipeline.scratch.path("passages.yaml"))
    let plan = try PipelineChecker(catalog: catalog, now: 1_795_000_000_000, settings: [])
      .check(file)
    return try #require(
      try await pipeline.forecast().verdict(on: plan, catalog, now: 1_795_000_000_000))
  }

  @Test func aServerThatIsAskedOneByOneHasNoBatchesToWaitFor() async throws {
    let pipeline = try SandboxedPipeline(
      records: 400, load: "mode: concurrent", top: "deadline: 2h", of: .other)
    let verdict = try await verdict(pipeline)
    #expect(verdict.advice == .concurrent && verdict.rounds == 0)
    #expect(verdict.usualEnd == nil && verdict.worstEnd == nil)
    #expect(verdict.cadence == 7_200_000)
    #expect(
      verdict.questions[1].reason == "400 requests, and a batch is not known to be cheaper there")
    let batched = try SandboxedPipeline(records: 400, of: .other)
    #expect(try await self.verdict(batched).rounds > 0)
  }

  @Test func whatIsAskedOneByOneIsPricedSo() async throws {
    let batched = try await stage(try SandboxedPipeline(records: 30))
    let pipeline = try SandboxedPipeline(records: 30, load: "mode: concurrent")
    let calls = try await stage(pipeline)
    #expect(calls.isAskedOneByOne && calls.waves == 0 && !batched.isAskedOneByOne)
    // Half the price is what a batch pays.
    #expect(calls.total.cost?.likely == batched.synchronousCost?.likely)
    #expect(calls.synchronousCost == calls.total.cost)
    #expect(calls.batchCost?.likely == batched.total.cost?.likely)
    #expect(
      calls.total.most.map { $0.nanodollars } == batched.total.most.map { $0.nanodollars * 2 })
    let verdict = try await verdict(pipeline)
    #expect(
      verdict.usualEnd == nil && verdict.questions[1].reason.contains("a batch saves about $"))
  }

  @Test func theLedgerIsReadWithoutALockAndLeftAsItIs() async throws {
    let pipeline = try await ran()
    try edit(pipeline) { $0.append(#"{"id": "n1", "text": "A new one."}"#) }
    let folder = pipeline.scratch.path("state/passages@sandbox")
    let before = try pipeline.scratch.bytes(of: "state/passages@sandbox/ledger.sqlite")
    let lock = try PipelineLock.acquire(inFolder: folder)
    let isLocked = lock != nil
    #expect(isLocked)
    #expect(try await stage(pipeline).words == ["new 1: 1"])
    withExtendedLifetime(lock) {}
    let after = try pipeline.scratch.bytes(of: "state/passages@sandbox/ledger.sqlite")
    let isSame = before == after
    #expect(isSame)
  }

  @Test func answersTeachWhatTheNextOnesCost() async throws {
    let pipeline = try await ran(60)
    try pipeline.write(prompt: "<text>{{ text }}</text>")
    let stage = try await stage(pipeline)
    #expect(stage.experience == 60)
    let outcome = try await pipeline.run(change: { $0.reaskAnswer = true })
    let cost = try #require(outcome.ending.run?.spent)
    let range = try #require(stage.total.cost)
    #expect(range.low <= cost && cost <= range.high, "\(range), \(cost)")
    let miss = abs(Double(range.likely.nanodollars) / Double(cost.nanodollars) - 1)
    #expect(miss < 0.1, "\(range.likely) foretold, \(cost) spent")
    #expect(cost <= (stage.total.most ?? .zero))
  }

  @Test func aStageBelowIsAnEstimateUntilTheOneAboveIsAnswered() async throws {
    let pipeline = try SandboxedPipeline(records: 20)
    try pipeline.write(
      stages: """
        sum:
          extract: {jsonl: passages.jsonl, key: id}
          transform: {prompt: "{{ text }}"}
          load: {schema: answer.schema.json}
        next:
          extract: {stage: sum}
          transform: {prompt: "Once more: {{ output.summary }}"}
          merge: {jsonl: out.jsonl, set: {text: output.text}}
        """)
    var stages = try await pipeline.forecast().stages
    #expect(stages[1].downstream?.records == 20)
    #expect(stages[1].downstream?.likely == 20)
    #expect(stages[1].total.requests == 20)
    #expect(try await pipeline.run().billed == 40)
    stages = try await pipeline.forecast().stages
    #expect(stages.allSatisfy { $0.downstream == nil && $0.total.requests == 0 })
    try edit(pipeline) { $0[0].replace("speaks", with: "sings") }
    stages = try await pipeline.forecast().stages
    #expect(stages[0].words == ["record 1: 1"])
    #expect((stages[1].downstream?.likely, stages[1].unchanged) == (1, 19))
    #expect(stages[1].removed == nil)
    #expect(try await pipeline.run().billed == 42)
  }

  @Test func aStageThatAsksNobodyCostsNothing() async throws {
    let pipeline = try SandboxedPipeline(records: 4)
    try pipeline.write(
      stages: """
        tidy:
          extract: {jsonl: passages.jsonl, key: id}
          transform: {set: {short: "text | truncate(30)"}}
        sum:
          extract: {stage: tidy}
          transform: {prompt: "{{ output.short }}"}
          load: {schema: answer.schema.json}
          merge: {jsonl: out.jsonl, set: {summary: output.summary}}
        """)
    let stages = try await pipeline.forecast().stages
    #expect((stages[0].model, stages[0].total.requests, stages[0].words) == (nil, 0, ["new 4: 0"]))
    #expect((stages[1].words, stages[1].total.requests) == (["new 4: 4"], 4))
    #expect(stages[1].downstream == nil)
  }
}
