internal import Records

/// Reads the JSON of the batch calls.
///
/// What is not known is passed over; what is missing or of another type is an error.
enum BatchReply {
  static func page(_ value: JSONValue, _ facts: ServerFacts) throws(ReplyMismatch) -> BatchPage {
    guard let data = value["data"]?.array else {
      throw ReplyMismatch(sentence: "`data` is no list")
    }
    guard let hasMore = value["has_more"]?.bool else {
      throw ReplyMismatch(sentence: "`has_more` is neither true nor false")
    }
    var batches: [BatchState] = []
    for element in data { batches.append(try batch(element, facts)) }
    return BatchPage(
      batches: batches, hasMore: hasMore, lastID: batches.last?.id,
      answer: facts)
  }

  static func batch(_ value: JSONValue, _ facts: ServerFacts) throws(ReplyMismatch) -> BatchState {
    guard value["type"]?.string == "message_batch" else {
      throw ReplyMismatch(sentence: "`type` is not message_batch")
    }
    guard let id = value["id"]?.string, ProviderCalls.isSafe(id) else {
      throw ReplyMismatch(sentence: "`id` is not an id")
    }
    guard let status = value["processing_status"]?.string else {
      throw ReplyMismatch(sentence: "`processing_status` is no text")
    }
    guard let createdAt = try time(value, "created_at") else {
      throw ReplyMismatch(sentence: "`created_at` is missing")
    }
    return BatchState(
      id: id, status: .init(status), counts: try counts(value["request_counts"]),
      createdAt: createdAt, expiresAt: try time(value, "expires_at"),
      endedAt: try time(value, "ended_at"),
      cancelInitiatedAt: try time(value, "cancel_initiated_at"),
      archivedAt: try time(value, "archived_at"), resultsURL: value["results_url"]?.string,
      answer: facts)
  }

  private static func time(_ value: JSONValue, _ name: String) throws(ReplyMismatch) -> Int64? {
    guard let member = value[name], member != .null else { return nil }
    guard let time = member.string.flatMap({ Timestamp.milliseconds($0) }) else {
      throw ReplyMismatch(sentence: "`\(name)` is no time")
    }
    return time
  }

  private static func counts(_ value: JSONValue?) throws(ReplyMismatch) -> BatchState.Counts {
    func count(_ name: String) throws(ReplyMismatch) -> Int {
      guard let count = value?[name]?.int, count >= 0 else {
        throw ReplyMismatch(sentence: "`request_counts.\(name)` is no count")
      }
      return count
    }
    var counts = BatchState.Counts()
    counts.processing = try count("processing")
    counts.succeeded = try count("succeeded")
    counts.errored = try count("errored")
    counts.canceled = try count("canceled")
    counts.expired = try count("expired")
    return counts
  }
}

extension BatchState.Status {
  init(_ word: String) {
    switch word {
    case "in_progress": self = .inProgress
    case "canceling": self = .canceling
    case "ended": self = .ended
    default: self = .unknown(word)
    }
  }
}
