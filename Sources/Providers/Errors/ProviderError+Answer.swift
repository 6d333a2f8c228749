internal import Records

extension ProviderError {
  /// Reads the error an answer carries.
  ///
  /// The provider's JSON is read where there is one; an answer of something else in between keeps
  /// only its status.
  ///
  /// `secret` is the key; it is taken out of the message should the server repeat it.
  init(_ operation: Operation, answer: HTTPResponse, secret: APIKey?) {
    self.init(operation, .status(answer.status))
    requestID = ServerFacts(answer).requestID
    serverDate = answer.date
    retryAfter = RetryAfter.wait(in: answer)
    shouldRetry = answer.header("x-should-retry").flatMap { Bool($0.lowercased()) }
    // A body that is no JSON (a proxy's page) leaves these nil.
    guard let body = try? JSONValue(parsing: answer.body) else { return }
    // Some servers have the error itself as the body, or only a text of it.
    guard let error = body["error"] ?? (body["object"]?.string == "error" ? body : nil) else {
      return
    }
    if let words = error.string {
      message = secret?.removed(from: words) ?? words
      return
    }
    type = error["type"]?.string ?? error["status"]?.string
    message = error["message"]?.string.map { secret?.removed(from: $0) ?? $0 }
    errorCode = error["details"]?["error_code"]?.string ?? error["code"]?.string
    requestID = requestID ?? body["request_id"]?.string
    for detail in error["details"]?.array ?? [] { read(detail) }
    if status == 400, message?.hasPrefix("API key not valid") == true {
      errorCode = errorCode ?? Self.keyRefusal
    }
  }

  /// The code of a 400 that is about the key.
  static let keyRefusal = "API_KEY_INVALID"

  /// Reads one of the details of a `google.rpc.Status`: why, or how long to wait.
  private mutating func read(_ detail: JSONValue) {
    if let reason = detail["reason"]?.string { errorCode = errorCode ?? reason }
    guard let delay = detail["retryDelay"]?.string, delay.hasSuffix("s"),
      let seconds = Double(delay.dropLast()), seconds >= 0, seconds < 31_536_000
    else { return }
    retryAfter = retryAfter ?? .milliseconds(Int64(seconds * 1000))
  }
}
