internal import GRDB
internal import Records

/// The answers of a stage, looked up key by key, fastest in the order in which the items were stored.
///
/// It shows the items as they were when the walk came near them: a walk is used while nothing changes its stage.
public final class AnswerWalk {
  private let ledger: RunLedger
  /// Nil when the walk goes away.
  private var walk: StageWalk<KeptAnswer>?

  /// Begins a walk over a stage's items.
  ///
  /// - Throws: `LedgerError`.
  public convenience init(_ ledger: RunLedger, stage: Int64) throws(LedgerError) {
    try self.init(ledger, stage: stage, notingAfter: AnswerPlaces.runLength)
  }

  /// As above, noting attempts after so many items in their order.
  init(_ ledger: RunLedger, stage: Int64, notingAfter runLength: Int) throws(LedgerError) {
    self.ledger = ledger
    walk = try SQLError.typed("reading answers", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { database in
        let connection = SQLiteConnection(database)
        // In KiB: twice the usual one, since answers are looked up at random.
        try connection.run("PRAGMA cache_size = -16000")
        let places = try AnswerPlaces(connection, stage: stage, notingAfter: runLength)
        return try StageWalk(
          connection, selecting: "i.state, i.fields, i.reason, i.plan_id, i.content", stage: stage,
          upTo: connection.integer("SELECT max(id) FROM items") ?? 0,
          read: { item, row in try KeptAnswer(item: item, row, places) })
      }
    }
  }

  deinit {
    // Statements end where they are used: under the queue.
    ledger.queue.unsafeReentrantWrite { _ in walk = nil }
  }

  /// Fills a page with the items behind one (0: from the first); it stays empty at the end.
  ///
  /// - Throws: `LedgerError`.
  public func load(_ page: AnswerPage, after item: Int64) throws(LedgerError) {
    try inQueue { walk throws in try walk.load(page.page, after: item) }
  }

  /// What the ledger has for a key, wherever the walk is; nil when it does not know it.
  ///
  /// - Throws: `LedgerError`.
  public func lookUp(_ key: UnsafeBufferPointer<UInt8>) throws(LedgerError) -> KeptAnswer? {
    try inQueue { walk throws in try walk.lookUp(key)?.entry }
  }

  /// What the ledger has for each of some keys (laid end to end in `keys`); nil for one it does not know.
  ///
  /// - Throws: `LedgerError`.
  public func find(
    _ ranges: [Range<Int>], in keys: UnsafeBufferPointer<UInt8>
  ) throws(LedgerError) -> [KeptAnswer?] {
    var answers: [KeptAnswer?] = []
    answers.reserveCapacity(ranges.count)
    for range in ranges { answers.append(try find(UnsafeBufferPointer(rebasing: keys[range]))) }
    return answers
  }

  /// What the ledger has for a key; nil when it does not know it.
  ///
  /// - Throws: `LedgerError`.
  public func find(_ key: UnsafeBufferPointer<UInt8>) throws(LedgerError) -> KeptAnswer? {
    guard let walk else { preconditionFailure("a walk is there until it is let go of") }
    // Most keys are the next one of a page in memory, and need no database.
    if let answer = walk.take(key) { return answer }
    return try inQueue { walk throws in
      if walk.needsPage { try walk.loadPage() }
      if let answer = walk.take(key) { return answer }
      guard let found = try walk.lookUp(key) else { return nil }
      try walk.follow(found.id)
      return found.entry
    }
  }

  private func inQueue<Value>(
    _ body: (StageWalk<KeptAnswer>) throws -> Value
  ) throws(LedgerError) -> Value {
    guard let walk else { preconditionFailure("a walk is there until it is let go of") }
    return try SQLError.typed("reading answers", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { _ in try body(walk) }
    }
  }
}
