public import Records

extension RequestCheck {
  /// What one request of a shard file may use.
  public struct Use: Hashable, Sendable {
    /// The estimated input: its texts and the schema.
    public var input: TokenEstimate
    /// The longest answer, in tokens.
    public var maxTokens: Int
  }

  /// What a request may use, read from its line in a shard file: a repeated request may say more than the first one
  /// did, and allow a longer answer.
  public func use(of request: JSONView) -> Use {
    var census = fixedCensus
    let body = request["params"]
    if let system = body?["system"] { Self.count(system, in: &census) }
    if let turns = body?["messages"], turns.kind == .array {
      for turn in turns.elements {
        if let content = turn["content"] { Self.count(content, in: &census) }
      }
    }
    let longest = body?["max_tokens"].flatMap { Int($0.text) }
    return Use(input: model.tokens.estimate(census), maxTokens: longest ?? maxTokens)
  }

  /// Counts the characters of a text, or of the texts of blocks.
  private static func count(_ content: JSONView, in census: inout CharacterCensus) {
    switch content.kind {
    case .string: census.add(content.rawBytes)
    case .array:
      for block in content.elements {
        if let text = block["text"], text.kind == .string { census.add(text.rawBytes) }
      }
    default: break
    }
  }
}
