/// What a message used, and what that costs.
struct TokenUsage: Hashable, Sendable {
  enum Tier: String, Sendable { case standard, batch }

  /// Input that was neither written to nor read from the cache.
  var input: Int
  /// Output, thoughts included.
  var output: Int
  var thoughts = 0
  var cacheWrite5m = 0
  var cacheWrite1h = 0
  var cacheRead = 0

  /// All tokens of the prompt.
  var prompt: Int { input + cacheWrite5m + cacheWrite1h + cacheRead }

  init(
    input: Int, output: Int, cacheWrite5m: Int = 0, cacheWrite1h: Int = 0, cacheRead: Int = 0
  ) {
    self.input = input
    self.output = output
    self.cacheWrite5m = cacheWrite5m
    self.cacheWrite1h = cacheWrite1h
    self.cacheRead = cacheRead
  }

  /// The price in picodollars; a batch costs half.
  func picodollars(_ model: Model, _ tier: Tier) -> Int64 {
    let prices = model.prices(promptTokens: prompt)
    var sum = Int64(input) * prices.input + Int64(output) * prices.output
    sum += Int64(cacheWrite5m) * prices.write5m + Int64(cacheWrite1h) * prices.write1h
    sum += Int64(cacheRead) * prices.read
    return tier == .batch ? sum / 2 : sum
  }
}
