public import Records

/// OpenAI's Chat Completions or Responses, and those of servers that speak them: one request, one answer.
public struct OpenAIMessages: MessageProvider {
  private let calls: ProviderCalls
  private let url: String
  private let timeouts: HTTPRequest.Timeouts

  /// Describes the calls to an endpoint.
  ///
  /// Nil when the address is no absolute `http` or `https` URL or has a query or fragment.
  public init?(
    at address: ProviderAddress,
    timeouts: HTTPRequest.Timeouts = AnthropicMessages.usualTimeouts
  ) {
    guard let calls = OpenAIBatches.calls(at: address, client: HTTPClient()) else { return nil }
    self.calls = calls
    // The base URL has the version that the path of a batch's line begins with.
    url = calls.baseURL + address.form.path.dropFirst("/v1".utf8.count)
    self.timeouts = timeouts
  }

  /// The call that a line of a shard file asks for.
  public func call(_ line: JSONView, tokens: Int) -> ConcurrentCall? {
    guard let id = line["custom_id"], id.kind == .string, let body = line["body"] else {
      return nil
    }
    return ConcurrentCall(customID: Array(id.rawBytes), body: Array(body.rawBytes), tokens: tokens)
  }

  /// The HTTP request of a call.
  public func request(_ call: ConcurrentCall) -> HTTPRequest {
    var request = HTTPRequest(.post, url)
    request.headers = calls.headers + [("Content-Type", "application/json")]
    request.body = .bytes(call.body)
    request.timeouts = timeouts
    request.destination = .memory(limit: 64_000_000)
    return request
  }

  /// Adds an answer as a line of an output file.
  ///
  /// - Throws: `ProviderError` when it is none.
  public func append(
    _ answer: HTTPResponse, to call: ConcurrentCall, using tape: inout JSONTape,
    rows: inout ByteBuffer
  ) throws(ProviderError) -> Int {
    guard answer.isSuccess else {
      throw ProviderError(.message, answer: answer, secret: calls.key)
    }
    let used: Int? = answer.body.withUnsafeBufferPointer { bytes in
      // What is no JSON is reported below.
      guard let body = try? tape.parse(bytes), body.kind == .object,
        body.member("choices") != nil || body.member("output") != nil
      else { return nil }
      let usage = TokenUsage(openAI: body.member("usage"))
      begin(call, status: answer.status, to: &rows)
      append(onOneLine: bytes, to: &rows)
      rows.append("},\"error\":null}\n")
      return usage.prompt + usage.output
    }
    guard let used else {
      var error = ProviderError(.message, .unreadable("it is no answer of a model"))
      error.requestID = ServerFacts(answer).requestID
      throw error
    }
    return used
  }

  /// Adds a failure as a line of an error file. Without a status it was the connection, and counts as the server's.
  public func append(_ error: ProviderError, to call: ConcurrentCall, rows: inout ByteBuffer) {
    let problem = JSONValue.object([
      JSONValue.Member("message", .string(error.message ?? error.description)),
      JSONValue.Member("type", error.type.map { .string($0) } ?? .null),
      JSONValue.Member("code", error.errorCode.map { .string($0) } ?? .null),
    ])
    begin(call, status: error.status ?? 500, to: &rows)
    rows.append(text: #"{"error":\#(problem.compact)}},"error":null}"#)
    rows.append("\n")
  }

  private func begin(_ call: ConcurrentCall, status: Int, to rows: inout ByteBuffer) {
    rows.append(#"{"custom_id":""#)
    rows.append(contentsOf: call.customID)
    rows.append(text: #"","response":{"status_code":\#(status),"body":"#)
  }
}
