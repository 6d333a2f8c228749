/// How many tokens a tokenizer makes of a character, by the character's length in UTF-8, in thousandths.
public struct TokenRates: Hashable, Sendable {
  /// Thousandths of a token a character.
  public struct Rate: Hashable, Sendable {
    /// Few texts have fewer.
    public var low: Int
    /// The usual figure.
    public var likely: Int
    /// Few texts have more.
    public var high: Int

    /// Creates a rate.
    public init(low: Int, likely: Int, high: Int) {
      self.low = low
      self.likely = likely
      self.high = high
    }
  }

  /// For ASCII.
  public var oneByte: Rate
  /// For characters of two bytes.
  public var twoByte: Rate
  /// For characters of three bytes.
  public var threeByte: Rate
  /// For characters of four bytes.
  public var fourByte: Rate

  /// The estimate for a text; rounded up.
  public func estimate(_ text: CharacterCensus) -> TokenEstimate {
    func tokens(_ figure: (Rate) -> Int) -> Int {
      let thousandths =
        text.oneByte * figure(oneByte) + text.twoByte * figure(twoByte)
        + text.threeByte * figure(threeByte) + text.fourByte * figure(fourByte)
      return (thousandths + 999) / 1000
    }
    return TokenEstimate(low: tokens(\.low), likely: tokens(\.likely), high: tokens(\.high))
  }
}
