internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Records

/// One reading of a stage's source, from the first record to the last, as one transaction: nobody sees it before
/// `commit`, and a kill half-way leaves the reading before.
///
/// Items are compared with the ledger in the order in which they were stored: while the source keeps its order, that
/// is a walk along one cursor; a record that is not where it was is looked up by its key.
///
/// Sendable because its state is touched only by the ledger's serial database queue, which is its lock.
public final class ReadingSession: @unchecked Sendable {
  /// What the reading is for, and its policies.
  public struct Terms: Sendable {
    /// The stage's number.
    public var stage: Int64
    /// The plan's number.
    public var plan: Int64
    /// The provider entry that shards go to.
    public var provider: String
    /// How large shards may be.
    public var limits: ShardLimits
    /// What a second record with the same key means.
    public var onDuplicate: OnDuplicate
    /// Whether answers that were accepted under another template or plan are asked for again.
    public var reask: Reask

    /// Creates terms.
    public init(
      stage: Int64, plan: Int64, provider: String, limits: ShardLimits, onDuplicate: OnDuplicate,
      reask: Reask
    ) {
      self.stage = stage
      self.plan = plan
      self.provider = provider
      self.limits = limits
      self.onDuplicate = onDuplicate
      self.reask = reask
    }
  }

  /// What a second record with the same key means.
  public enum OnDuplicate: Sendable {
    /// The reading stops.
    case error
    /// The first counts, later ones are dropped.
    case first
    /// The last counts, earlier ones are dropped.
    case last
  }

  /// Whether accepted answers are asked for again when not the record but the template or the plan changed.
  public enum Reask: Sendable {
    case allowed
    case withheld
  }

  let ledger: RunLedger
  let terms: Terms
  var cutter: ShardCutter
  var tally = ReadingTally()
  var seenContents = IdentitySet()
  var seenKeys = IdentitySet()
  /// The highest item number before this reading.
  let lastKnownItem: Int64
  var nextItem: Int64
  var walk: ItemWalk
  var inserts: RowWriter
  /// Requests already written to a shard whose record was replaced by a later one of the same key.
  var replaced: [ReplacedRequest] = []
  let hasAnswers: Bool

  /// Begins a reading.
  ///
  /// - Throws: `LedgerError` when the ledger is locked or cannot be written.
  public init(_ ledger: RunLedger, _ terms: Terms) throws(LedgerError) {
    self.ledger = ledger
    self.terms = terms
    let start = try SQLError.typed("beginning the reading", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN IMMEDIATE")
        return try ReadingStart(database, terms)
      }
    }
    lastKnownItem = start.lastItem
    nextItem = start.lastItem + 1
    hasAnswers = start.hasAnswers
    seenContents = start.openContents
    cutter = ShardCutter(limits: terms.limits, firstNumber: start.lastShard + 1)
    walk = start.walk
    inserts = start.inserts
  }

  /// Decides what becomes of each record of a batch. The batch's `decision`s are set when it returns.
  ///
  /// - Throws: `ReadingError.duplicateKey` with the line of the second record, or the ledger's error. The reading
  ///   must then be abandoned.
  public func admit(_ batch: AdmissionBatch) throws {
    try ledger.queue.writeWithoutTransaction { database in
      for position in batch.rows.indices {
        let row = batch.rows[position]
        batch.rows[position].decision = try decide(row, key: batch.key(of: row), in: database)
      }
      // Blobs are bound where they lie in the batch, which goes back to the reader now.
      try inserts.flush()
    }
  }

  /// Ends the reading without a trace.
  public func abandon() {
    ledger.queue.writeWithoutTransaction { database in
      // Rolling back fails only when SQLite has already rolled back, which is what is wanted.
      try? database.execute(sql: "ROLLBACK")
    }
  }
}

/// What stops a reading.
public enum ReadingError: Error, Sendable {
  /// A key stands a second time, at this line.
  case duplicateKey(key: [UInt8], line: Int)
}

/// A request that must not stay in the shard file it was written to.
public struct ReplacedRequest: Sendable {
  /// The shard.
  public let shard: Int64
  /// The record's key.
  public let key: [UInt8]
}

/// What a reading found, by kind of change.
public struct ReadingTally: Sendable, Equatable {
  /// Records that were not there before.
  public var new = 0
  /// Records whose answer, pending or accepted, stays what it is.
  public var unchanged = 0
  /// Records of which a field that the prompt reads changed.
  public var edited = 0
  /// Records that must be asked again because template, model, schema or parameters changed.
  public var reasked = 0
  /// Records that would have to be asked again, but that was not allowed.
  public var withheld = 0
  /// New or changed records whose answer was already in the ledger.
  public var reused = 0
  /// Records rejected before anything was sent.
  public var rejected = 0
  /// Records dropped for a key that stood before.
  public var duplicate = 0
  /// Items whose record is gone.
  public var removed = 0
  /// Requests to send.
  public var toSend = 0

  /// An empty tally.
  public init() {}
}
