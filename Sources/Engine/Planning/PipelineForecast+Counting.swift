public import Pipelines
internal import Providers

extension PipelineForecast {
  /// Reads every source as a run would, has the providers count the tokens of some requests, and reads again with what
  /// came of it. Counting costs nothing; the requests go to the provider for it.
  ///
  /// - Parameters:
  ///   - count: At most so many requests of each stage are counted.
  ///   - plan: The pipeline; sandboxed, its sandbox's state is looked at.
  ///   - settings: The state root, the catalogue, addresses and keys count.
  /// - Returns: The forecast.
  /// - Throws: `RunError`; also when a key is missing or a provider refuses to count.
  public static func counting(
    _ count: Int, requestsOf plan: PipelinePlan, _ settings: RunSettings
  ) async throws(RunError) -> PipelineForecast {
    var settings = settings
    settings.countedRequests = count
    let first = try await PipelineForecast(plan, settings)
    settings.countedRequests = 0
    settings.counts = try await first.counts(plan, settings)
    return try await PipelineForecast(plan, settings)
  }

  private func counts(
    _ plan: PipelinePlan, _ settings: RunSettings
  ) async throws(RunError) -> [String: TokenCounting] {
    try await RunError.typed {
      let connection = try await Connection(plan, settings)
      var counts: [String: TokenCounting] = [:]
      for stage in plan.stages where stage.calculation == nil {
        guard let forecast = stages.first(where: { $0.stage == stage.name }) else { continue }
        let provider = stage.load.provider
        let session = connection.stages[stage.name] ?? connection.providers[provider.name]
        if let counter = session?.counter, let session {
          counts[stage.name] = try await Self.count(forecast.sample, counter, session)
        } else {
          counts[stage.name] = .impossible(
            "'\(provider.name)' has no counter for such requests")
        }
      }
      return counts
    }
  }

  private static func count(
    _ sample: RequestSample, _ counter: TokenCounter, _ session: ProviderSession
  ) async throws -> TokenCounting {
    guard !sample.requests.isEmpty else {
      return .impossible("there is no request yet that could be counted")
    }
    var tokens = 0
    for request in sample.requests {
      tokens += try await session.call { () throws(ProviderError) in
        try await counter.count(request.line)
      }
    }
    return .counted(
      TokenCount(
        requests: sample.requests.count, tokens: tokens,
        estimated: sample.requests.reduce(0) { $0 + $1.estimate.likely },
        high: sample.requests.reduce(0) { $0 + $1.estimate.high }))
  }
}
