internal import Records
internal import Synchronization

extension SandboxWorld {
  /// Bytes that a synchronous body may have.
  static let messageByteLimit = 32 * 1_000_000

  /// The body of a synchronous call.
  ///
  /// - Throws: `APIError` 413 when it is too long.
  func synchronous(_ body: inout RequestBody) async throws -> [UInt8] {
    guard let bytes = try await body.collect(limit: Self.messageByteLimit) else {
      throw APIError.tooLarge
    }
    return bytes
  }

  /// What a synchronous body is answered with.
  struct Answered {
    let json: [UInt8]
    /// Whether the body asked for events.
    let isStreamed: Bool
  }

  /// Answers a body at once, at the synchronous price.
  func answer(_ call: Call, _ bytes: [UInt8], _ dialect: any Dialect) throws -> Answered {
    var output = ByteBuffer(capacity: 4096)
    var isStreamed = false
    let (body, cost) = try judged(call, bytes, dialect) { answerer, params, outcome in
      isStreamed = params["stream"]?.bool == true
      guard case .succeeded(let model, let usage) = outcome else { return Int64(0) }
      answerer.appendAnswer(dialect, to: &output)
      return usage.picodollars(model, .standard)
    }
    var bill = ByteBuffer()
    BillLine.append(customID: nil, body: body, cost, to: &bill)
    try messageBills.withLock { (file) throws(SandboxError) in try file.append(bill.bytes) }
    return Answered(json: Array(output.bytes), isStreamed: isStreamed)
  }

  /// The number of tokens of a body's prompt.
  func promptTokens(_ call: Call, _ bytes: [UInt8], _ dialect: any Dialect) throws -> Int {
    try judged(call, bytes, dialect) { answerer, _, _ in answerer.promptTokens }.1
  }

  /// Parses and judges a body, and hands what came of it to `use`.
  private func judged<Value>(
    _ call: Call, _ bytes: [UInt8], _ dialect: any Dialect,
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
      let subject = Answerer.Subject(
        customID: nil, batch: 0, name: call.requestID, atMs: call.nowMs, tier: .standard)
      let outcome = answerer.judge(params, subject, dialect) { prefix, model, tokens in
        prefixes.withLock {
          $0.usage(
            of: prefix, model, promptTokens: tokens, atMs: call.nowMs, isLucky: isLucky)
        }
      }
      if case .errored(let error) = outcome { throw error }
      return (ContentHash(of: buffer), use(answerer, params, outcome))
    }
  }
}
