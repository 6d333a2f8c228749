internal import Foundation
internal import Records

extension AnthropicCalls {
  /// Bytes that a create call may have.
  static let createByteLimit = 256 * 1_000_000

  /// Stores a batch: its requests are in their file and its creation in the events when this
  /// returns.
  func create(_ call: Call, _ body: inout RequestBody) async throws -> Reply {
    let path = directory.incoming(call.number)
    let intake: BatchIntake
    do {
      intake = try await takeIn(path, &body)
    } catch {
      directory.remove(path)
      throw error
    }
    guard let refusal = refusal(of: intake, byteCount: body.byteCount) else {
      let batch = try store(intake, call)
      var reply = Reply(batch.anthropicJSON(atMs: batch.createdAtMs, base: call.base))
      reply.note = [
        JSONValue.Member("batch", .string(batch.id)),
        JSONValue.Member("rows", .number(intake.count)),
        JSONValue.Member("body_hash", .string(intake.hash.hexadecimal)),
      ]
      return reply
    }
    directory.remove(path)
    throw refusal
  }

  private func takeIn(_ path: String, _ body: inout RequestBody) async throws -> BatchIntake {
    let strictness = configuration.faults.switches.batchOnlyErrors
    var intake = try BatchIntake(path, strictness: strictness)
    while let piece = try await body.next() {
      guard body.byteCount <= Self.createByteLimit else { continue }
      try piece.withUnsafeBytes { bytes in
        try intake.feed(bytes.bindMemory(to: UInt8.self))
      }
    }
    try intake.finish()
    return intake
  }

  private func refusal(of intake: borrowing BatchIntake, byteCount: Int) -> APIError? {
    if byteCount > Self.createByteLimit { return .tooLarge }
    if let failure = intake.failure { return failure }
    guard let limit = configuration.faults.limits.rowsInQueue else { return nil }
    let waiting = world.open(.anthropic).reduce(0) { $0 + $1.requestCount }
    guard waiting + intake.count > limit else { return nil }
    return APIError(
      status: 429,
      message:
        "This request would exceed your organization's limit of \(limit) batch requests in the "
        + "processing queue", headers: ["retry-after": "60"])
  }

  private func store(_ intake: borrowing BatchIntake, _ call: Call) throws(SandboxError)
    -> BatchRecord
  {
    let (path, count) = (intake.path, intake.count)
    let terms = BatchTerms.anthropic(call.anthropicTerms)
    return try world.createBatch(call, terms, prefix: "msgbatch", count: count) {
      (batch) throws(SandboxError) in
      try directory.rename(path, to: directory.requests(of: batch.id))
    }
  }
}
