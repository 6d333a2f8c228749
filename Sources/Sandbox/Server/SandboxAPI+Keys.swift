extension SandboxAPI {
  /// The provider's id of a request.
  func requestID(_ number: Int, seed: UInt64) -> String {
    switch self {
    case .anthropic: return Draw.id("req", seed: seed, "\(number)")
    case .openai, .gemini:
      var draw = Draw(seed: seed, "\(rawValue) request \(number)")
      return "req_\(draw.hexadecimal(32))"
    }
  }

  /// What a call without a key is told.
  var keyless: APIError {
    switch self {
    case .anthropic: APIError(status: 401, message: "invalid x-api-key")
    case .openai:
      APIError(
        status: 401,
        message: "You didn't provide an API key. You need to provide your API key in "
          + "an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).")
    case .gemini:
      APIError(
        status: 403,
        message: "Method doesn't allow unregistered callers (callers without "
          + "established identity). Please use API Key or other form of API consumer identity to "
          + "call this API.")
    }
  }

  /// What a call with a key that is not let in is told.
  var unknownKey: APIError {
    switch self {
    case .anthropic: keyless
    case .openai:
      APIError(
        status: 401, message: "Incorrect API key provided.", code: "invalid_api_key")
    case .gemini: .invalid("API key not valid. Please pass a valid API key.")
    }
  }
}
