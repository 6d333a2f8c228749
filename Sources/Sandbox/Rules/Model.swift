/// A model as the provider lists it.
struct Model: Hashable, Sendable {
  /// Prices in picodollars a token, synchronous; a batch costs half.
  struct Prices: Hashable, Sendable {
    var input: Int64
    var output: Int64
    /// Writing to the cache for five minutes and for an hour, and reading from it.
    var write5m: Int64
    var write1h: Int64
    var read: Int64

    /// Dollars for a million tokens in and out; cache reads cost `readShare` of input.
    init(_ input: Double, _ output: Double, readShare: Double = 0.1) {
      self.input = Int64((input * 1_000_000).rounded())
      self.output = Int64((output * 1_000_000).rounded())
      write5m = self.input * 5 / 4
      write1h = self.input * 2
      read = Int64((input * 1_000_000 * readShare).rounded())
    }
  }

  let id: String
  let name: String
  /// Tokens that input and output may have together.
  let window: Int
  /// The most `max_tokens` that a request may ask for.
  let maxOutput: Int
  /// A shorter prefix is not cached.
  let cacheMinimum: Int
  let prices: Prices
  /// Prices of a prompt (cached tokens included) above `longPromptTokens`.
  var longPrices: Prices?
  /// Whether the beta header raises `max_tokens` to 300,000 in a batch.
  var hasLongOutput = false
  /// Whether `temperature` and the like are refused under every API version.
  var refusesSampling = false

  static let longPromptTokens = 100_000
  static let longOutputLimit = 300_000

  /// The prices that hold for a prompt of so many tokens.
  func prices(promptTokens: Int) -> Prices {
    promptTokens > Self.longPromptTokens ? longPrices ?? prices : prices
  }
}
