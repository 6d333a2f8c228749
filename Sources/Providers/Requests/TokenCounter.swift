internal import Records

/// A provider's own counter of a request's input tokens: one call a request, which costs nothing.
public struct TokenCounter: Sendable {
  private let calls: ProviderCalls
  private let form: RequestForm
  private let version: String
  /// What Anthropic's counter takes of a message's members.
  private static let counted: Set<String> = [
    "model", "system", "messages", "tools", "tool_choice", "thinking", "output_config",
  ]

  /// Nil where requests of the form are not counted.
  init?(_ calls: ProviderCalls, _ form: RequestForm, version: String = "") {
    guard [.messages, .responses, .generate].contains(form) else { return nil }
    self.calls = calls
    self.form = form
    self.version = version
  }

  /// Counts the input tokens of a request.
  ///
  /// - Parameter line: The request as a line of a shard file.
  /// - Returns: How many there are, as the provider says.
  /// - Throws: `ProviderError`; also when the line is no request, and then nothing was sent.
  public func count(_ line: [UInt8]) async throws(ProviderError) -> Int {
    guard let (path, body) = order(of: line) else { throw ProviderError(.countTokens, .badID) }
    var request = calls.request(.post, path)
    request.headers.append(("Content-Type", "application/json"))
    request.body = .bytes(Array(body.compact.utf8))
    let member = form == .generate ? "totalTokens" : "input_tokens"
    return try await calls.read(.countTokens, request) { (answer, _) throws(ReplyMismatch) in
      // Zero is left out where numbers of zero are.
      if form == .generate, answer.members != nil, answer[member] == nil { return 0 }
      guard let tokens = answer[member]?.int, tokens >= 0 else {
        throw ReplyMismatch(sentence: "it has no \(member)")
      }
      return tokens
    }
  }

  /// Where the counter is asked about a request, and how; nil when it is none.
  private func order(of line: [UInt8]) -> (path: String, body: JSONValue)? {
    // A line that is no JSON is no request.
    guard let request = try? JSONValue(parsing: line) else { return nil }
    switch form {
    case .messages:
      guard let members = request["params"]?.members else { return nil }
      let body = members.filter { Self.counted.contains($0.key) }
      return ("/v1/messages/count_tokens", .object(body))
    case .responses:
      guard let members = request["body"]?.members else { return nil }
      let body = members.filter { $0.key != "max_output_tokens" }
      return ("/responses/input_tokens", .object(body))
    case .generate:
      guard let body = request["request"], let model = body["model"]?.string,
        GeminiBatches.id(model, in: "models/") != nil
      else { return nil }
      return (
        "/\(version)/\(model):countTokens", .object(["generateContentRequest": body])
      )
    case .chat, .completions: return nil
    }
  }
}
