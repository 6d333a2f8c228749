internal import GRDB
public import Records

/// One reading of a stage's source, from the first record to the last, as one transaction: nobody sees it before
/// `commit`, and a kill half-way leaves the reading before.
///
/// Items are compared with the ledger in the order in which they were stored: while the source keeps its order, that
/// is a walk along one cursor; a record that is not where it was is looked up by its key.
///
/// A session that is let go of without `commit` leaves no trace. While one is open, the ledger cannot be changed in any
/// other way.
///
/// Sendable because its state is touched only under the ledger's serial database queue, which is its lock.
public final class ReadingSession: @unchecked Sendable {
  private let ledger: RunLedger
  /// Nil once the transaction is over.
  private var admission: Admission?
  private let log: GrowingLog

  /// Begins a reading.
  ///
  /// - Throws: `LedgerError` when the ledger is locked or cannot be written.
  public init(_ ledger: RunLedger, _ terms: Terms) throws(LedgerError) {
    self.ledger = ledger
    log = GrowingLog(ofLedger: ledger.path)
    admission = try ledger.begin("beginning the reading") { database in
      try Admission(SQLiteConnection(database), terms)
    }
  }

  deinit {
    guard admission != nil else { return }
    ledger.queue.unsafeReentrantWrite { database in
      admission = nil
      RunLedger.rollBack(database)
    }
  }

  /// Decides what becomes of each record of a batch. The batch's `decision`s are set when it returns.
  ///
  /// - Throws: `ReadingError.duplicateKey` with the line of the second record, or `LedgerError`. The reading must
  ///   then be abandoned.
  public func admit(_ batch: AdmissionBatch) throws {
    do {
      try ledger.queue.writeWithoutTransaction { _ in
        let admission = openAdmission
        for position in batch.rows.indices {
          let row = batch.rows[position]
          batch.rows[position].decision = try admission.decide(row, key: batch.key(of: row))
          batch.rows[position].finding = admission.finding
        }
        // Keys are bound where they lie in the batch, which goes back to the reader now.
        try admission.table.flush()
        log.advance()
      }
    } catch let error as ReadingError {
      throw error
    } catch {
      try SQLError.typed("reading the source", at: ledger.path) { throw error }
    }
  }

  /// Tells that every record was admitted, so that what `commit` needs of them all is made ready meanwhile. May be
  /// left out.
  ///
  /// - Throws: `LedgerError`. The reading must then be abandoned.
  public func endSource() throws(LedgerError) {
    try SQLError.typed("reading the source", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { _ in try openAdmission.table.makeIndex() }
    }
  }

  /// The shards the reading filled, in order, with the requests that must be taken out of their files first.
  public var shards: (drafts: [ShardDraft], replaced: [ReplacedRequest]) {
    ledger.queue.writeWithoutTransaction { _ in
      (openAdmission.cutter.drafts, openAdmission.replaced)
    }
  }

  /// The number of the first shard the reading fills.
  public var firstShard: Int64 {
    ledger.queue.writeWithoutTransaction { _ in openAdmission.cutter.firstNumber }
  }

  /// What the reading changed so far.
  public var soFar: ReadingTally {
    ledger.queue.writeWithoutTransaction { _ in openAdmission.tally }
  }

  /// Makes the reading the stage's wish: items of records that are gone are removed, the shards exist.
  ///
  /// - Parameters:
  ///   - written: The shards, whose files are complete and synced. Those without a request are left out.
  ///   - state: `.packed` for a run, `.exported` for an export.
  ///   - counts: What the reader counted outside the items.
  ///   - stamp: What the reading was of: while it stays the same, nothing is read again. Not stored when
  ///     answers were withheld, or when items wait for another reading (`ItemState.unread`).
  ///   - template: The templates' hash.
  ///   - reads: Which fields the records' hashes are over; nil leaves that unsaid.
  ///   - judging: How answers are judged; nil leaves that unsaid.
  ///   - watermark: Up to where the source was read. Not stored while something of it has to be read again; nil leaves that
  ///     unsaid.
  ///   - estimate: What its requests are expected to use.
  /// - Returns: What changed.
  /// - Throws: `LedgerError`; then nothing changed, and the session is over.
  public func commit(
    _ written: [WrittenShard], as state: ShardState, counts: Counts, stamp: String,
    template: ContentHash, reads: String? = nil, judging: String? = nil,
    watermark: String? = nil, estimate: ReadingEstimate = ReadingEstimate()
  ) throws(LedgerError) -> ReadingTally {
    try ledger.commit("ending the reading") { _ in
      // Whether it succeeds or not, its statements end before the transaction does.
      let admission = openAdmission
      defer { self.admission = nil }
      return try admission.finish(
        written, as: state, counts: counts,
        Admission.Wish(
          stamp: stamp, template: template, reads: reads, judging: judging,
          watermark: watermark, estimate: estimate))
    }
  }

  /// Ends the session without a trace; again, or after `commit`, it does nothing.
  public func abandon() {
    ledger.queue.writeWithoutTransaction { database in
      guard admission != nil else { return }
      admission = nil
      RunLedger.rollBack(database)
    }
  }

  private var openAdmission: Admission {
    guard let admission else { preconditionFailure("a reading that has ended is not used again") }
    return admission
  }
}
