/// What a model's tokens cost, for prompts above a threshold.
public struct TokenPrices: Hashable, Sendable {
  /// These prices hold for requests whose prompt, cached tokens included, has more tokens than this.
  public var abovePromptTokens: Int
  /// What a million tokens of plain input cost, in billionths of a dollar; the other prices likewise.
  public var input: Int64
  /// Output.
  public var output: Int64
  /// Input that is written to a cache for five minutes.
  public var cacheWrite5m: Int64
  /// Input that is written to a cache for an hour.
  public var cacheWrite1h: Int64
  /// Input that is read from a cache.
  public var cacheRead: Int64
}
