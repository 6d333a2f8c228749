internal import Foundation
internal import Records

extension SandboxWorld {
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
      settler.begin(batch)
      var reply = Reply(batch.json(atMs: batch.createdAtMs, base: call.base))
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
    let waiting = book.all.filter { $0.endedAtMs == nil && $0.ending.atMs > clock.nowMs }.reduce(0)
    { $0 + $1.requestCount }
    guard waiting + intake.count > limit else { return nil }
    return APIError(
      status: 429, type: "rate_limit_error",
      message:
        "This request would exceed your organization's limit of \(limit) batch requests in the "
        + "processing queue", headers: ["retry-after": "60"])
  }

  private func store(_ intake: borrowing BatchIntake, _ call: Call) throws(SandboxError)
    -> BatchRecord
  {
    let (path, count) = (intake.path, intake.count)
    return try book.create { (ordinal) throws(SandboxError) in
      let batch = record(ordinal, count: count, call)
      try directory.rename(path, to: directory.requests(of: batch.id))
      return batch
    }
  }

  private func record(_ ordinal: Int, count: Int, _ call: Call) -> BatchRecord {
    // A large body may have taken its time: the batch begins when it is stored.
    let nowMs = clock.nowMs
    let fault = configuration.faults.batches.first { $0.which.includes(ordinal) }
    return BatchRecord(
      id: Draw.id("msgbatch", seed: configuration.seed, "\(ordinal)"), ordinal: ordinal,
      workspace: call.workspace, version: call.version,
      allowsLongOutput: call.betas.contains(Call.longOutputBeta), requestCount: count,
      createdAtMs: nowMs, durationMs: fault?.durationMs ?? drawnDurationMs(ordinal),
      reachableShare: fault?.reachableShare ?? 1,
      canceledByOthersAtMs: fault?.cancelAfterMs.map { nowMs + $0 })
  }

  private func drawnDurationMs(_ ordinal: Int) -> Int64 {
    let range = configuration.batchDuration
    let (low, high) = (range.lowerBound.milliseconds, range.upperBound.milliseconds)
    var draw = Draw(seed: configuration.seed, "duration \(ordinal)")
    return low + Int64(draw.share() * Double(high - low))
  }
}

extension Duration {
  /// Whole milliseconds.
  fileprivate var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
