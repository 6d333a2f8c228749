internal import GRDB
public import Records

extension RunLedger {
  /// A request that is to be made again.
  public struct WaitingRequest: Sendable {
    /// The item.
    public let item: Int64
    /// Which attempt comes next: 1 for a request that was never sent.
    public let attempt: Int
    /// How the attempt before ended; nil when there was none.
    public let failure: FailedAttempt?
  }

  /// An attempt that brought no good answer.
  public struct FailedAttempt: Sendable {
    /// The attempt.
    public let id: Int64
    /// How it ended.
    public let outcome: AttemptOutcome
    /// Where its row lies; nil when there is none.
    public let row: AnswerPlace?
  }

  /// The shards whose files have the requests of a stage that wait to be made again, oldest first.
  ///
  /// - Throws: `LedgerError`.
  public func shardsToRepeat(ofStage stage: Int64) throws(LedgerError) -> [ShardRecord] {
    try shards(
      "id IN (SELECT shard_id FROM items WHERE stage_id = ?1 AND state = 2)", [stage])
  }

  /// What waits to be made again of a shard's requests, by the hash of their custom_id.
  ///
  /// - Parameters:
  ///   - shard: The shard whose file has them.
  ///   - customID: The hash of the custom_id that a key's request has.
  /// - Returns: All of them, in memory: about 100 bytes a request.
  /// - Throws: `LedgerError`.
  public func waitingRequests(
    of shard: ShardRecord, customID: (UnsafeBufferPointer<UInt8>) -> ContentHash
  ) throws(LedgerError) -> [ContentHash: WaitingRequest] {
    try look("reading what waits") { database in
      let rows = try SQLiteConnection(database).prepare(
        """
        SELECT i.id, i.key, i.attempt, t.id, t.outcome, t.results_id, t.row_start, t.row_end FROM items i
        LEFT JOIN attempts t ON t.id = (
          SELECT max(id) FROM attempts WHERE item_id = i.id AND outcome <> 'accepted'
            AND shard_id = i.shard_id AND i.attempt > 1)
        WHERE i.id BETWEEN ? AND ? AND i.shard_id = ? AND i.state = 2
        """, shard.items.lowerBound, shard.items.upperBound, shard.id)
      var waiting: [ContentHash: WaitingRequest] = [:]
      while try rows.step() {
        waiting[customID(rows.bytes(1))] = WaitingRequest(
          item: rows.integer(0), attempt: Int(rows.integer(2)), failure: FailedAttempt(rows))
      }
      return waiting
    }
  }

  /// The checker's or the provider's words on a failed attempt.
  ///
  /// - Throws: `LedgerError`.
  public func words(on attempt: FailedAttempt) throws(LedgerError) -> String? {
    try look("reading an attempt") { database in
      try String.fetchOne(
        database, sql: "SELECT detail FROM attempts WHERE id = ?", arguments: [attempt.id])
    }
  }

  /// Rejects items that wait, for what their last attempts ended with: asking again would change nothing.
  ///
  /// - Parameter requests: What is given up, with words on why.
  /// - Throws: `LedgerError`; then nothing changed.
  public func giveUp(
    _ requests: [(request: WaitingRequest, detail: String)]
  ) throws(LedgerError) {
    try change("rejecting records") { database in
      let connection = SQLiteConnection(database)
      let reject = try connection.prepare(
        """
        UPDATE items SET state = 5, attempt = attempt - 1, reason = ?2, detail = ?3
        WHERE id = ?1 AND state = 2
        """)
      let version = try connection.prepare(
        """
        UPDATE stages SET version = version + 1 WHERE id IN (SELECT stage_id FROM items WHERE id = ?)
        """)
      let twins = try TwinRejection(connection)
      for (request, detail) in requests {
        guard let failure = request.failure else {
          preconditionFailure("only what failed is given up")
        }
        reject.bind(request.item, at: 1)
        reject.bind(failure.outcome.rawValue, at: 2)
        reject.bind(detail, at: 3)
        guard try reject.run() > 0 else { continue }
        try twins.reject(asAttempt: failure.id)
        version.bind(request.item, at: 1)
        try version.run()
      }
    }
  }
}

extension RunLedger.FailedAttempt {
  /// Reads the part of a row that begins at column 3; nil when there was no attempt.
  fileprivate init?(_ row: RawStatement) {
    guard let id = row.optionalInteger(3),
      let outcome = row.text(4).flatMap(AttemptOutcome.init(rawValue:))
    else { return nil }
    self.id = id
    self.outcome = outcome
    if let results = row.optionalInteger(5), let start = row.optionalInteger(6) {
      self.row = AnswerPlace(results: results, row: Int(start)..<Int(row.integer(7)))
    } else {
      self.row = nil
    }
  }
}
