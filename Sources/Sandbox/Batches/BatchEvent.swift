internal import Records

/// What happens to the sandbox's state, one line each in `events.jsonl`.
///
/// The state is what the events say.
enum BatchEvent: Sendable {
  case created(BatchRecord)
  case cancelInitiated(id: String, atMs: Int64)
  case ended(id: String, atMs: Int64, counts: RowCounts)
  case deleted(id: String, atMs: Int64)
  case clockMoved(toMs: Int64)

  /// The line.
  var json: JSONValue {
    switch self {
    case .created(let batch): batch.event
    case .cancelInitiated(let id, let ms): Self.line("cancel_initiated", id, ms)
    case .ended(let id, let ms, let counts):
      .object([
        "event": .string("ended"), "at_ms": .number(ms), "id": .string(id), "counts": counts.json,
      ])
    case .deleted(let id, let ms): Self.line("deleted", id, ms)
    case .clockMoved(let ms): .object(["event": .string("clock_moved"), "at_ms": .number(ms)])
    }
  }

  /// Reads a line; nil when it is not one of these.
  init?(_ json: JSONValue) {
    guard let name = json["event"]?.string, let ms = json["at_ms"]?.int.map(Int64.init) else {
      return nil
    }
    let id = json["id"]?.string ?? ""
    switch name {
    case "created":
      guard let batch = BatchRecord(event: json) else { return nil }
      self = .created(batch)
    case "cancel_initiated": self = .cancelInitiated(id: id, atMs: ms)
    case "ended": self = .ended(id: id, atMs: ms, counts: RowCounts(json["counts"] ?? .null))
    case "deleted": self = .deleted(id: id, atMs: ms)
    case "clock_moved": self = .clockMoved(toMs: ms)
    default: return nil
    }
  }

  /// When it happened.
  var atMs: Int64 {
    switch self {
    case .created(let batch): batch.createdAtMs
    case .cancelInitiated(_, let ms), .ended(_, let ms, _), .deleted(_, let ms),
      .clockMoved(let ms):
      ms
    }
  }

  private static func line(_ name: String, _ id: String, _ ms: Int64) -> JSONValue {
    .object(["event": .string(name), "at_ms": .number(ms), "id": .string(id)])
  }
}

extension BatchRecord {
  /// The line of a batch's creation.
  fileprivate var event: JSONValue {
    let members: [JSONValue.Member] = [
      .init("event", .string("created")), .init("at_ms", .number(createdAtMs)),
      .init("id", .string(id)), .init("ordinal", .number(ordinal)),
      .init("workspace", .string(workspace)), .init("requests", .number(requestCount)),
      .init("duration_ms", .number(durationMs)),
      .init("reachable_share", .number("\(reachableShare)")),
      .init("canceled_by_others_at_ms", canceledByOthersAtMs.map { .number($0) } ?? .null),
    ]
    return .object(members + terms.members)
  }

  fileprivate init?(event: JSONValue) {
    guard let id = event["id"]?.string, let ordinal = event["ordinal"]?.int,
      let workspace = event["workspace"]?.string, let terms = BatchTerms(event: event),
      let requests = event["requests"]?.int, let created = event["at_ms"]?.int,
      let duration = event["duration_ms"]?.int
    else { return nil }
    self.init(
      id: id, ordinal: ordinal, workspace: workspace, terms: terms, requestCount: requests,
      createdAtMs: Int64(created), durationMs: Int64(duration),
      reachableShare: event["reachable_share"]?.double ?? 1,
      canceledByOthersAtMs: event["canceled_by_others_at_ms"]?.int.map(Int64.init))
  }
}
