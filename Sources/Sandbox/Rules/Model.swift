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
  /// Tokens that input and output may have together (Anthropic), or the input alone.
  let window: Int
  /// The most tokens of output that a request may ask for.
  let maxOutput: Int
  /// A shorter prefix is not cached.
  let cacheMinimum: Int
  let prices: Prices
  /// Prices of a prompt (cached tokens included) above `longPromptTokens`.
  var longPrices: Prices?
  /// Above so many tokens a prompt costs `longPrices`.
  var longPromptTokens = 100_000
  /// Whether the beta header raises `max_tokens` to 300,000 in a batch.
  var hasLongOutput = false
  /// Whether `temperature` and the like are refused under every API version.
  var refusesSampling = false
  /// Whether a prefix that the provider keeps unasked costs something to write.
  var paysForWrites = false
  /// Whether it thinks before it answers, which is billed as output.
  var thinks = false

  static let longOutputLimit = 300_000

  /// The prices that hold for a prompt of so many tokens.
  func prices(promptTokens: Int) -> Prices {
    promptTokens > longPromptTokens ? longPrices ?? prices : prices
  }

  /// The model of an id that a provider knows; nil when there is none.
  static func named(_ id: String, of api: SandboxAPI = .anthropic) -> Model? {
    switch api {
    case .anthropic: anthropicModel(id)
    case .openai: openAIModel(id)
    case .gemini: geminiModel(id)
    }
  }
}
