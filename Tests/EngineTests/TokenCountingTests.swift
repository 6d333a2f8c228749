import Engine
import Pipelines
import Providers
import Records
import Sandbox
import TestSupport
import Testing

/// A forecast that goes by the provider's own counter, over a real socket.
@Suite struct TokenCountingTests {
  private func counted(
    _ count: Int, _ pipeline: SandboxedPipeline, faults: String = "{}"
  ) async throws -> StageForecast {
    let server = try await pipeline.startSandbox(faults: faults)
    let (plan, settings) = try pipeline.prepared(server) { _ in }
    let forecast: PipelineForecast
    do {
      forecast = try await .counting(count, requestsOf: plan.sandboxed(), settings)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    return try #require(forecast.stages.first)
  }

  @Test(arguments: [SandboxedPipeline.Provider.anthropic, .gemini])
  func theCounterTakesTheEstimatesPlace(_ provider: SandboxedPipeline.Provider) async throws {
    let pipeline = try SandboxedPipeline(records: 64, shard: 100, of: provider)
    let estimated = try #require(try await pipeline.forecast().stages.first)
    #expect(estimated.counting == nil)
    let stage = try await counted(16, pipeline)
    guard case .counted(let count)? = stage.counting else {
      Issue.record("\(String(describing: stage.counting))")
      return
    }
    #expect((8...16).contains(count.requests) && count.tokens > 0)
    #expect(count.tokens != count.estimated)
    // The 64 requests are alike: together they have what one of those that were counted has, 64 times.
    let expected = count.tokens * 64 / count.requests
    #expect(abs(stage.total.input.likely - expected) <= expected / 20)
    #expect(stage.total.input.low < stage.total.input.likely)
    #expect(stage.total.input.likely < stage.total.input.high)
    // What a budget would set aside is not lowered by it.
    #expect(stage.total.most == estimated.total.most)
    let calls = try pipeline.calls()
    let routes = calls.filter { $0.contains("count") || $0.contains("tokens") }
    #expect(routes.count == count.requests, "\(calls)")
  }

  @Test func requestsOfResponsesAreCountedAndChatCompletionsAreNot() async throws {
    let responses = try SandboxedPipeline(
      records: 5, top: "providers: {other: {kind: openai, api: responses}}",
      of: .init(name: "other", model: "gpt-5.4-mini"))
    guard case .counted(let count)? = try await counted(3, responses).counting else {
      Issue.record("responses are not counted")
      return
    }
    #expect(count.requests <= 3 && count.tokens > 0)
    for provider in [SandboxedPipeline.Provider.openAI, .other] {
      let stage = try await counted(3, try SandboxedPipeline(records: 5, of: provider))
      #expect(
        stage.counting == .impossible("'\(provider.name)' has no counter for such requests"))
      #expect(stage.total.requests == 5)
    }
  }

  @Test func overloadIsWaitedForAndARefusalIsTold() async throws {
    let pipeline = try SandboxedPipeline(records: 4)
    let busy = try await counted(
      2, pipeline,
      faults:
        #"{"calls": [{"route": "count_tokens", "calls": {"nth": 1}, "status": 529, "headers": {"retry-after": "1"}}]}"#
    )
    guard case .counted? = busy.counting else {
      Issue.record("\(String(describing: busy.counting))")
      return
    }
    let refused = try SandboxedPipeline(records: 4)
    await #expect(throws: RunError.self) {
      try await counted(
        2, refused, faults: #"{"calls": [{"route": "count_tokens", "status": 401}]}"#)
    }
  }

  @Test func nothingToSendIsNothingToCount() async throws {
    let pipeline = try SandboxedPipeline(records: 4)
    _ = try await pipeline.run()
    #expect(
      try await counted(2, pipeline).counting
        == .impossible("there is no request yet that could be counted"))
  }
}
