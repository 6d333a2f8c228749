internal import Records
internal import Synchronization

extension SandboxWorld {
  /// Bytes that a synchronous body may have.
  static let messageByteLimit = 32 * 1_000_000

  /// Answers a message at once, at the synchronous price; as events when the body says `stream`.
  func message(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    var output = ByteBuffer(capacity: 4096)
    var isStreamed = false
    let (body, cost) = try judged(call, bytes, .message) { answerer, params, outcome in
      isStreamed = params["stream"]?.bool == true
      guard case .succeeded(let model, let usage) = outcome else { return Int64(0) }
      answerer.appendMessage(usage, .standard, to: &output)
      return usage.picodollars(model, .standard)
    }
    var bill = ByteBuffer()
    BillLine.append(customID: nil, body: body, cost, to: &bill)
    try messageBills.withLock { (file) throws(SandboxError) in try file.append(bill.bytes) }
    let message = Array(output.bytes)
    guard isStreamed else { return Reply(json: message) }
    let events = MessageEvents.bytes(of: try JSONValue(parsing: message))
    return Reply(bytes: events, type: "text/event-stream")
  }

  /// The number of tokens of a body's prompt.
  func countTokens(_ call: Call, _ bytes: [UInt8]) throws -> Reply {
    let (_, tokens) = try judged(call, bytes, .tokenCount) { answerer, _, _ in answerer.promptTokens
    }
    return Reply(.object(["input_tokens": .number(tokens)]))
  }

  /// Parses and judges a body, and hands what came of it to `use`.
  private func judged<Value>(
    _ call: Call, _ bytes: [UInt8], _ place: MessageSetting.Place,
    _ use: (Answerer, JSONView, Answerer.Outcome) -> Value
  ) throws -> (ContentHash, Value) {
    var tape = JSONTape()
    let answerer = Answerer(answers)
    return try bytes.withUnsafeBufferPointer { buffer in
      let params: JSONView
      do throws(JSONError) {
        params = try tape.parse(buffer)
      } catch {
        throw APIError.malformed(at: error.offset)
      }
      guard params.kind == .object else {
        throw APIError.invalid("Input should be a valid dictionary")
      }
      var luck = Draw(seed: configuration.seed, call.requestID)
      let isLucky = luck.share() < configuration.faults.switches.cacheHitShare
      let subject = Answerer.Subject(customID: nil, batch: 0, name: call.requestID)
      let outcome = answerer.judge(params, subject, call.setting(place)) { model, tokens in
        prefixes.withLock {
          $0.usage(of: params, model, promptTokens: tokens, atMs: call.nowMs, isLucky: isLucky)
        }
      }
      if case .errored(let error) = outcome { throw error }
      return (ContentHash(of: buffer), use(answerer, params, outcome))
    }
  }
}
