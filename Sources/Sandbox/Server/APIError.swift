internal import Records

/// An answer that says no; each provider has a shape of its own for it.
struct APIError: Error, Hashable, Sendable {
  let status: Int
  /// The provider's word for the kind of error; nil is the usual one for the status.
  var type: String?
  let message: String
  /// A closer word, where the provider gives one.
  var code: String?
  /// The parameter that is wrong, where the provider names it.
  var param: String?
  var headers: [String: String] = [:]

  static func invalid(_ message: String) -> APIError { APIError(status: 400, message: message) }

  static func invalid(_ message: String, param: String?, code: String? = nil) -> APIError {
    APIError(status: 400, message: message, code: code, param: param)
  }

  static func malformed(at offset: Int) -> APIError {
    .invalid("The request body is not valid JSON: unexpected content at byte \(offset + 1)")
  }

  static func missing(_ message: String) -> APIError { APIError(status: 404, message: message) }

  static let tooLarge = APIError(status: 413, message: "Request exceeds the maximum size")

  /// The body.
  func json(_ api: SandboxAPI, requestID: String) -> JSONValue {
    let type = type ?? api.errorType(for: status)
    switch api {
    case .anthropic:
      return .object([
        "type": .string("error"),
        "error": .object([
          "type": .string(type), "message": .string(message),
          "details": .object(["error_code": code.map { .string($0) } ?? .null]),
        ]),
        "request_id": .string(requestID),
      ])
    case .openai:
      return .object([
        "error": .object([
          "message": .string(message), "type": .string(type),
          "param": param.map { .string($0) } ?? .null, "code": code.map { .string($0) } ?? .null,
        ])
      ])
    case .gemini:
      return .object([
        "error": .object([
          "code": .number(status), "message": .string(message), "status": .string(type),
        ])
      ])
    }
  }

  /// What the caller is told of an error: its own words, or that something is wrong with the
  /// sandbox.
  static func of(_ error: any Error) -> APIError {
    if let error = error as? APIError { return error }
    let words = (error as? SandboxError)?.description ?? "the sandbox failed: \(error)"
    return APIError(status: 500, message: words)
  }
}
