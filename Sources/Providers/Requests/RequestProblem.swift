/// Why a request is not sent.
public enum RequestProblem: Error, Hashable, Sendable {
  /// A text has nothing but white space, which the provider refuses.
  case blankText(RequestLine.Role)
  /// The request is longer than a request or a batch may be.
  case tooManyBytes(byteCount: Int, limit: Int)
  /// The estimated input and the largest answer do not fit into the model's window together.
  case tooManyTokens(likely: Int, maxTokens: Int, window: Int)

  /// The reason's stable name, for the ledger.
  public var code: String {
    switch self {
    case .blankText: "blank-prompt"
    case .tooManyBytes: "request-too-large"
    case .tooManyTokens: "context-window"
    }
  }
}

extension RequestProblem: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .blankText(.system): "the system text is empty"
    case .blankText(.user): "the prompt, or a user's turn before it, is empty"
    case .blankText(.assistant): "a turn of the model before the prompt is empty"
    case .tooManyBytes(let byteCount, let limit):
      "the request has \(byteCount) bytes, \(limit) are allowed"
    case .tooManyTokens(let likely, let maxTokens, let window):
      "about \(likely) tokens of input and max_tokens \(maxTokens) do not fit into the model's \(window)"
    }
  }
}
