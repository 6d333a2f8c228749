/// What a provider's own counter says of some of a stage's requests.
public struct TokenCount: Sendable, Equatable {
  /// How many were counted.
  public let requests: Int
  /// The input tokens that they have by the provider's count.
  public let tokens: Int
  /// The input tokens that they were estimated to have, likely.
  public let estimated: Int
  /// Their high estimate, which the count is a share of.
  let high: Int

  /// What a request has, as a share of its high estimate; nil when nothing was counted.
  var share: Double? { high > 0 ? Double(tokens) / Double(high) : nil }
}

/// What came of asking a provider to count.
public enum TokenCounting: Sendable, Equatable {
  /// It did.
  case counted(TokenCount)
  /// It cannot; why, in one clause.
  case impossible(String)
}
