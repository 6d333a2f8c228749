internal import Records

/// A batch of Gemini's as the provider shows it at a time.
///
/// As everywhere in this API, numbers of 64 bits are strings, and what is zero, false or null is
/// left out.
struct GeminiOperation {
  /// How the provider names a state.
  enum State: String, Sendable {
    case pending = "BATCH_STATE_PENDING"
    case running = "BATCH_STATE_RUNNING"
    case succeeded = "BATCH_STATE_SUCCEEDED"
    case failed = "BATCH_STATE_FAILED"
    case cancelled = "BATCH_STATE_CANCELLED"
    case expired = "BATCH_STATE_EXPIRED"
  }

  private static let types = "type.googleapis.com/google.ai.generativelanguage.v1main."
  private let batch: BatchRecord
  private let terms: GeminiTerms
  private let nowMs: Int64

  init(_ batch: BatchRecord, atMs nowMs: Int64) {
    guard case .gemini(let terms) = batch.terms else {
      preconditionFailure("\(batch.id) is a batch of another provider")
    }
    self.batch = batch
    self.terms = terms
    self.nowMs = nowMs
  }

  /// Where it is in its life.
  var state: State {
    guard batch.endedAtMs != nil else {
      let isWaiting = nowMs < batch.startsAtMs || batch.reachableShare == 0
      return isWaiting ? .pending : .running
    }
    switch batch.ending.kind {
    case .finished: return .succeeded
    case .canceled: return .cancelled
    case .expired: return .expired
    case .failed: return .failed
    }
  }

  /// Whether its answers are told with it.
  var hasInlineAnswers: Bool { state == .succeeded && terms.place == .inline }

  /// Without inline answers.
  var json: JSONValue { json(output: fileOutput) }

  /// The operation as JSON text; `answers` is the file of inline answers, which stand in it twice.
  func bytes(answers: String?, _ switches: Switches) -> [UInt8] {
    guard let answers else { return Array(json.compact.utf8) }
    var rows: [JSONValue] = []
    if var lines = LineReader(answers) {
      while let line = lines.next() {
        // The settlement wrote these lines.
        guard let row = try? JSONValue(parsing: Array(line)) else { continue }
        let members = (row.members ?? []).filter {
          !switches.omitsInlineMetadata || $0.key != "metadata"
        }
        rows.append(.object(members))
      }
    }
    let inner: JSONValue = .object(["inlinedResponses": .array(rows)])
    return Array(json(output: .object(["inlinedResponses": inner])).compact.utf8)
  }

  private var fileOutput: JSONValue? {
    guard state == .succeeded, terms.place == .file else { return nil }
    return .object(["responsesFile": .string("files/\(batch.geminiOutputFile)")])
  }

  private func json(output: JSONValue?) -> JSONValue {
    let name = JSONValue.Member("name", .string("batches/\(batch.id)"))
    var members = [name, .init("metadata", .object(metadata(output)))]
    guard batch.endedAtMs != nil else { return .object(members) }
    members.append(.init("done", .bool(true)))
    if let failure = terms.failure {
      let error: JSONValue = .object([
        "code": .number(failure.code), "message": .string(failure.message),
      ])
      members.append(.init("error", error))
    }
    if let output {
      let type = JSONValue.string(Self.types + "GenerateContentBatchOutput")
      members.append(
        .init("response", .object([.init("@type", type)] + (output.members ?? []))))
    }
    return .object(members)
  }

  private func metadata(_ output: JSONValue?) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("@type", .string(Self.types + "GenerateContentBatch")),
      .init("name", .string("batches/\(batch.id)")),
      .init("model", .string("models/\(terms.model)")),
    ]
    if let displayName = terms.displayName {
      members.append(.init("displayName", .string(displayName)))
    }
    if terms.place == .file {
      members.append(.init("inputConfig", .object(["fileName": .string(terms.inputFile)])))
    }
    if let output { members.append(.init("output", output)) }
    members.append(.init("createTime", stamp(batch.createdAtMs)))
    if let ended = batch.endedAtMs { members.append(.init("endTime", stamp(ended))) }
    members.append(.init("updateTime", stamp(batch.endedAtMs ?? max(batch.createdAtMs, nowMs))))
    members.append(.init("batchStats", .object(stats)))
    members.append(.init("state", .string(state.rawValue)))
    return members
  }

  private var stats: [JSONValue.Member] {
    let counts = batch.counts ?? RowCounts()
    let failed = counts.errored + counts.canceled + counts.expired
    let isOpen = batch.endedAtMs == nil
    let numbers = [
      ("requestCount", batch.requestCount), ("successfulRequestCount", counts.succeeded),
      ("failedRequestCount", failed), ("pendingRequestCount", isOpen ? batch.requestCount : 0),
    ]
    return numbers.filter { $0.1 > 0 }.map { .init($0.0, .string(String($0.1))) }
  }

  private func stamp(_ ms: Int64) -> JSONValue { .string(CalendarText.nanoseconds(ms)) }
}

extension BatchRecord {
  /// Answers are kept for about six weeks.
  private static let geminiRetentionMs: Int64 = 42 * 24 * 3_600_000

  /// The id of its file of answers.
  var geminiOutputFile: String { "batch-\(id)" }

  /// The files that it leaves at its end, without their sizes.
  func geminiFiles(_ outcome: Settlement.Outcome) -> [StoredFile] {
    guard case .gemini(let terms) = terms, terms.place == .file, outcome.ending.kind == .finished
    else { return [] }
    let endMs = outcome.ending.atMs
    return [
      StoredFile(
        id: geminiOutputFile, api: .gemini, workspace: workspace, filename: "",
        kind: "application/jsonl", byteCount: 0, createdAtMs: endMs,
        expiresAtMs: endMs + Self.geminiRetentionMs, source: .results, batch: id)
    ]
  }
}
