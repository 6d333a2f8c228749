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

  /// What requests cost when so many tokens of each are cached for an hour: with 98, 64 and 30 % of them finding these.
  func cost(of requests: RequestForecast, caching prefix: Int) -> MoneyRange? {
    guard let cost, requests.requests > 0 else { return nil }
    let count = requests.requests
    var usage = TokenUsage()
    usage.input = max(0, requests.input.likely / count - prefix)
    usage.output = requests.output.likely / count
    var hit = usage
    hit.cacheRead = prefix
    usage.cacheWrite1h = prefix
    let (read, written) = (cost.of(hit), cost.of(usage))
    func total(_ percent: Int) -> Money {
      let hits = count * percent / 100
      return read * hits + written * (count - hits)
    }
    return MoneyRange(low: total(98), likely: total(64), high: total(30))
  }
}
