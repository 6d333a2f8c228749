#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Records

/// Makes the results of a batch from its requests: which rows succeeded, what they answered, what
/// they cost.
///
/// A function of the batch, its ending and the rules; done twice it writes the same bytes.
struct Settlement: ~Copyable {
  /// What the results of all batches follow from.
  struct Rules: Sendable {
    var answers: Answerer.Rules
    var switches: Switches
  }

  private let batch: BatchRecord
  private let ending: BatchEnding
  private let rules: Rules
  private let directory: StateDirectory
  private let answerer: Answerer
  private var cache: PrefixCache
  private var counts = RowCounts()
  private var tape = JSONTape()
  private var result = ByteBuffer(capacity: 1 << 17)
  private var bill = ByteBuffer(capacity: 1 << 14)
  private var row = ByteBuffer(capacity: 4096)

  /// The results of a batch that ends so.
  struct Outcome: Sendable {
    let ending: BatchEnding
    let counts: RowCounts
    /// Prompt prefixes that were written to the cache, and when.
    let prefixes: PrefixCache
  }

  init(
    _ batch: BatchRecord, _ ending: BatchEnding, _ rules: Rules, _ directory: StateDirectory,
    _ prefixes: PrefixCache
  ) {
    self.batch = batch
    self.ending = ending
    self.rules = rules
    self.directory = directory
    answerer = Answerer(rules.answers)
    cache = prefixes
  }

  /// Writes the results and the bill beside their places and renames them.
  ///
  /// Stops early, with nothing in place, when `isUnwanted` says so.
  consuming func run(isUnwanted: () -> Bool) throws(SandboxError) -> Outcome? {
    let results = directory.results(of: batch.id)
    let billing = directory.billing(of: batch.id)
    let resultFile = try LineFile(results + ".part", truncating: true)
    let billFile = try LineFile(billing + ".part", truncating: true)
    let requests = try RequestFile(directory.requests(of: batch.id))
    let order = Self.order(
      requests.count, keeps: rules.switches.keepsOrder, batch, rules.answers.seed)
    for (place, position) in order.enumerated() {
      if place & 255 == 0, isUnwanted() { return nil }
      try requests.read(Int(position), into: &row)
      try settle(Int(position))
      if result.count >= 1 << 16 {
        try resultFile.append(result.bytes)
        result.removeAll()
        try billFile.append(bill.bytes)
        bill.removeAll()
      }
    }
    try resultFile.append(result.bytes)
    try billFile.append(bill.bytes)
    try directory.rename(billing + ".part", to: billing)
    try directory.rename(results + ".part", to: results)
    return Outcome(ending: ending, counts: counts, prefixes: cache)
  }

  /// The order in which rows come: drawn, or as they were sent.
  private static func order(
    _ count: Int, keeps: Bool, _ batch: BatchRecord, _ seed: UInt64
  ) -> [UInt32] {
    var order = (0..<count).map { UInt32(truncatingIfNeeded: $0) }
    guard !keeps else { return order }
    var draw = Draw(seed: seed, "order of \(batch.id)")
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, draw.below(last + 1)) }
    return order
  }

  /// Appends the result and the bill of the request in `row`.
  private mutating func settle(_ position: Int) throws(SandboxError) {
    // The intake wrote this line as JSON: if it is none now, somebody else wrote the file.
    guard let request = try? tape.parse(row.bytes), let id = request["custom_id"],
      let params = request["params"]
    else {
      throw SandboxError(
        .stateUnusable, "a stored request of \(batch.id) is damaged",
        hint: "restore the file, or start with an empty --dir")
    }
    var moment = Draw(seed: rules.answers.seed, "moment \(batch.ordinal) \(position)")
    let share = moment.share()
    guard share < ending.doneShare else {
      appendUndone(id)
      return
    }
    let ms = batch.createdAtMs + Int64(share / batch.reachableShare * Double(batch.durationMs))
    let outcome = judge(params, id.text, position, atMs: ms, &moment)
    let cost = append(outcome, id, position)
    appendBill(id, params, cost)
  }

  private mutating func judge(
    _ params: JSONView, _ id: String, _ position: Int, atMs ms: Int64, _ draw: inout Draw
  ) -> Answerer.Outcome {
    let subject = Answerer.Subject(
      customID: id, batch: batch.ordinal, name: "\(batch.ordinal) \(position)")
    let setting = MessageSetting(
      place: .batchRow, version: batch.version, allowsLongOutput: batch.allowsLongOutput)
    let isLucky = draw.share() < rules.switches.cacheHitShare
    return answerer.judge(params, subject, setting) { model, tokens in
      cache.usage(of: params, model, promptTokens: tokens, atMs: ms, isLucky: isLucky)
    }
  }

  /// Appends the row; returns what it costs, nil when it is not billed.
  private mutating func append(
    _ outcome: Answerer.Outcome, _ id: JSONView, _ position: Int
  ) -> Int64? {
    beginRow(id)
    switch outcome {
    case .succeeded(let model, let usage):
      counts.succeeded += 1
      result.append("\"succeeded\",\"message\":")
      answerer.appendMessage(usage, .batch, to: &result)
      result.append("}}\n")
      return usage.picodollars(model, .batch)
    case .errored(let error):
      counts.errored += 1
      result.append("\"errored\",\"error\":")
      let requestID = Draw.id("req", seed: rules.answers.seed, "\(batch.ordinal) \(position)")
      error.json(requestID: requestID).append(to: &result)
      result.append("}}\n")
    case .canceled:
      counts.canceled += 1
      result.append("\"canceled\"}}\n")
    case .expired:
      counts.expired += 1
      result.append("\"expired\"}}\n")
    }
    return nil
  }

  private mutating func appendUndone(_ id: JSONView) {
    if ending.kind == .canceled {
      counts.canceled += 1
      if rules.switches.omitsCanceledRows { return }
    } else {
      counts.expired += 1
    }
    beginRow(id)
    result.append(ending.kind == .canceled ? "\"canceled\"}}\n" : "\"expired\"}}\n")
  }

  private mutating func beginRow(_ id: JSONView) {
    result.append("{\"custom_id\":\"")
    id.appendEscapedText(to: &result)
    result.append("\",\"result\":{\"type\":")
  }

  private mutating func appendBill(_ id: JSONView, _ params: JSONView, _ cost: Int64?) {
    guard let cost else { return }
    BillLine.append(customID: id.text, body: ContentHash(of: params.rawBytes), cost, to: &bill)
  }
}
