import Engine
import Ledger
import Records
import TestSupport
import Testing

/// `echo_key`: an answer that comes under another request's id is found, whoever mixed them up.
@Suite struct EchoTests {
  private static let swap =
    #"{"calls": [{"route": "results", "calls": {"nth": 1}, "mangle": ["swapped_keys"]}, {"route": "content", "calls": {"nth": 1}, "mangle": ["swapped_keys"]}]}"#

  private static let providers: [SandboxedPipeline.Provider] = [.anthropic, .openAI, .gemini]

  @Test(arguments: providers)
  func anotherRecordsAnswerIsAskedAgainAndNeverMerged(
    _ provider: SandboxedPipeline.Provider
  ) async throws {
    let good = try await SandboxedPipeline(of: provider).run().output
    // Nobody can see it without the code.
    let blind = try SandboxedPipeline(load: "canary: 0", of: provider)
    #expect(try await blind.run(faults: Self.swap).output != good)
    let pipeline = try SandboxedPipeline(
      load: "canary: 0\n      echo_key: true", of: provider)
    let outcome = try await pipeline.run(faults: Self.swap)
    #expect(outcome.ending.status == .ok && outcome.output == good)
    #expect(outcome.billed == 42)
    #expect(!outcome.output.contains("record_code"))
  }

  @Test func theCodeIsNoPartOfTheIdentity() async throws {
    let pipeline = try SandboxedPipeline(records: 5)
    let first = try await pipeline.run()
    try pipeline.write(load: "echo_key: true")
    let second = try await pipeline.run()
    #expect(second.billed == first.billed && second.output == first.output)
    try pipeline.write(prompt: "<text>{{ text }}</text>", load: "echo_key: true")
    let third = try await pipeline.run(change: { $0.reaskAnswer = true })
    #expect(third.billed == 10)
    try pipeline.write(prompt: "<text>{{ text }}</text>")
    let fourth = try await pipeline.run()
    #expect(fourth.billed == 10 && fourth.output == third.output)
    #expect(!fourth.output.contains("record_code"))
  }

  @Test func whatKeepsBeingAnotherRecordsIsRejectedInThoseWords() async throws {
    let pipeline = try SandboxedPipeline(
      records: 4, load: "echo_key: true\n      canary: 0\n      attempts: 2")
    let outcome = try await pipeline.run(
      answers:
        #"{"match": {"custom_id": "p2"}, "answer": {"record_code": "aaaaaaaa", "summary": "Of p3."}}"#
    )
    #expect(outcome.ending.stages.first?.counts.rejected == 1)
    let failures = try await pipeline.failures { "\($0.reason): \($0.detail ?? "")" }
    #expect(failures.first?.hasPrefix("malformed-row: the answer is another record's") == true)
    #expect(!outcome.output.contains("Of p3."))
  }
}
