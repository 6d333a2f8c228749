/// Looks at each request before its shard is closed; what fails here is rejected and costs nothing.
///
/// What is the same for all records of a stage (the model, `max_tokens`, the parameters, the body's shape) is checked
/// once, by `PlanProblem` and by showing `RequestBuilder.sample` to `RequestSchema`; what differs is checked for
/// each line, in no more time than it takes to look at a few figures.
public struct RequestCheck: Sendable {
  let model: CatalogModel
  private let limits: Catalog.Limits
  let maxTokens: Int
  let fixedCensus: CharacterCensus
  private let bodyByteLimit: Int

  /// Prepares to check a builder's requests.
  ///
  /// - Parameters:
  ///   - builder: What writes the requests.
  ///   - model: The model it asks.
  ///   - limits: The provider's limits.
  ///   - bodyByteLimit: The largest body of a create call, when the pipeline sets a smaller one.
  public init(
    _ builder: RequestBuilder, model: CatalogModel, limits: Catalog.Limits,
    bodyByteLimit: Int? = nil
  ) {
    self.model = model
    self.limits = limits
    maxTokens = builder.maxTokens
    fixedCensus = builder.fixedCensus
    self.bodyByteLimit = min(bodyByteLimit ?? limits.batchBytes, limits.batchBytes)
  }

  /// The estimated input of a request: its texts, what is attached to it, and the schema.
  public func tokens(of line: borrowing RequestLine) -> TokenEstimate {
    estimate(line.census) + line.attachmentTokens
  }

  /// The largest file that can be attached to a request: in base64 it is a third longer.
  public var attachmentByteLimit: Int { limits.requestBytes / 4 * 3 }

  /// The estimated input of a request with these texts: they and the schema.
  func estimate(_ texts: CharacterCensus) -> TokenEstimate {
    var census = texts
    census += fixedCensus
    return model.tokens.estimate(census)
  }

  /// The largest `max_tokens` that the model takes after an input of so many tokens; nil when no limit of the model
  /// is known.
  func maxTokensLimit(input: TokenEstimate) -> Int? {
    let room = model.contextWindow.map { max($0 - input.high, 0) }
    return [model.maxOutput, room].compactMap(\.self).min()
  }

  /// Whether a request of this size may be sent.
  func allows(byteCount: Int, tokens: TokenEstimate, maxTokens: Int) -> Bool {
    sizeProblem(byteCount: byteCount, tokens: tokens, maxTokens: maxTokens) == nil
  }

  /// What is wrong with a request; nil when it may be sent.
  ///
  /// The window is compared with the likely estimate: a request that does not fit after all is refused by the
  /// provider and not billed, while one that is rejected here for a too careful guess would be lost.
  public func problem(
    of line: borrowing RequestLine, tokens: TokenEstimate
  ) -> RequestProblem? {
    if let role = line.blankRole { return .blankText(role) }
    return sizeProblem(byteCount: line.range.count, tokens: tokens, maxTokens: maxTokens)
  }

  private func sizeProblem(
    byteCount: Int, tokens: TokenEstimate, maxTokens: Int
  ) -> RequestProblem? {
    if byteCount > limits.requestBytes {
      return .tooManyBytes(byteCount: byteCount, limit: limits.requestBytes)
    }
    if byteCount + 1 + ShardBody.envelopeByteCount > bodyByteLimit {
      return .tooManyBytes(
        byteCount: byteCount, limit: bodyByteLimit - ShardBody.envelopeByteCount - 1)
    }
    if let window = model.contextWindow, tokens.likely + maxTokens > window {
      return .tooManyTokens(likely: tokens.likely, maxTokens: maxTokens, window: window)
    }
    return nil
  }
}
