public import Records

/// Why there is no answer in a model's text.
public struct AnswerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Sendable, Hashable {
    /// The text is empty.
    case empty = "empty-answer"
    /// Nothing in the text looks like JSON.
    case noJSON = "no-json"
    /// What looks like JSON is none.
    case malformed = "malformed-json"
  }

  /// What kind of failure it is.
  public let code: Code
  /// What the parser says about the part of the text that was looked at last; nil for an empty
  /// text.
  public let cause: JSONError?

  init(_ code: Code, _ cause: JSONError?) {
    self.code = code
    self.cause = cause
  }

  /// One sentence, short enough to be sent back to the model.
  public var description: String {
    switch code {
    case .empty: "the answer is empty"
    case .noJSON: "the answer contains no JSON value"
    case .malformed: "the answer is not valid JSON: \(cause?.description ?? "it does not parse")"
    }
  }
}
