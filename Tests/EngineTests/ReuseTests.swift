import Engine
import Foundation
import Ledger
import Records
import TestSupport
import Testing

/// What becomes of accepted and rejected answers when the way of asking or judging changes.
@Suite struct ReuseTests {
  private func counts(_ outcome: SandboxedPipeline.Outcome) -> String? { outcome.counts("sum") }

  @Test func moreTokensLeaveGoodAnswersAlone() async throws {
    let pipeline = try SandboxedPipeline(records: 30)
    #expect(try await pipeline.run().billed == 30)
    try pipeline.write(maxTokens: 300, load: "reuse: {parameters: keep}")
    let records = try pipeline.scratch.text(of: "passages.jsonl")
    try pipeline.scratch.write(
      records.replacing("Passage 4 speaks", with: "Passage 4 sings")
        + #"{"id": "n", "text": "A new one."}"# + "\n", to: "passages.jsonl")
    let (outcome, readings) = try await pipeline.runHearingReadings()
    #expect(outcome.billed == 32)
    #expect(counts(outcome) == "31 read = 31 accepted")
    #expect((readings.first?.kept, readings.first?.edited, readings.first?.new) == (29, 1, 1))
    #expect(!outcome.output.contains("null"))
    #expect(try await pipeline.run().billed == 32)
    // The policy is no part of an answer: without it, what was kept is asked again.
    try pipeline.write(maxTokens: 300)
    #expect(try await pipeline.forecast().stages[0].words.isEmpty == false)
    #expect(try await pipeline.run(change: { $0.reaskAnswer = true }).billed == 61)
  }

  /// What a stage keeps of answers to another way of asking, and how the file says that it asks otherwise.
  @Test(arguments: ["parameters", "template", "model", "none"])
  func rowsThatGoAndComeBackFindWhatThePolicyKeeps(kept: String) async throws {
    let pipeline = try SandboxedPipeline(records: 12)
    #expect(try await pipeline.run().billed == 12)
    let load = kept == "none" ? "" : "reuse: {\(kept): keep}"
    try pipeline.write(
      prompt: kept == "template" ? "Anew: {{ text }}" : "<passage>{{ text }}</passage>",
      maxTokens: kept == "parameters" || kept == "none" ? 120 : 100, load: load)
    let file = try pipeline.scratch.text(of: "passages.yaml")
    if kept == "model" {
      try pipeline.scratch.write(
        file.replacing("claude-haiku-4-5", with: "claude-sonnet-4-6"), to: "passages.yaml")
    }
    let answered = kept == "none" ? 24 : 12
    #expect(try await pipeline.run(change: { $0.reaskAnswer = true }).billed == answered)
    let records = try pipeline.scratch.text(of: "passages.jsonl")
    let lines = records.split(separator: "\n")
    try pipeline.scratch.write(
      lines.prefix(7).joined(separator: "\n") + "\n", to: "passages.jsonl")
    #expect(counts(try await pipeline.run()) == "7 read = 7 accepted")
    // One of the rows comes back as another text: that is asked.
    try pipeline.scratch.write(
      records.replacing("Passage 12 speaks", with: "Passage 12 sings"), to: "passages.jsonl")
    #expect(try await pipeline.forecast().stages[0].total.requests == 1)
    let back = try await pipeline.run()
    #expect(back.billed == answered + 1)
    #expect(counts(back) == "12 read = 12 accepted")
    #expect(!back.output.contains("null"))
    #expect(try await pipeline.run().billed == answered + 1)
  }

  @Test func anotherModelIsForNewRecordsWhenThePipelineSaysSo() async throws {
    let pipeline = try SandboxedPipeline(records: 12)
    _ = try await pipeline.run()
    try pipeline.write(prompt: "Anew: {{ text }}", load: "reuse: {model: keep, template: keep}")
    let file = try pipeline.scratch.text(of: "passages.yaml")
    try pipeline.scratch.write(
      file.replacing("claude-haiku-4-5", with: "claude-sonnet-4-6"), to: "passages.yaml")
    let outcome = try await pipeline.run()
    #expect(outcome.billed == 12)
    #expect(outcome.ending.status == .ok)
    #expect(counts(outcome) == "12 read = 12 accepted")
    // What is not kept (here the parameters) asks again.
    try pipeline.scratch.write(
      file.replacing("claude-haiku-4-5", with: "claude-sonnet-4-6")
        .replacing("max_tokens: 100", with: "max_tokens: 101"), to: "passages.yaml")
    #expect(
      try await pipeline.forecast().stages[0].words == ["template+model+parameters 12: 12"])
  }

  @Test func underANewSchemaOnlyAnswersThatDoNotFitAreAskedAgain() async throws {
    let pipeline = try SandboxedPipeline(records: 30)
    _ = try await pipeline.run()
    let rows = try pipeline.rows(of: "out.sandbox.jsonl")
    let lengths = rows.map { $0["summary"]?.string?.unicodeScalars.count ?? 0 }
    let limit = lengths.sorted()[20]
    let tooLong = lengths.count { $0 > limit }
    let schema = try pipeline.scratch.text(of: "answer.schema.json")
    try pipeline.scratch.write(
      schema.replacing(
        #"{"type": "string"}"#, with: #"{"type": "string", "maxLength": \#(limit)}"#),
      to: "answer.schema.json")
    try pipeline.write(load: "reuse: {schema: revalidate}", top: "max_rejected: 100%")
    let forecast = try await pipeline.forecast().stages[0]
    let expected = tooLong > 0 ? ["schema \(tooLong): \(tooLong)"] : []
    #expect(forecast.words == expected || forecast.words == ["schema 30: \(tooLong)"])
    #expect(forecast.total.requests == tooLong)
    let outcome = try await pipeline.run(change: { $0.reaskAnswer = true })
    #expect(outcome.ending.stages[0].counts.accepted >= 30 - tooLong)
    let again = try await pipeline.run().billed
    #expect(again == outcome.billed)
  }

  @Test func repairTurnedOnJudgesStoredAnswersAgain() async throws {
    let pipeline = try SandboxedPipeline(records: 6, load: "attempts: 1", top: "max_rejected: 100%")
    let twin = #"{"id": "twin", "text": "Passage 2 speaks of 15838 things."}"# + "\n"
    let records = try pipeline.scratch.text(of: "passages.jsonl")
    try pipeline.scratch.write(records + twin, to: "passages.jsonl")
    let script = #"""
      {"match": {"custom_id": "p2"}, "answer": "{\"summary\": \"mended\",}"}
      {"match": {"custom_id": "p5"}, "answer": "no JSON at all"}
      """#
    let first = try await pipeline.run(answers: script)
    #expect(counts(first) == "7 read = 4 accepted + 3 rejected")
    #expect(first.billed == 6)
    try pipeline.write(load: "attempts: 1\n      repair: true", top: "max_rejected: 100%")
    let forecast = try await pipeline.forecast().stages[0]
    #expect((forecast.failedBefore, forecast.total.requests) == (1, 0))
    let second = try await pipeline.run(answers: script)
    #expect(counts(second) == "7 read = 6 accepted + 1 rejected")
    #expect(second.billed == 6)
    #expect(second.output.components(separatedBy: "mended").count == 3)
    #expect(try await pipeline.status().repaired == ["sum": 1])
    // Turned off again, what was accepted stays.
    try pipeline.write(load: "attempts: 1", top: "max_rejected: 100%")
    #expect(counts(try await pipeline.run(answers: script)) == "7 read = 6 accepted + 1 rejected")
  }

  @Test func identicalPromptsAreAskedOnceUnlessTheStageSaysSeparate() async throws {
    let pipeline = try SandboxedPipeline(records: 1)
    let lines = (1...5).map { #"{"id": "s\#($0)", "text": "The same."}"# }
    try pipeline.write(records: lines, to: "passages.jsonl")
    let together = try await pipeline.run()
    #expect((together.billed, counts(together)) == (1, "5 read = 5 accepted"))
    try pipeline.write(load: "identical: separate")
    #expect(try await pipeline.forecast().stages[0].total.requests == 5)
    let separate = try await pipeline.run(change: { $0.reaskAnswer = true })
    #expect((separate.billed, counts(separate)) == (6, "5 read = 5 accepted"))
    #expect(try await pipeline.run().billed == 6)
  }

  @Test func aChangedSystemPromptAsksAgain() async throws {
    let pipeline = try SandboxedPipeline(records: 8)
    let file = try pipeline.scratch.text(of: "passages.yaml")
    func write(system: String) throws {
      try pipeline.scratch.write(
        file.replacing("transform: {", with: "transform: {system: \"\(system)\", "),
        to: "passages.yaml")
    }
    try write(system: "Sum up.")
    #expect(try await pipeline.run().billed == 8)
    try write(system: "Sum up briefly.")
    #expect(try await pipeline.forecast().stages[0].words == ["template 8: 8"])
    #expect(try await pipeline.run().billed == 16)
  }
}
