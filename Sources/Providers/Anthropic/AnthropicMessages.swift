public import Records

/// Anthropic's Messages API: one request, one answer, at full price. Answers become lines as a batch's results file has
/// them, so whatever reads those reads these.
public struct AnthropicMessages: MessageProvider {
  private let endpoint: AnthropicEndpoint
  private let timeouts: HTTPRequest.Timeouts

  /// Bounds on a call's time: the provider thinks while nothing moves, up to ten minutes.
  public static let usualTimeouts = HTTPRequest.Timeouts(
    stall: .seconds(600), total: .seconds(600))

  /// Describes the calls to an endpoint.
  public init(endpoint: AnthropicEndpoint, timeouts: HTTPRequest.Timeouts = usualTimeouts) {
    self.endpoint = endpoint
    self.timeouts = timeouts
  }

  /// The call that a line of a shard file asks for.
  ///
  /// Nil when the line is none.
  public func call(_ line: JSONView, tokens: Int) -> ConcurrentCall? {
    guard let id = line["custom_id"], id.kind == .string, let body = line["params"] else {
      return nil
    }
    return ConcurrentCall(customID: Array(id.rawBytes), body: Array(body.rawBytes), tokens: tokens)
  }

  /// The HTTP request of a call.
  public func request(_ call: ConcurrentCall) -> HTTPRequest {
    var request = HTTPRequest(.post, "\(endpoint.baseURL)/v1/messages")
    request.headers = endpoint.headers + [("Content-Type", "application/json")]
    request.body = .bytes(call.body)
    request.timeouts = timeouts
    request.destination = .memory(limit: 64_000_000)
    return request
  }

  /// Adds an answer as a line of a results file.
  ///
  /// - Returns: The tokens that it used, input and output.
  /// - Throws: `ProviderError` when it is none.
  public func append(
    _ answer: HTTPResponse, to call: ConcurrentCall, using tape: inout JSONTape,
    rows: inout ByteBuffer
  ) throws(ProviderError) -> Int {
    guard answer.isSuccess else {
      throw ProviderError(.message, answer: answer, secret: endpoint.key)
    }
    let used: Int? = answer.body.withUnsafeBufferPointer { bytes in
      // What is no JSON is reported below.
      guard let message = try? tape.parse(bytes), message.kind == .object,
        message.string("type")?.isText("message") == true
      else { return nil }
      let usage = TokenUsage(message.member("usage"))
      append(call, "succeeded", "message", to: &rows)
      append(onOneLine: bytes, to: &rows)
      rows.append("}}\n")
      return usage.prompt + usage.output
    }
    guard let used else {
      var error = ProviderError(.message, .unreadable("it is no message"))
      error.requestID = answer.header("request-id")
      throw error
    }
    return used
  }

  /// Adds a failure as a line of a results file.
  public func append(_ error: ProviderError, to call: ConcurrentCall, rows: inout ByteBuffer) {
    append(call, "errored", "error", to: &rows)
    let type = error.type ?? (error.status == 413 ? "request_too_large" : "api_error")
    let words = JSONValue.string(error.message ?? error.description).compact
    rows.append(
      text:
        #"{"type":"error","error":{"type":\#(JSONValue.string(type).compact),"message":\#(words)}}}}"#
    )
    rows.append("\n")
  }

  private func append(
    _ call: ConcurrentCall, _ type: StaticString, _ member: StaticString, to rows: inout ByteBuffer
  ) {
    rows.append(#"{"custom_id":""#)
    rows.append(contentsOf: call.customID)
    rows.append(#"","result":{"type":""#)
    rows.append(type)
    rows.append(#"",""#)
    rows.append(member)
    rows.append(#"":"#)
  }
}
