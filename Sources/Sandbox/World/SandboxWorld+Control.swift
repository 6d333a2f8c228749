internal import Records

extension SandboxWorld {
  /// The sandbox's time.
  var clockReply: Reply {
    Reply(
      .object([
        "now_ms": .number(clock.nowMs), "mode": .string(clock.isVirtual ? "virtual" : "wall"),
      ]))
  }

  /// Moves a virtual time forward and keeps it.
  ///
  /// Batches whose time comes with it have ended when this returns.
  func moveClock(_ bytes: [UInt8]) async throws -> Reply {
    // What cannot be parsed asks for nothing.
    let json = try? JSONValue(parsing: bytes)
    guard let ms = json?["advance_to_ms"]?.int else {
      throw APIError.invalid("advance_to_ms: Field required, in UTC milliseconds")
    }
    guard clock.isVirtual else {
      throw APIError.invalid("advance_to_ms: this sandbox runs at the machine's time")
    }
    try await advance(to: Int64(ms))
    return clockReply
  }

  /// Moves a virtual time forward and keeps it.
  func advance(to ms: Int64) async throws {
    try book.keepTime(clock.advance(to: ms))
    try await settleDue()
  }

  /// What was asked and answered so far.
  var journalReply: Reply { Reply(file: directory.journal, type: "application/x-ndjson") }

  /// What was billed so far: totals, and the number of times that each custom_id and each body was
  /// billed unless `rows=false` asks for totals alone.
  func meter(_ query: [String: String]) async throws -> Reply {
    try await settleDue()
    var meter = Meter(batches: book.count)
    for id in book.endedIDs { meter.add(directory.billing(of: id), isBatch: true) }
    meter.add(directory.billing, isBatch: false)
    return Reply(json: meter.json(withRows: query["rows"] != "false"))
  }
}
