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
  private let rows: any ResultRows
  private let dialect: any Dialect
  private var cache: PrefixCache
  private var counts = RowCounts()
  private var tape = JSONTape()
  private var result = ByteBuffer(capacity: 1 << 17)
  /// Rows that did not succeed, where they have a file of their own.
  private var failed = ByteBuffer()
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
    rows = batch.terms.rows
    dialect = rows.dialect
    cache = prefixes
  }

  /// Writes the results and the bill beside their places and renames them.
  ///
  /// Stops early, with nothing in place, when `isUnwanted` says so.
  consuming func run(isUnwanted: () -> Bool) throws(SandboxError) -> Outcome? {
    let files = Files(batch, directory)
    let results = try LineFile(files.results + ".part", truncating: true)
    let failures = try LineFile(files.failures + ".part", truncating: true)
    let bills = try LineFile(files.billing + ".part", truncating: true)
    if batch.terms.leavesRows(at: ending.kind) {
      let requests = try RequestFile(directory.requests(of: batch.id))
      let order = Self.order(
        requests.count, keeps: rules.switches.keepsOrder, batch, rules.answers.seed)
      for (place, position) in order.enumerated() {
        if place & 255 == 0, isUnwanted() { return nil }
        try requests.read(Int(position), into: &row)
        try settle(Int(position))
        if result.count + failed.count < 1 << 16 { continue }
        try flush(results, failures, bills)
      }
    }
    try flush(results, failures, bills)
    // Results come last: a batch whose results are in place is whole.
    for path in [files.billing, files.failures, files.results] {
      try directory.rename(path + ".part", to: path)
    }
    return Outcome(ending: ending, counts: counts, prefixes: cache)
  }

  private struct Files {
    let results: String
    let failures: String
    let billing: String

    init(_ batch: BatchRecord, _ directory: StateDirectory) {
      results = directory.results(of: batch.id)
      failures = directory.failures(of: batch.id)
      billing = directory.billing(of: batch.id)
    }
  }

  private mutating func flush(
    _ results: borrowing LineFile, _ failures: borrowing LineFile, _ bills: borrowing LineFile
  ) throws(SandboxError) {
    try results.append(result.bytes)
    try failures.append(failed.bytes)
    try bills.append(bill.bytes)
    result.removeAll()
    failed.removeAll()
    bill.removeAll()
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
    // The intake wrote or checked this line: if it is none now, somebody else wrote the file.
    guard let request = try? tape.parse(row.bytes), let (id, body) = rows.parts(of: request) else {
      throw SandboxError(
        .stateUnusable, "a stored request of \(batch.id) is damaged",
        hint: "restore the file, or start with an empty --dir")
    }
    let name = "\(batch.ordinal) \(position)"
    var moment = Draw(seed: rules.answers.seed, "moment \(name)")
    let share = moment.share()
    guard share < ending.doneShare else {
      appendUndone(ending.kind == .canceled ? .canceled : .expired, id, name)
      return
    }
    let ms = batch.moment(ofShare: share)
    let outcome = judge(body, id?.text ?? "", name, atMs: ms, &moment)
    guard let cost = append(outcome, id, name) else { return }
    BillLine.append(
      customID: id?.text, body: ContentHash(of: body.rawBytes), cost, to: &bill)
  }

  private mutating func judge(
    _ body: JSONView, _ id: String, _ name: String, atMs ms: Int64, _ draw: inout Draw
  ) -> Answerer.Outcome {
    let subject = Answerer.Subject(
      customID: id, batch: batch.ordinal, name: name, atMs: ms, tier: .batch)
    let isLucky = draw.share() < rules.switches.cacheHitShare
    return answerer.judge(body, subject, dialect) { prefix, model, tokens in
      cache.usage(of: prefix, model, promptTokens: tokens, atMs: ms, isLucky: isLucky)
    }
  }

  /// Appends the row; returns what it costs, nil when it is not billed.
  private mutating func append(
    _ outcome: Answerer.Outcome, _ id: JSONView?, _ name: String
  ) -> Int64? {
    switch outcome {
    case .succeeded(let model, let usage):
      counts.succeeded += 1
      counts.add(usage)
      rows.open(id, name, seed: rules.answers.seed, to: &result)
      answerer.appendAnswer(dialect, to: &result)
      rows.close(to: &result)
      return usage.picodollars(model, .batch)
    case .errored(let error):
      counts.errored += 1
      let seed = rules.answers.seed
      if rows.separatesFailures {
        rows.append(error, id, name, seed: seed, to: &failed)
      } else {
        rows.append(error, id, name, seed: seed, to: &result)
      }
    case .canceled: appendUndone(.canceled, id, name)
    case .expired: appendUndone(.expired, id, name)
    }
    return nil
  }

  private mutating func appendUndone(_ undone: UndoneRow, _ id: JSONView?, _ name: String) {
    switch undone {
    case .canceled: counts.canceled += 1
    case .expired: counts.expired += 1
    }
    // The switch is on what a canceled batch leaves undone, not on single rows.
    if ending.kind == .canceled, undone == .canceled, rules.switches.omitsCanceledRows { return }
    let seed = rules.answers.seed
    if rows.separatesFailures {
      rows.append(undone, id, name, seed: seed, to: &failed)
    } else {
      rows.append(undone, id, name, seed: seed, to: &result)
    }
  }
}
