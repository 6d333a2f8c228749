internal import Records

extension ResultRow {
  /// What an output or error file says of a request. A row of either may be a failure: its `error`, or its status, says so.
  static func response(_ row: JSONView) -> Outcome {
    let response = row.member("response")
    let status = response?.member("status_code")?.countValue
    if let error = row.member("error"), error.kind == .object || error.kind == .string {
      guard let code = error.string("code") else {
        return .errored(RowError(status: status, error, requestID: nil))
      }
      if code.isText("batch_expired") { return .expired }
      if code.isText("batch_cancelled") || code.isText("batch_canceled") { return .canceled }
      if code.isText(notRunCode) { return .notRun }
      return .errored(RowError(status: status, error, requestID: nil))
    }
    guard let response else { return .malformed(.noResult) }
    // Older versions of vLLM's batch runner write the answer itself as the response.
    let body = response.member("body") ?? (response.member("choices") == nil ? nil : response)
    if let status, status >= 400 {
      return .errored(
        RowError(
          status: status, body?.member("error") ?? body, requestID: response.string("request_id")))
    }
    guard let body, body.kind == .object else { return .malformed(.noMessage) }
    if body.member("choices") != nil { return .succeeded(AnswerMessage(chat: body)) }
    if body.member("output") != nil { return .succeeded(AnswerMessage(response: body)) }
    return .malformed(.noMessage)
  }

  /// The code of a row that Leaven writes for a request whose whole batch was refused because of others.
  static let notRunCode: StaticString = "request_not_run"

  /// A row for a request of a batch that brought none for it.
  ///
  /// - Parameters:
  ///   - customID: The request's.
  ///   - fate: What became of it.
  /// - Returns: A line, without its end.
  public static func line(for customID: String, _ fate: Fate) -> [UInt8] {
    let error =
      switch fate {
      case .expired: Self.error("batch_expired", "the batch ended before its turn")
      case .canceled: Self.error("batch_cancelled", "the batch was canceled")
      case .notRun: Self.error("\(notRunCode)", "the batch was refused because of other requests")
      case .failed(let code, let words): Self.error(code, words)
      case .refused: JSONValue.null
      }
    var response = JSONValue.null
    if case .refused(let code, let words) = fate {
      response = .object([
        JSONValue.Member("status_code", .number(400)),
        JSONValue.Member("body", .object(["error": Self.error(code, words)])),
      ])
    }
    let row = JSONValue.object([
      JSONValue.Member("custom_id", .string(customID)), JSONValue.Member("response", response),
      JSONValue.Member("error", error), JSONValue.Member("written_by", .string("leaven")),
    ])
    return Array(row.compact.utf8)
  }

  private static func error(_ code: String, _ message: String) -> JSONValue {
    .object([
      JSONValue.Member("code", .string(code)), JSONValue.Member("message", .string(message)),
    ])
  }

  /// What became of a request whose batch brought no row for it.
  public enum Fate: Hashable, Sendable {
    /// The time was over.
    case expired
    /// The batch was canceled.
    case canceled
    /// The batch was refused because of others.
    case notRun
    /// The batch was refused because of this one: a code and the provider's words.
    case refused(String, String)
    /// The batch failed: a code and the provider's words.
    case failed(String, String)
  }
}
