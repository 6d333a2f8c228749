internal import Pipelines
internal import Providers

/// Says what a stage's requests are expected to use, one at a time.
struct RequestPricing: Sendable {
  let experience: UsageExperience
  private let cost: Cost?
  private let maxTokens: Int

  /// Learns from what a stage asked before; one that asks nobody has nothing to price.
  ///
  /// - Throws: `LedgerError`.
  init(_ run: StageRun) throws {
    cost = run.way?.cost
    maxTokens = run.way == nil ? 0 : run.stage.load.maxTokens
    experience = run.way == nil ? UsageExperience(maxTokens: 0) : try UsageExperience(run)
  }

  /// One request with this input, as it was estimated.
  func forecast(_ estimate: TokenEstimate) -> RequestForecast {
    forecast(input: experience.input(estimate), bound: estimate)
  }

  /// One request with this input.
  func forecast(input: TokenEstimate) -> RequestForecast { forecast(input: input, bound: input) }

  private func forecast(input: TokenEstimate, bound: TokenEstimate) -> RequestForecast {
    var forecast = RequestForecast()
    forecast.requests = 1
    forecast.input = input
    forecast.output = experience.output
    forecast.most = cost?.reserve(for: bound, maxTokens: maxTokens)
    forecast.cost = cost.map { cost in
      MoneyRange(
        low: cost.of(input: forecast.input.low, output: forecast.output.low),
        likely: cost.of(input: forecast.input.likely, output: forecast.output.likely),
        high: cost.of(input: forecast.input.high, output: forecast.output.high))
    }
    return forecast
  }
}
