internal import GRDB

/// The rows of one results file on their way into the ledger, as one transaction: all of them count, or none.
///
/// Applying a file a second time changes nothing: its shard is settled, and rows are only taken by items that still wait
/// in a shard. A session that is let go of without `commit` leaves no trace. While one is open, the ledger cannot be
/// changed in any other way.
///
/// Sendable because its state is touched only under the ledger's serial database queue, which is its lock.
public final class SettlingSession: @unchecked Sendable {
  /// Whether a results file may cover only a part of its shards' requests.
  public enum IsPartial: Sendable {
    /// It covers all: a request whose row was not applied is made again.
    case no
    /// It may cover a part: a request without a row keeps waiting.
    case yes
    /// It grows, and these are its newest rows: the shard stays as it is.
    case growing
  }

  private let ledger: RunLedger
  /// Nil once the transaction is over.
  private var settlement: Settlement?
  private let log: GrowingLog

  /// Begins to apply a results file (its path relative to the state folder).
  ///
  /// - Throws: `LedgerError` when the ledger is locked or cannot be written.
  public convenience init(_ ledger: RunLedger, file: String, now: Int64) throws(LedgerError) {
    try self.init(ledger, file: file, now: now, answerRound: AnswerTable.roundSize)
  }

  /// As above, putting so many answers or more into their table together.
  init(_ ledger: RunLedger, file: String, now: Int64, answerRound: Int) throws(LedgerError) {
    self.ledger = ledger
    log = GrowingLog(ofLedger: ledger.path)
    settlement = try ledger.begin("beginning to apply results") { database in
      try Settlement(SQLiteConnection(database), file: file, now: now, answerRound: answerRound)
    }
  }

  deinit {
    guard settlement != nil else { return }
    ledger.queue.unsafeReentrantWrite { database in
      settlement = nil
      RunLedger.rollBack(database)
    }
  }

  /// Applies judged rows. Any order; some ten thousand at a time are applied fastest.
  ///
  /// - Throws: `LedgerError`. The session must then be abandoned.
  public func apply(_ rows: [SettledRow]) throws(LedgerError) {
    try SQLError.typed("applying results", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { _ in
        try openSettlement.apply(rows)
        log.advance()
      }
    }
  }

  /// Gives the results file the name that it has at last, before the commit.
  ///
  /// - Returns: Whether no file of that name was applied before. If one was, it answers no more than it could then: the
  ///   session must be abandoned, and another one begun under that name.
  /// - Throws: `LedgerError`. The session must then be abandoned.
  public func name(_ file: String) throws(LedgerError) -> Bool {
    try SQLError.typed("naming results", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { _ in try openSettlement.name(file) }
    }
  }

  /// Counts rows that belong to nobody, or came twice.
  public func countStrays(_ count: Int) {
    ledger.queue.writeWithoutTransaction { _ in openSettlement.strayCount += count }
  }

  /// Makes what was applied count: answers wake the items that waited for the same one, the shards end.
  ///
  /// - Parameters:
  ///   - shards: The shards whose results these were: collected, exported or asked one by one.
  ///   - partial: Whether requests without a row keep waiting (an import), or the file goes on. A shard with such requests
  ///     stays exported.
  ///   - now: UTC milliseconds.
  /// - Throws: `LedgerError`; then nothing changed, and the session is over.
  public func commit(
    _ shards: [ShardRecord], partial: IsPartial, now: Int64
  ) throws(LedgerError) {
    try ledger.commit("applying results") { _ in
      // Whether it succeeds or not, its statements end before the transaction does.
      let settlement = openSettlement
      defer { self.settlement = nil }
      try settlement.finish(shards, partial: partial, now: now)
    }
  }

  /// Ends the session without a trace; again, or after `commit`, it does nothing.
  public func abandon() {
    ledger.queue.writeWithoutTransaction { database in
      guard settlement != nil else { return }
      settlement = nil
      RunLedger.rollBack(database)
    }
  }

  private var openSettlement: Settlement {
    guard let settlement else { preconditionFailure("results that were applied are not added to") }
    return settlement
  }
}
