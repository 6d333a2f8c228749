/// What requests cost, in exact money.
public struct Cost: Hashable, Sendable {
  /// How requests are sent.
  public enum Mode: Hashable, Sendable {
    /// In a batch, at its discount.
    case batch
    /// One by one, at full price.
    case synchronous
  }

  /// The prices are in billionths of a dollar a million tokens, the factors in millionths.
  private let model: CatalogModel
  private let factor: Int128
  private let cacheReadFactor: Int128
  private let geoFactor: Int128
  /// The prefix that a request may be billed for writing to the cache.
  private let cache: CacheMark?
  private static let one: Int128 = 1_000_000
  private static let largestCount = 10_000_000_000

  /// Prepares to price one model's requests; `cache` marks what they ask to be cached.
  ///
  /// Nil when its prices are not known.
  public init?(_ model: CatalogModel, mode: Mode, catalog: Catalog, cache: CacheMark? = nil) {
    guard !model.prices.isEmpty else { return nil }
    self.model = model
    self.cache = cache
    factor = mode == .batch ? Int128(catalog.batchPriceMillionths) : Self.one
    cacheReadFactor = mode == .batch ? Int128(catalog.batchCacheReadMillionths) : Self.one
    geoFactor = catalog.geoPriceMillionths["us"].map { Int128($0) } ?? Self.one
  }

  /// What one request cost: plain and cached input and output, each at its price for a prompt of that size,
  /// rounded once, to the nearest billionth of a dollar.
  ///
  /// A count above 10^10 is none that a request can have, and counts as that many.
  public func of(_ usage: TokenUsage) -> Money {
    guard let prices = model.prices(promptTokens: usage.prompt) else { return .zero }
    func sum(_ count: Int, _ price: Int64) -> Int128 {
      Int128(min(count, Self.largestCount)) * Int128(price)
    }
    let plain =
      sum(usage.input, prices.input) + sum(usage.output, prices.output)
      + sum(usage.cacheWrite5m, prices.cacheWrite5m)
      + sum(usage.cacheWrite1h, prices.cacheWrite1h)
    let read = sum(usage.cacheRead, prices.cacheRead)
    if !usage.isUSOnly, let nanodollars = Self.small(plain, factor, read, cacheReadFactor) {
      return Money(nanodollars: nanodollars)
    }
    let geo = usage.isUSOnly ? geoFactor : Self.one
    let divisor = Self.one * Self.one * Self.one
    let sum = (plain * factor + read * cacheReadFactor) * geo
    return Money(nanodollars: Int64((sum + divisor / 2) / divisor))
  }

  /// The same sum in 64 bits, where it fits: a division of 128 takes many times as long.
  private static func small(
    _ plain: Int128, _ factor: Int128, _ read: Int128, _ readFactor: Int128
  ) -> Int64? {
    let sum = plain * factor + read * readFactor
    guard sum >= 0, let small = Int64(exactly: sum), small < .max / 2 else { return nil }
    return (small + 500_000_000_000) / 1_000_000_000_000
  }

  /// What becomes of a prefix that is to be cached.
  public enum Meeting: Hashable, Sendable {
    /// It is not there yet: it is written, which costs more than reading it plain.
    case written
    /// It is found there.
    case read
  }

  /// What one request of so many tokens costs when nothing of it is found in a cache: a prefix that is to be cached is
  /// written then.
  public func of(input: Int, output: Int) -> Money {
    of(input: input, output: output, prefix: cache?.prefix.high ?? 0, .written)
  }

  /// What one request of so many tokens costs, when so many of them are a prefix that is to be cached.
  public func of(input: Int, output: Int, prefix: Int, _ meeting: Meeting) -> Money {
    var usage = TokenUsage()
    let shared = cache == nil ? 0 : min(prefix, input)
    usage.input = input - shared
    switch (meeting, cache?.lifetime) {
    case (.read, _): usage.cacheRead = shared
    case (.written, .oneHour): usage.cacheWrite1h = shared
    case (.written, _): usage.cacheWrite5m = shared
    }
    usage.output = output
    return of(usage)
  }

  /// What is set aside for one request before it is sent: the high estimate of its input, and all the output it
  /// may make.
  public func reserve(for input: TokenEstimate, maxTokens: Int) -> Money {
    of(input: input.high, output: maxTokens)
  }
}
