internal import Ledger
internal import Providers

/// One request that goes before the others of a stage, so that these find in the provider's cache what it writes there.
struct WarmUp: Hashable {
  /// A batch of fewer requests saves too little for the wait, which is that for a batch of its own.
  private static let fewInBatch = 100
  /// The requests of a batch that would write for themselves, in percent: batches are known to find from 30 to 98 %.
  private static let missesInBatch = 36
  /// A wait for a batch that likely saves less is not worth it.
  private static let littleMoney = Money(nanodollars: 100_000_000)
  /// Fewer calls do not wait for the first one, which takes seconds.
  private static let fewCalls = 10

  /// The tokens that all requests share, likely.
  let prefixTokens: Int
  /// How many requests there are.
  let requests: Int
  /// What a request that finds them pays less than one that writes them.
  let saving: Money
  /// How long the others wait, in milliseconds: what was written is not kept longer.
  let patience: Int64

  /// Decides whether it pays; nil when it does not, or when that is not known.
  ///
  /// - Parameters:
  ///   - mark: What is to be cached.
  ///   - requests: The requests that wait.
  ///   - lane: How they go.
  ///   - cost: What they cost so; nil when no price is known.
  init?(_ mark: CacheMark, requests: Int, _ lane: ShardLane, _ cost: Cost?) {
    let prefix = mark.prefix.likely
    guard prefix > 0, let cost else { return nil }
    saving =
      cost.of(input: prefix, output: 0, prefix: prefix, .written)
      - cost.of(input: prefix, output: 0, prefix: prefix, .read)
    guard saving > .zero else { return nil }
    switch lane {
    case .concurrent:
      guard requests >= Self.fewCalls else { return nil }
    case .batch:
      // A batch usually takes longer than the short cache lives.
      guard mark.lifetime == .oneHour, requests > Self.fewInBatch,
        saving * (requests * Self.missesInBatch / 100) >= Self.littleMoney
      else { return nil }
    }
    prefixTokens = prefix
    self.requests = requests
    patience = mark.lifetime.milliseconds
  }

  /// Why it goes first, in one clause for people.
  var reason: String {
    "one request goes first, to write the \(prefixTokens) tokens that all \(requests) share to the cache; "
      + "each of the others that finds them there pays \(saving) less"
  }
}
