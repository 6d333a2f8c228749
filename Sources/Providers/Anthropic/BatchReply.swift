internal import Records

/// Reads the JSON of the batch calls.
///
/// What is not known is passed over; what is missing or of another type is an error.
struct BatchReply {
  struct Mismatch: Error {
    let sentence: String
  }

  let value: JSONValue
  let facts: ServerFacts

  init(_ answer: HTTPResponse) throws(Mismatch) {
    facts = ServerFacts(answer)
    do throws(JSONError) {
      value = try JSONValue(parsing: answer.body)
    } catch {
      throw Mismatch(sentence: "it is not JSON: \(error)")
    }
  }

  func batch() throws(Mismatch) -> BatchState { try Self.batch(value, facts) }

  func page() throws(Mismatch) -> BatchPage {
    guard let data = value["data"]?.array else { throw Mismatch(sentence: "`data` is no list") }
    guard let hasMore = value["has_more"]?.bool else {
      throw Mismatch(sentence: "`has_more` is neither true nor false")
    }
    var batches: [BatchState] = []
    for element in data { batches.append(try Self.batch(element, facts)) }
    return BatchPage(
      batches: batches, hasMore: hasMore, lastID: batches.last?.id,
      answer: facts)
  }

  private static func batch(_ value: JSONValue, _ facts: ServerFacts) throws(Mismatch) -> BatchState
  {
    guard value["type"]?.string == "message_batch" else {
      throw Mismatch(sentence: "`type` is not message_batch")
    }
    guard let id = value["id"]?.string, isSafe(id) else {
      throw Mismatch(sentence: "`id` is not an id")
    }
    guard let status = value["processing_status"]?.string else {
      throw Mismatch(sentence: "`processing_status` is no text")
    }
    guard let createdAt = try time(value, "created_at") else {
      throw Mismatch(sentence: "`created_at` is missing")
    }
    return BatchState(
      id: id, status: .init(status), counts: try counts(value["request_counts"]),
      createdAt: createdAt, expiresAt: try time(value, "expires_at"),
      endedAt: try time(value, "ended_at"),
      cancelInitiatedAt: try time(value, "cancel_initiated_at"),
      archivedAt: try time(value, "archived_at"), resultsURL: value["results_url"]?.string,
      answer: facts)
  }

  /// An id becomes part of a path, so it holds nothing that means something there.
  static func isSafe(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= 256
      && id.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F || $0 == 0x2D
      }
  }

  private static func time(_ value: JSONValue, _ name: String) throws(Mismatch) -> Int64? {
    guard let member = value[name], member != .null else { return nil }
    guard let time = member.string.flatMap({ Timestamp.milliseconds($0) }) else {
      throw Mismatch(sentence: "`\(name)` is no time")
    }
    return time
  }

  private static func counts(_ value: JSONValue?) throws(Mismatch) -> BatchState.Counts {
    func count(_ name: String) throws(Mismatch) -> Int {
      guard let count = value?[name]?.int, count >= 0 else {
        throw Mismatch(sentence: "`request_counts.\(name)` is no count")
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
