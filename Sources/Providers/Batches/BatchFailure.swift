/// Why a provider refused a whole batch after it had taken it: none of its requests was carried out, none costs anything.
public struct BatchFailure: Hashable, Sendable {
  /// One thing that is wrong.
  public struct Problem: Hashable, Sendable {
    /// The line of the shard, from 1; nil when it is about the whole.
    public var line: Int?
    /// The provider's code; empty when there is none.
    public var code: String
    /// The provider's words.
    public var message: String

    /// Creates a problem.
    public init(line: Int?, code: String, message: String) {
      self.line = line
      self.code = code
      self.message = message
    }
  }

  /// What is wrong, in the provider's order; at least one.
  public var problems: [Problem]

  /// Creates a failure.
  public init(problems: [Problem]) { self.problems = problems }

  /// What says that something is wrong with the requests themselves, whoever sends them and when.
  private static let permanentCodes: Set<String> = [
    "invalid_json_line", "missing_required_parameter", "invalid_url", "streaming_unsupported",
    "model_not_found", "mismatched_model", "duplicate_custom_id", "empty_file",
    "INVALID_ARGUMENT", "NOT_FOUND",
  ]

  /// What says that there was no room.
  private static let queueCodes: Set<String> = ["token_limit_exceeded", "RESOURCE_EXHAUSTED"]

  /// Whether there was no room for its tokens: later, there may be.
  public var isQueueFull: Bool {
    problems.allSatisfy { $0.line == nil }
      && problems.contains { Self.queueCodes.contains($0.code) }
  }

  /// The problem of a line; nil when none is about it.
  public func problem(ofLine line: Int) -> Problem? { problems.first { $0.line == line } }

  /// The first problem that is about the whole, when none is about a line.
  public var ofAll: Problem? {
    problems.allSatisfy { $0.line == nil } ? problems.first : nil
  }

  /// Whether the same batch would fail the same way.
  public func isPermanent(_ problem: Problem) -> Bool {
    problem.line != nil || Self.permanentCodes.contains(problem.code)
  }
}
