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
    let body = RequestBody(request)
    let longest = body.maxTokens.flatMap { Int($0.text) }
    return Use(input: estimate(body.census) + body.attachments, maxTokens: longest ?? maxTokens)
  }
}
