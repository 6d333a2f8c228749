internal import Records

/// Reads the operations of the batch calls. Numbers of 64 bits come as texts, and what is zero does not come at all.
enum GeminiBatchReply {
  /// Reads a page, and the token of the next one; nil when it is the last.
  static func page(
    _ value: JSONValue, _ facts: ServerFacts
  ) throws(ReplyMismatch) -> (page: BatchPage, token: String?) {
    guard value.members != nil else { throw ReplyMismatch(sentence: "it is no object") }
    guard let operations = (value["operations"] ?? .array([])).array else {
      throw ReplyMismatch(sentence: "`operations` is no list")
    }
    var batches: [BatchState] = []
    for operation in operations { batches.append(try batch(operation, facts)) }
    let token = value["nextPageToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    let page = BatchPage(
      batches: batches, hasMore: token != nil, lastID: batches.last?.id, answer: facts)
    return (page, token)
  }

  static func batch(
    _ value: JSONValue, _ facts: ServerFacts
  ) throws(ReplyMismatch) -> BatchState {
    let metadata = value["metadata"] ?? .null
    let name = value["name"]?.string ?? metadata["name"]?.string ?? ""
    guard let id = GeminiBatches.id(name, in: "batches/") else {
      throw ReplyMismatch(sentence: "`name` is not the name of a batch")
    }
    let word = try word(of: value)
    guard let createdAt = metadata["createTime"]?.string.flatMap({ Timestamp.milliseconds($0) })
    else { throw ReplyMismatch(sentence: "`metadata.createTime` is no time") }
    var batch = BatchState(
      id: id, status: .init(gemini: word), counts: counts(metadata["batchStats"]),
      createdAt: createdAt, expiresAt: nil, endedAt: nil, cancelInitiatedAt: nil, archivedAt: nil,
      resultsURL: nil, marker: metadata["displayName"]?.string, answer: facts)
    if batch.isEnded {
      let end = metadata["endTime"] ?? metadata["updateTime"]
      batch.endedAt = end?.string.flatMap { Timestamp.milliseconds($0) }
    }
    batch.files = BatchState.Files(
      input: file(metadata["inputConfig"]?["fileName"]), output: output(value["response"], metadata)
    )
    batch.end = BatchState.End(gemini: word)
    if batch.end != .complete {
      // Nothing is told of single requests, so no rows are to be waited for.
      batch.counts = BatchState.Counts()
    }
    if word == "FAILED" {
      batch.failure = BatchFailure(gemini: value["error"] ?? metadata["error"])
    }
    return batch
  }

  /// The state's word without what stands before it: `BATCH_STATE_` here, `JOB_STATE_` in the SDK.
  private static func word(of value: JSONValue) throws(ReplyMismatch) -> String {
    guard let state = value["metadata"]?["state"]?.string ?? value["state"]?.string else {
      // An operation that is over and says why needs no word for it.
      if value["error"]?.members != nil { return "FAILED" }
      throw ReplyMismatch(sentence: "`metadata.state` is no text")
    }
    for prefix in ["BATCH_STATE_", "JOB_STATE_"] where state.hasPrefix(prefix) {
      return String(state.dropFirst(prefix.count))
    }
    return state
  }

  private static func output(_ response: JSONValue?, _ metadata: JSONValue) -> String? {
    file(response?["responsesFile"]) ?? file(metadata["output"]?["responsesFile"])
  }

  private static func file(_ name: JSONValue?) -> String? {
    name?.string.flatMap { GeminiBatches.id($0, in: "files/") }
  }

  private static func counts(_ stats: JSONValue?) -> BatchState.Counts {
    var counts = BatchState.Counts()
    counts.succeeded = count(stats, "successfulRequestCount")
    counts.errored = count(stats, "failedRequestCount")
    let total = count(stats, "requestCount")
    counts.processing = max(total - counts.succeeded - counts.errored, 0)
    return counts
  }

  private static func count(_ stats: JSONValue?, _ name: String) -> Int {
    let member = stats?[name]
    return max(member?.int ?? member?.string.flatMap { Int($0) } ?? 0, 0)
  }
}

extension BatchState.Status {
  /// Reads a state's word.
  fileprivate init(gemini word: String) {
    switch word {
    case "PENDING", "QUEUED", "RUNNING", "UPDATING", "PAUSED": self = .inProgress
    case "CANCELLING": self = .canceling
    case "SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED": self = .ended
    default: self = .unknown(word)
    }
  }
}

extension BatchState.End {
  /// Reads a state's word.
  fileprivate init(gemini word: String) {
    switch word {
    case "EXPIRED": self = .expired
    case "CANCELLED": self = .canceled
    default: self = .complete
    }
  }
}

extension BatchFailure {
  /// Reads the error of an operation, a `google.rpc.Status`.
  fileprivate init(gemini error: JSONValue?) {
    let number = error?["code"]?.int ?? 2
    let message = error?["message"]?.string ?? "the provider gave no reason"
    problems = [
      Problem(line: nil, code: StatusCode(rawValue: number)?.word ?? "\(number)", message: message)
    ]
  }
}
