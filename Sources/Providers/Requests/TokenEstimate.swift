/// How many tokens a text has, as far as its bytes tell.
public struct TokenEstimate: Hashable, Sendable {
  /// Few texts have fewer.
  public var low: Int
  /// The best guess.
  public var likely: Int
  /// Few texts have more; what money is reserved by.
  public var high: Int

  /// Creates an estimate.
  public init(low: Int, likely: Int, high: Int) {
    self.low = low
    self.likely = likely
    self.high = high
  }

  /// No tokens.
  public static let zero = TokenEstimate(low: 0, likely: 0, high: 0)

  /// Adds estimates of two texts.
  public static func + (left: TokenEstimate, right: TokenEstimate) -> TokenEstimate {
    TokenEstimate(
      low: left.low + right.low, likely: left.likely + right.likely, high: left.high + right.high)
  }

  /// Adds the estimate of another text.
  public static func += (left: inout TokenEstimate, right: TokenEstimate) { left = left + right }
}
