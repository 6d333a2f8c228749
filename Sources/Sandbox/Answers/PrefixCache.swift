internal import Records

/// Prompt prefixes that were written to the cache, and when they were written.
struct PrefixCache: Sendable {
  private var writtenAtMs: [ContentHash: Int64] = [:]

  /// How the tokens of a prompt meet the cache, without the output.
  ///
  /// `isLucky` decides whether a known prefix is found.
  mutating func usage(
    of prefix: CachedPrefix?, _ model: Model, promptTokens: Int, atMs ms: Int64, isLucky: Bool
  ) -> TokenUsage {
    guard let prefix else {
      return TokenUsage(input: promptTokens, output: 0)
    }
    let tokens = min(prefix.tokens, promptTokens)
    guard tokens >= model.cacheMinimum else { return TokenUsage(input: promptTokens, output: 0) }
    var usage = TokenUsage(input: promptTokens - tokens, output: 0)
    if let written = writtenAtMs[prefix.hash], abs(ms - written) <= prefix.lifeMs, isLucky {
      usage.cacheRead = tokens
      writtenAtMs[prefix.hash] = max(ms, written)
      return usage
    }
    writtenAtMs[prefix.hash] = ms
    switch prefix.keeping {
    case .hour: usage.cacheWrite1h = tokens
    case .fiveMinutes: usage.cacheWrite5m = tokens
    case .unasked where model.paysForWrites: usage.cacheWrite5m = tokens
    case .unasked: usage.input = promptTokens
    }
    return usage
  }

  /// Takes over what another cache knows.
  mutating func merge(_ other: PrefixCache) {
    writtenAtMs.merge(other.writtenAtMs) { max($0, $1) }
  }
}
