public import Records

/// Gemini's generateContent: one request, one answer.
public struct GeminiMessages: MessageProvider {
  private let calls: ProviderCalls
  private let version: String
  private let timeouts: HTTPRequest.Timeouts

  /// Describes the calls to an endpoint.
  ///
  /// Nil when the address is no absolute `http` or `https` URL or has a query or fragment, or the version is no word.
  public init?(
    at address: ProviderAddress,
    timeouts: HTTPRequest.Timeouts = AnthropicMessages.usualTimeouts
  ) {
    guard let batches = GeminiBatches(at: address, client: HTTPClient()) else { return nil }
    calls = batches.calls
    version = batches.version
    self.timeouts = timeouts
  }

  /// The call that a line of a shard file asks for. The model goes into the path, and not into the body again.
  public func call(_ line: JSONView, tokens: Int) -> ConcurrentCall? {
    guard let id = line["key"], id.kind == .string, let request = line["request"],
      let model = request.string("model"), GeminiBatches.id(model.text, in: "models/") != nil,
      let body = Self.body(of: request, behind: model)
    else { return nil }
    return ConcurrentCall(
      customID: Array(id.rawBytes), body: body, tokens: tokens, resource: model.text)
  }

  /// A request without its first member, the model.
  private static func body(of request: JSONView, behind model: JSONView) -> [UInt8]? {
    let all = request.rawBytes
    guard let start = all.baseAddress, let name = model.rawBytes.baseAddress else { return nil }
    let quote = name - start + model.rawBytes.count
    guard all.starts(with: "{\"model\":\"".utf8), quote + 1 < all.count,
      all[quote + 1] == UInt8(ascii: ",")
    else { return nil }
    return [UInt8(ascii: "{")] + all[(quote + 2)...]
  }

  /// The HTTP request of a call.
  public func request(_ call: ConcurrentCall) -> HTTPRequest {
    var request = calls.request(.post, "/\(version)/\(call.resource)\(RequestForm.generate.path)")
    request.headers.append(("Content-Type", "application/json"))
    request.body = .bytes(call.body)
    request.timeouts = timeouts
    request.destination = .memory(limit: 64_000_000)
    return request
  }

  /// Adds an answer as a line of a file of results.
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
        body.member("candidates") != nil || body.member("promptFeedback") != nil
      else { return nil }
      let usage = TokenUsage(gemini: body.member("usageMetadata"))
      begin(call, "response", to: &rows)
      append(onOneLine: bytes, to: &rows)
      rows.append("}\n")
      return usage.prompt + usage.output
    }
    guard let used else {
      var error = ProviderError(.message, .unreadable("it is no answer of a model"))
      error.requestID = ServerFacts(answer).requestID
      throw error
    }
    return used
  }

  /// Adds a failure as a line of a file of results. Without a status it was the connection, and counts as the server's.
  public func append(_ error: ProviderError, to call: ConcurrentCall, rows: inout ByteBuffer) {
    let problem = JSONValue.object([
      JSONValue.Member("code", .number(StatusCode(error).rawValue)),
      JSONValue.Member("message", .string(error.message ?? error.description)),
    ])
    begin(call, "error", to: &rows)
    rows.append(text: problem.compact)
    rows.append("}\n")
  }

  private func begin(_ call: ConcurrentCall, _ member: StaticString, to rows: inout ByteBuffer) {
    rows.append(#"{"key":""#)
    rows.append(contentsOf: call.customID)
    rows.append(#"",""#)
    rows.append(member)
    rows.append(#"":"#)
  }
}

extension StatusCode {
  /// What a failed call says: its word, else its HTTP status.
  fileprivate init(_ error: ProviderError) {
    if let known = (1...16).compactMap({ StatusCode(rawValue: $0) }).first(where: {
      $0.word == error.type
    }) {
      self = known
      return
    }
    switch error.status {
    case 400, 413: self = .invalidArgument
    case 404: self = .notFound
    case 429: self = .resourceExhausted
    case 503: self = .unavailable
    case 504: self = .deadlineExceeded
    default: self = .internal
    }
  }
}
