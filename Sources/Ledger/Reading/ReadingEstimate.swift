/// What the requests of a reading are expected to use, as history keeps it.
public struct ReadingEstimate: Sendable, Equatable {
  /// Input tokens, likely.
  public var inputTokens = 0
  /// Output tokens, likely.
  public var outputTokens = 0
  /// Nano-dollars: few come to less; nil without a known price.
  public var lowNano: Int64?
  /// Nano-dollars, likely.
  public var likelyNano: Int64?
  /// Nano-dollars: few come to more.
  public var highNano: Int64?

  /// Of no requests.
  public init() {}
}
