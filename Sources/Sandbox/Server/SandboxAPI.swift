/// The provider's API that a call speaks.
public enum SandboxAPI: String, Sendable, CaseIterable {
  /// Message Batches and Messages.
  case anthropic
  /// Files, Batches, Chat Completions and Responses.
  case openai
  /// Files, batchGenerateContent and generateContent of the Developer API.
  case gemini

  /// The first part of every path.
  var prefix: String { "/\(rawValue)" }

  /// What a client's base URL has after the port: the prefix, and for OpenAI the version.
  public var path: String { self == .openai ? "/openai/v1" : prefix }

  /// The word for errors of a status.
  func errorType(for status: Int) -> String {
    switch self {
    case .anthropic:
      Self.anthropicTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error")
    case .openai:
      Self.openAITypes[status] ?? (status < 500 ? "invalid_request_error" : "server_error")
    case .gemini: Self.geminiTypes[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "INTERNAL")
    }
  }

  /// The status that goes with a word; 500 when there is none.
  func status(for type: String) -> Int {
    let types =
      switch self {
      case .anthropic: Self.anthropicTypes
      case .openai: Self.openAITypes
      case .gemini: Self.geminiTypes
      }
    return types.filter { $0.value == type }.keys.min() ?? 500
  }

  /// The number that a Gemini row gives for a word, as gRPC counts them.
  static func rpcCode(for type: String) -> Int {
    let words = [
      "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
      "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
      "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
    return words.firstIndex(of: type) ?? 2
  }

  private static let anthropicTypes = [
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
    403: "permission_error", 404: "not_found_error", 409: "conflict_error",
    413: "request_too_large", 429: "rate_limit_error", 500: "api_error", 504: "timeout_error",
    529: "overloaded_error",
  ]

  private static let openAITypes = [
    400: "invalid_request_error", 429: "rate_limit_error", 500: "server_error",
    503: "service_unavailable_error",
  ]

  private static let geminiTypes = [
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    409: "ABORTED", 429: "RESOURCE_EXHAUSTED", 499: "CANCELLED", 500: "INTERNAL",
    501: "UNIMPLEMENTED", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
  ]
}
