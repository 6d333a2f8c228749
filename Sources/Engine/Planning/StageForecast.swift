public import Ledger
internal import Providers

/// What a stage would do if it ran now.
public struct StageForecast: Sendable {
  /// Records that want an answer for one reason.
  public struct Line: Sendable, Equatable {
    /// Why they want one.
    public enum Reason: Sendable, Equatable {
      /// They were not there before.
      case new
      /// Something changed.
      case changed(ChangeCauses)
      /// They had failed or their requests were lost, and they were put back.
      case retried
    }

    /// Why they want an answer.
    public let reason: Reason
    /// How many there are.
    public let records: Int
    /// The requests that are made for them.
    public let forecast: RequestForecast
    /// Records whose prompt is also another record's, which is asked for both.
    public let identical: Int
    /// Records whose answer the ledger has already.
    public let reused: Int
    /// Records that cannot be sent.
    public let rejected: Int
  }

  /// Requests that cannot be counted before a stage above is answered.
  public struct Downstream: Sendable, Equatable {
    /// The stage that is waited for.
    public let upstream: String
    /// How many of its records have no answer yet.
    public let records: Int
    /// The requests that follow from them, likely; nil when nothing tells.
    public let likely: Int?
    /// The most that can follow; nil when nothing tells.
    public let most: Int?
    /// What they use and cost; nil when their number is not known.
    public let forecast: RequestForecast?
  }

  /// What caching the system text would change.
  public struct Caching: Sendable, Equatable {
    /// The tokens of the system text, likely; 0 when there is none, or when it is not the same for all records.
    public let prefixTokens: Int
    /// Shorter ones are not cached; nil when that is not known.
    public let minimum: Int?
    /// What all requests would cost as batches: with 98, 64 and 30 % of them finding the text in the cache. Nil when it is
    /// too short, or no price is known.
    public let cost: MoneyRange?
  }

  /// The stage.
  public let stage: String
  /// The model that it asks; nil for a stage that asks nobody.
  public let model: String?
  /// The counts of the reading; with `downstream`, of what can be read now.
  public let counts: StageCounts
  /// The records that want an answer, by reason: new ones, changed ones, those put back.
  public let lines: [Line]
  /// Records that want what they have or wait for.
  public let unchanged: Int
  /// How many of those wait for the provider, or to be sent.
  public let waiting: Int
  /// Accepted answers that count although something changed, by what changed.
  public let kept: [(causes: ChangeCauses, records: Int)]
  /// Records that were rejected before and are not asked again by themselves.
  public let failedBefore: Int
  /// Records that are gone; nil when that cannot be told before a stage above is answered.
  public let removed: Int?
  /// Requests from before that are still to be sent.
  public let left: RequestForecast
  /// What follows from records that are not answered above; nil when the stage can be counted.
  public let downstream: Downstream?
  /// The batches that would be sent.
  public let shards: Int
  /// The rounds of batches, as far as limits allow only so much at one time; none where requests go one by one.
  public let waves: Int
  /// Accepted answers that would be asked for again only after a yes; nil when none is needed.
  public let needsYes: Reask?
  /// How many earlier answers of the stage the length of the output is taken from; 0 for bounds alone.
  public let experience: Int
  /// Why one request would go before the others, to fill the provider's cache; nil when all go at once.
  public let warmUp: String?
  /// What the provider's own counter says of some of the requests; nil when it was not asked.
  public let counting: TokenCounting?
  /// What caching the shared beginning of the prompts would change; nil when nothing is to be sent.
  public let caching: Caching?
  /// Some of the requests, for the provider to count.
  let sample: RequestSample
  /// Whether its requests go one by one, at full price.
  public let isAskedOneByOne: Bool
  /// The price of a batch in millionths of the full price.
  let batchPriceMillionths: Int64

  /// All requests, those that were left and those that are expected to follow included.
  public var total: RequestForecast {
    var total = left
    for line in lines { total += line.forecast }
    if let expected = downstream?.forecast { total += expected }
    return total
  }

  /// What `total` costs one request at a time, at full price; nil without a known price.
  public var synchronousCost: MoneyRange? {
    isAskedOneByOne
      ? total.cost : total.cost?.scaled(by: 1_000_000, over: batchPriceMillionths)
  }

  /// What `total` costs in batches; nil without a known price.
  public var batchCost: MoneyRange? {
    isAskedOneByOne
      ? total.cost?.scaled(by: batchPriceMillionths, over: 1_000_000) : total.cost
  }
}
