internal import Records

/// What a message used, and what that costs.
struct TokenUsage: Hashable, Sendable {
  enum Tier: String, Sendable { case standard, batch }

  /// Input that was neither written to nor read from the cache.
  var input: Int
  var output: Int
  var cacheWrite5m = 0
  var cacheWrite1h = 0
  var cacheRead = 0

  /// All tokens of the prompt.
  var prompt: Int { input + cacheWrite5m + cacheWrite1h + cacheRead }

  /// The price in picodollars; a batch costs half.
  func picodollars(_ model: Model, _ tier: Tier) -> Int64 {
    let prices = model.prices(promptTokens: prompt)
    var sum = Int64(input) * prices.input + Int64(output) * prices.output
    sum += Int64(cacheWrite5m) * prices.write5m + Int64(cacheWrite1h) * prices.write1h
    sum += Int64(cacheRead) * prices.read
    return tier == .batch ? sum / 2 : sum
  }

  /// Appends the `usage` object.
  func append(_ tier: Tier, to output: inout ByteBuffer) {
    output.append("{\"input_tokens\":")
    output.append(decimal: input)
    output.append(",\"cache_creation_input_tokens\":")
    output.append(decimal: cacheWrite5m + cacheWrite1h)
    output.append(",\"cache_read_input_tokens\":")
    output.append(decimal: cacheRead)
    output.append(",\"cache_creation\":{\"ephemeral_5m_input_tokens\":")
    output.append(decimal: cacheWrite5m)
    output.append(",\"ephemeral_1h_input_tokens\":")
    output.append(decimal: cacheWrite1h)
    output.append("},\"output_tokens\":")
    output.append(decimal: self.output)
    output.append(",\"output_tokens_details\":{\"thinking_tokens\":0},\"server_tool_use\":null")
    output.append(",\"service_tier\":\"")
    output.append(text: tier.rawValue)
    output.append("\",\"inference_geo\":\"global\",\"speed\":null}")
  }
}
