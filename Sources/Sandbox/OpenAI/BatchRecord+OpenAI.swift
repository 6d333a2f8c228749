internal import Records

/// Where a batch of OpenAI's is in its life.
enum OpenAIStatus: String, Sendable {
  case validating, failed, finalizing, completed, expired, cancelling, cancelled
  case inProgress = "in_progress"
}

extension BatchRecord {
  private var openAITerms: OpenAITerms {
    guard case .openai(let terms) = terms else {
      preconditionFailure("\(id) is a batch of another provider")
    }
    return terms
  }

  /// When the provider begins to gather what is done, in a batch that finishes.
  private var finalizesAtMs: Int64 { max(startsAtMs, ending.atMs - wrapUpMs) }

  /// The status at a time; a batch whose time has come is taken to have ended.
  func openAIStatus(atMs now: Int64) -> OpenAIStatus {
    let ending = ending
    guard endedAtMs != nil || now >= ending.atMs else {
      if cancelInitiated(byMs: now) != nil { return .cancelling }
      if now < startsAtMs { return .validating }
      return ending.kind == .finished && now >= finalizesAtMs ? .finalizing : .inProgress
    }
    switch ending.kind {
    case .finished: return .completed
    case .canceled: return .cancelled
    case .expired: return .expired
    case .failed: return .failed
    }
  }

  /// The batch as the provider shows it at a time.
  func openAIJSON(atMs now: Int64, switches: Switches) -> JSONValue {
    let terms = openAITerms
    let status = openAIStatus(atMs: now)
    let files = fileIDs(switches)
    let shown = JSONValue.object([
      "id": .string(id), "object": .string("batch"), "endpoint": .string(terms.endpoint),
      "model": now < startsAtMs ? .null : terms.model.map { .string($0) } ?? .null,
      "errors": status == .failed ? Self.errors(terms.failures) : .null,
      "input_file_id": .string(terms.inputFile), "completion_window": .string("24h"),
      "status": .string(status.rawValue), "output_file_id": files.output,
      "error_file_id": files.errors, "created_at": .number(createdAtMs / 1000),
      "in_progress_at": stamp(status == .failed ? nil : startsAtMs, now),
      "expires_at": .number(expiresAtMs / 1000),
      "finalizing_at": stamp(ending.kind == .finished ? finalizesAtMs : nil, now),
      "completed_at": stamp(status == .completed ? endedAtMs : nil, now),
      "failed_at": stamp(status == .failed ? endedAtMs : nil, now),
      "expired_at": stamp(status == .expired ? endedAtMs : nil, now),
      "cancelling_at": stamp(cancelInitiated(byMs: now), now),
      "cancelled_at": stamp(status == .cancelled ? endedAtMs : nil, now),
      "request_counts": requestCounts(atMs: now), "usage": usage,
      "metadata": terms.metadata.map { .object($0) } ?? .null,
    ])
    return switches.isResemblance ? Self.resemblance(of: shown) : shown
  }

  /// The same as other servers have it: statuses in upper case, times as texts, neither counts nor metadata.
  private static func resemblance(of batch: JSONValue) -> JSONValue {
    let members = (batch.members ?? []).compactMap { member -> JSONValue.Member? in
      if ["request_counts", "metadata", "usage"].contains(member.key) { return nil }
      if member.key == "status", let status = member.value.string {
        return JSONValue.Member("status", .string(status.uppercased()))
      }
      if member.key.hasSuffix("_at"), let seconds = member.value.int {
        return JSONValue.Member(
          member.key, .string(CalendarText.rfc3339(Int64(seconds) * 1000)))
      }
      return member
    }
    return .object(members)
  }

  private func stamp(_ ms: Int64?, _ now: Int64) -> JSONValue {
    guard let ms, ms <= now else { return .null }
    return .number(ms / 1000)
  }

  private static func errors(_ failures: [OpenAITerms.Failure]) -> JSONValue {
    .object(["object": .string("list"), "data": .array(failures.map(\.json))])
  }

  /// Live: 0 while the input is looked at; then `completed` counts every row that is done, and only
  /// at the end what of them failed.
  private func requestCounts(atMs now: Int64) -> JSONValue {
    let isLooking = now < startsAtMs || ending.kind == .failed
    let done = Int(doneShare(atMs: now) * Double(requestCount))
    return .object([
      "total": .number(isLooking ? 0 : requestCount),
      "completed": .number(isLooking ? 0 : counts?.succeeded ?? done),
      "failed": .number(counts?.errored ?? 0),
    ])
  }

  private var usage: JSONValue {
    let counts = counts ?? RowCounts()
    return .object([
      "input_tokens": .number(counts.inputTokens),
      "input_tokens_details": .object(["cached_tokens": .number(counts.cachedTokens)]),
      "output_tokens": .number(counts.outputTokens),
      "output_tokens_details": .object(["reasoning_tokens": .number(counts.thoughtTokens)]),
      "total_tokens": .number(counts.inputTokens + counts.outputTokens),
    ])
  }
}

extension BatchRecord {
  /// The ids of its output and error files.
  private var outputFile: String { "file-\(id.dropFirst(6).prefix(20))oU" }
  private var errorFile: String { "file-\(id.dropFirst(6).prefix(20))eR" }

  /// What `output_file_id` and `error_file_id` say.
  private func fileIDs(_ switches: Switches) -> (output: JSONValue, errors: JSONValue) {
    guard let counts, ending.kind != .failed else { return (.null, .null) }
    let hasFailures = counts.errored + counts.canceled + counts.expired > 0
    // Without failures the id is an empty string rather than null.
    let none: JSONValue = switches.hasNullErrorFile ? .null : .string("")
    return (
      counts.succeeded > 0 ? .string(outputFile) : .null,
      hasFailures ? .string(errorFile) : none
    )
  }

  /// The files that it leaves at its end, without their sizes.
  func openAIFiles(_ outcome: Settlement.Outcome) -> [StoredFile] {
    guard outcome.ending.kind != .failed else { return [] }
    let counts = outcome.counts
    var files: [StoredFile] = []
    func add(_ id: String, _ words: String, _ source: StoredFile.Source) {
      files.append(
        StoredFile(
          id: id, api: .openai, workspace: workspace, filename: "\(self.id)_\(words).jsonl",
          kind: "batch_output", byteCount: 0, createdAtMs: outcome.ending.atMs,
          expiresAtMs: outcome.ending.atMs + openAITerms.retentionMs, source: source,
          batch: self.id))
    }
    if counts.succeeded > 0 { add(outputFile, "output", .results) }
    if counts.errored + counts.canceled + counts.expired > 0 { add(errorFile, "error", .failures) }
    return files
  }
}
