/// How often a record may fail before it is rejected, by the way it fails.
public struct AttemptLimits: Hashable, Sendable {
  /// A way to fail; the raw value is the key in a pipeline file.
  public enum Failure: String, CaseIterable, Sendable {
    /// Not JSON, or not what the schema asks.
    case invalidAnswer = "invalid_answer"
    /// Cut at `max_tokens`.
    case truncated
    /// Refused by the model.
    case refusal
    /// The provider failed.
    case serverError = "server_error"
    /// The provider was overloaded.
    case overloaded
    /// The batch ended before its turn.
    case expired
    /// The batch was canceled before its turn.
    case canceled
    /// The results have no row for it.
    case missing
    /// A row that cannot be read, or of a kind that is not known.
    case other
  }

  private let usual: Int
  private let exceptions: [Failure: Int]

  /// Creates limits.
  ///
  /// - Parameters:
  ///   - usual: From 1.
  ///   - exceptions: Other limits for some ways. A refusal is final unless it is named.
  public init(_ usual: Int, except exceptions: [Failure: Int] = [:]) {
    self.usual = usual
    self.exceptions = exceptions
  }

  /// How often a record may fail in one way.
  public subscript(failure: Failure) -> Int {
    exceptions[failure] ?? (failure == .refusal ? 1 : usual)
  }
}
