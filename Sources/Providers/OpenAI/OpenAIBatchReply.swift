internal import Records

/// Reads the JSON of the batch calls, as OpenAI writes it and as servers do that only resemble it: statuses in any case,
/// times in unix seconds or as RFC 3339 has them, counts that are missing, a list without a page around it.
enum OpenAIBatchReply {
  static func page(_ value: JSONValue, _ facts: ServerFacts) throws(ReplyMismatch) -> BatchPage {
    guard let data = value.array ?? value["data"]?.array else {
      throw ReplyMismatch(sentence: "`data` is no list")
    }
    var batches: [BatchState] = []
    for element in data { batches.append(try batch(element, facts)) }
    return BatchPage(
      batches: batches, hasMore: value["has_more"]?.bool ?? false, lastID: batches.last?.id,
      answer: facts)
  }

  static func batch(
    _ reply: JSONValue, _ facts: ServerFacts
  ) throws(ReplyMismatch) -> BatchState {
    // One server wraps what it answers to a create.
    let value = reply["job"] ?? reply
    guard let id = value["id"]?.string, ProviderCalls.isSafe(id) else {
      throw ReplyMismatch(sentence: "`id` is not an id")
    }
    guard let status = value["status"]?.string?.lowercased() else {
      throw ReplyMismatch(sentence: "`status` is no text")
    }
    guard let createdAt = try time(value, "created_at") else {
      throw ReplyMismatch(sentence: "`created_at` is missing")
    }
    var batch = BatchState(
      id: id, status: .init(openAI: status), counts: counts(value["request_counts"]),
      createdAt: createdAt, expiresAt: try time(value, "expires_at"), endedAt: try end(value),
      cancelInitiatedAt: try time(value, "cancelling_at"), archivedAt: nil, resultsURL: nil,
      marker: value["metadata"]?[OpenAIBatches.markerName]?.string, answer: facts)
    batch.files = BatchState.Files(
      input: file(value, "input_file_id"), output: file(value, "output_file_id"),
      errors: file(value, "error_file_id"))
    batch.end = BatchState.End(openAI: status)
    if status == "failed" {
      batch.failure = BatchFailure(openAI: value["errors"] ?? value["error"])
    }
    return batch
  }

  /// The id of a file; what is empty is none.
  private static func file(_ value: JSONValue, _ name: String) -> String? {
    guard let id = value[name]?.string, !id.isEmpty else { return nil }
    return id
  }

  private static func end(_ value: JSONValue) throws(ReplyMismatch) -> Int64? {
    for name in ["completed_at", "failed_at", "expired_at", "cancelled_at"] {
      if let time = try time(value, name) { return time }
    }
    return nil
  }

  private static func time(_ value: JSONValue, _ name: String) throws(ReplyMismatch) -> Int64? {
    guard let member = value[name], member != .null else { return nil }
    // Some servers write fractions of seconds. Beyond what a date can be, it is no time.
    if let seconds = member.double, seconds < 1e11 {
      return seconds > 0 ? Int64((seconds * 1000).rounded()) : nil
    }
    guard let time = member.string.flatMap({ Timestamp.milliseconds($0) }) else {
      throw ReplyMismatch(sentence: "`\(name)` is no time")
    }
    return time
  }

  private static func counts(_ value: JSONValue?) -> BatchState.Counts {
    var counts = BatchState.Counts()
    counts.succeeded = max(value?["completed"]?.int ?? 0, 0)
    counts.errored = max(value?["failed"]?.int ?? 0, 0)
    counts.processing = max((value?["total"]?.int ?? 0) - counts.succeeded - counts.errored, 0)
    return counts
  }
}

extension BatchState.Status {
  /// Reads a status in lower case.
  fileprivate init(openAI word: String) {
    switch word {
    case "validating", "in_progress", "finalizing": self = .inProgress
    case "cancelling": self = .canceling
    case "completed", "failed", "expired", "cancelled": self = .ended
    default: self = .unknown(word)
    }
  }
}

extension BatchState.End {
  /// Reads a status in lower case.
  fileprivate init(openAI word: String) {
    switch word {
    case "expired": self = .expired
    case "cancelled": self = .canceled
    default: self = .complete
    }
  }
}

extension BatchFailure {
  /// Reads the errors of a batch that failed: a list of them, or a text.
  fileprivate init(openAI errors: JSONValue?) {
    let list = errors?["data"]?.array ?? errors?.array ?? []
    problems = list.map { error in
      Problem(
        line: error["line"]?.int, code: error["code"]?.string ?? "",
        message: error["message"]?.string ?? "the provider gave no reason")
    }
    if problems.isEmpty {
      problems = [
        Problem(line: nil, code: "", message: errors?.string ?? "the provider gave no reason")
      ]
    }
  }
}
