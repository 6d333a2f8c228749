internal import Ledger
internal import Pipelines
internal import Providers

/// Says what a stage's requests are expected to use, one at a time.
struct RequestPricing: Sendable {
  let experience: UsageExperience
  /// How many of the requests are kept for the provider to count.
  let sampleSize: Int
  private let cost: Cost?
  private let maxTokens: Int
  /// What all requests share, and have cached.
  private let prefix: TokenEstimate

  /// Learns from what a stage asked before; one that asks nobody has nothing to price.
  ///
  /// - Throws: `LedgerError`.
  init(_ run: StageRun) throws {
    cost = run.way.flatMap { $0.cost(run.stage.load.mode == .concurrent ? .concurrent : .batch) }
    maxTokens = run.way == nil ? 0 : run.stage.load.maxTokens
    sampleSize = run.way == nil ? 0 : run.settings.countedRequests
    experience = run.way == nil ? UsageExperience(maxTokens: 0) : try UsageExperience(run)
    let cached = run.way == nil ? nil : run.stage.load.cache?.prefix
    prefix = cached.map(experience.prefix) ?? .zero
  }

  /// One request with this input, as it was estimated.
  ///
  /// - Parameters:
  ///   - estimate: Its input.
  ///   - meeting: What likely becomes of what the stage has cached: the first request writes it.
  /// - Returns: The forecast.
  func forecast(_ estimate: TokenEstimate, _ meeting: Cost.Meeting = .read) -> RequestForecast {
    forecast(input: experience.input(estimate), bound: estimate, meeting)
  }

  /// One request with this input, after others.
  func forecast(input: TokenEstimate) -> RequestForecast {
    forecast(input: input, bound: input, .read)
  }

  /// What the first of some requests pays to write what the others find in the cache; beyond finding it, too.
  var firstWrite: Money {
    guard let cost else { return .zero }
    let prefix = prefix.likely
    return cost.of(input: prefix, output: 0, prefix: prefix, .written)
      - cost.of(input: prefix, output: 0, prefix: prefix, .read)
  }

  private func forecast(
    input: TokenEstimate, bound: TokenEstimate, _ meeting: Cost.Meeting
  ) -> RequestForecast {
    var forecast = RequestForecast()
    forecast.requests = 1
    forecast.input = input
    forecast.output = experience.output
    forecast.most = cost?.reserve(for: bound, maxTokens: maxTokens)
    forecast.cost = cost.map { cost in
      let (input, output) = (forecast.input, forecast.output)
      return MoneyRange(
        low: cost.of(input: input.low, output: output.low, prefix: prefix.low, meeting),
        likely: cost.of(
          input: input.likely, output: output.likely, prefix: prefix.likely, meeting),
        // Nothing promises that a batch finds anything there.
        high: cost.of(input: input.high, output: output.high))
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
