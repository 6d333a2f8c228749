/// A model as the catalogue describes it.
public struct CatalogModel: Hashable, Sendable {
  /// The id.
  public var id: String
  /// Other ids of the same model.
  public var aliases: [String]
  /// Input and output together, in tokens; nil when not known.
  public var contextWindow: Int?
  /// The largest `max_tokens`; nil when not known.
  public var maxOutput: Int?
  /// How many tokens its tokenizer makes of characters.
  public var tokens: TokenRates
  /// Shorter prefixes are not cached; nil when not known.
  public var minCacheTokens: Int?
  /// The first moment it answers no more, in UTC milliseconds; nil when none is announced.
  public var retiresAt: Int64?
  /// Prices by threshold, ascending; empty when not known.
  public var prices: [TokenPrices]

  /// The prices for a prompt of so many tokens; nil when not known.
  public func prices(promptTokens: Int) -> TokenPrices? {
    prices.last { promptTokens > $0.abovePromptTokens } ?? prices.first
  }

  /// The largest `max_tokens` in a batch that is sent with these betas; nil when not known.
  public func longestAnswer(with betas: [String], in catalog: Catalog) -> Int? {
    guard let maxOutput else { return nil }
    let longer = catalog.betas.filter { betas.contains($0.name) && $0.models.contains(id) }
    return max(maxOutput, longer.map(\.maxOutput).max() ?? 0)
  }

  /// Whether it answers no more at a time in UTC milliseconds.
  public func isRetired(at time: Int64) -> Bool { retiresAt.map { time >= $0 } ?? false }
}
