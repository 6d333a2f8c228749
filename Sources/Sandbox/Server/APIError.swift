internal import Records

/// An answer that says no, in the provider's shape.
struct APIError: Error, Hashable, Sendable {
  let status: Int
  let type: String
  let message: String
  /// `details.error_code`, where the provider gives one.
  var code: String?
  var headers: [String: String] = [:]

  static func invalid(_ message: String) -> APIError {
    APIError(status: 400, type: "invalid_request_error", message: message)
  }

  static func malformed(at offset: Int) -> APIError {
    .invalid("The request body is not valid JSON: unexpected content at byte \(offset + 1)")
  }

  static func missing(_ message: String) -> APIError {
    APIError(status: 404, type: "not_found_error", message: message)
  }

  static let unauthenticated = APIError(
    status: 401, type: "authentication_error", message: "invalid x-api-key")

  static let tooLarge = APIError(
    status: 413, type: "request_too_large", message: "Request exceeds the maximum size")

  /// The type that goes with a status when a fault script names none.
  static func type(for status: Int) -> String {
    switch status {
    case 400: "invalid_request_error"
    case 401: "authentication_error"
    case 402: "billing_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 409: "conflict_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 504: "timeout_error"
    case 529: "overloaded_error"
    default: status < 500 ? "invalid_request_error" : "api_error"
    }
  }

  /// The body: an envelope of type `error` around the error itself.
  func json(requestID: String) -> JSONValue {
    Self.envelope(type: type, message: message, code: code, requestID: requestID)
  }

  /// The same envelope, which also stands in an errored row.
  static func envelope(type: String, message: String, code: String?, requestID: String) -> JSONValue
  {
    .object([
      "type": .string("error"),
      "error": .object([
        "type": .string(type), "message": .string(message),
        "details": .object(["error_code": code.map { .string($0) } ?? .null]),
      ]),
      "request_id": .string(requestID),
    ])
  }
}

extension APIError {
  /// What the caller is told of an error: its own words, or that something is wrong with the
  /// sandbox.
  static func of(_ error: any Error) -> APIError {
    if let error = error as? APIError { return error }
    let words = (error as? SandboxError)?.description ?? "the sandbox failed: \(error)"
    return APIError(status: 500, type: "api_error", message: words)
  }

  /// The status that goes with a type.
  static func status(for type: String) -> Int {
    [400, 401, 402, 403, 404, 409, 413, 429, 500, 504, 529].first { self.type(for: $0) == type }
      ?? 500
  }
}
