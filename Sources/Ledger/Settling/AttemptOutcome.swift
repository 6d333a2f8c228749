/// What came of one request. The names are stored, and are the reasons of rejected items.
public enum AttemptOutcome: String, Sendable, CaseIterable {
  /// Sent; the item wants something else by now, the row has not come.
  case open
  /// A good answer.
  case accepted
  /// An answer that is not JSON or does not fit the schema.
  case invalidAnswer = "invalid-answer"
  /// The model refused.
  case refusal
  /// The answer was cut at max_tokens or at the context window.
  case truncated
  /// The provider paused the turn.
  case paused
  /// The provider calls the request invalid.
  case invalidRequest = "invalid-request"
  /// The request is too large for the provider.
  case tooLarge = "too-large"
  /// The provider failed.
  case serverError = "server-error"
  /// The provider was overloaded.
  case overloaded
  /// The batch ended before this row's turn.
  case expired
  /// The batch was canceled before this row's turn.
  case canceled
  /// The results file has no row for it.
  case missing
  /// The row cannot be read.
  case malformedRow = "malformed-row"
  /// A result type this release does not know.
  case unknownResult = "unknown-result"
}
