internal import GRDB

/// A run as history tells it. Times are UTC milliseconds, money is nano-dollars.
public struct RunHistory: Sendable, Equatable {
  /// What readings of one stage found before the run sent it.
  public struct Changes: Sendable, Equatable {
    /// The stage.
    public let stage: String
    /// New records.
    public let new: Int
    /// Records with another field that the prompt reads.
    public let edited: Int
    /// Records whose template, model, schema or parameters changed.
    public let askedAgain: Int
    /// Records that were put back.
    public let retried: Int
    /// Records whose answer was there already.
    public let reused: Int
    /// Records that kept their answers by policy.
    public let kept: Int
    /// Records that are gone.
    public let removed: Int
    /// All that changed besides the records.
    public let causes: ChangeCauses
  }

  /// Its number in this ledger.
  public let id: Int64
  /// When it had something to send first.
  public let startedAt: Int64
  /// When nothing was left to do; nil while it goes on.
  public let endedAt: Int64?
  /// Batches that were sent.
  public let batches: Int
  /// Requests in them, repeated ones included.
  public let requests: Int
  /// Requests that brought a good answer.
  public let accepted: Int
  /// Requests that did not.
  public let failed: Int
  /// What they cost.
  public let costNano: Int64
  /// What the first requests were expected to cost, low, likely and high; nil when that was not known.
  public let expectedNano: [Int64]?
  /// What changed, by stage.
  public let changes: [Changes]
}

extension RunLedger {
  /// The last runs, newest first.
  ///
  /// - Parameter limit: At most so many.
  /// - Throws: `LedgerError`.
  /// - Returns: The runs; of those before version 5 of the ledger, nothing is known of what changed.
  public func history(limit: Int) throws(LedgerError) -> [RunHistory] {
    try look("reading the history") { database in
      let hasReadings = try database.tableExists("readings")
      return try Row.fetchAll(
        database,
        sql: """
          SELECT r.id, r.started_at, r.ended_at, count(s.remote_id) AS batches,
            coalesce(sum(s.request_count), 0) AS requests,
            coalesce(sum(s.accepted_count), 0) AS accepted,
            coalesce(sum(s.failed_count), 0) AS failed, coalesce(sum(s.cost_nano), 0) AS cost
          FROM runs r LEFT JOIN shards s ON s.run_id = r.id AND s.state NOT IN ('packed', 'discarded')
          GROUP BY r.id ORDER BY r.id DESC LIMIT ?
          """, arguments: [limit]
      ).map { row in
        let changes = hasReadings ? try Self.changes(ofRun: row["id"], database) : ([], nil)
        return RunHistory(
          id: row["id"], startedAt: row["started_at"], endedAt: row["ended_at"],
          batches: row["batches"], requests: row["requests"], accepted: row["accepted"],
          failed: row["failed"], costNano: row["cost"], expectedNano: changes.1,
          changes: changes.0)
      }
    }
  }

  /// What the first requests of a run were expected to cost in nano-dollars: low, likely, high.
  ///
  /// - Parameter run: Its number.
  /// - Returns: Nil when that was not known.
  /// - Throws: `LedgerError`.
  public func expectation(ofRun run: Int64) throws(LedgerError) -> [Int64]? {
    try look("reading what was expected") { database in
      guard try database.tableExists("readings") else { return nil }
      return try Self.changes(ofRun: run, database).1
    }
  }

  private static func changes(
    ofRun run: Int64, _ database: Database
  ) throws -> ([RunHistory.Changes], [Int64]?) {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT s.name, g.* FROM readings g JOIN stages s ON s.id = g.stage_id WHERE g.run_id = ?
        ORDER BY g.stage_id, g.id
        """, arguments: [run])
    var changes: [RunHistory.Changes] = []
    var expected: [Int64]? = [0, 0, 0]
    for row in rows {
      changes.append(RunHistory.Changes(row: row))
      let money: [Int64?] = [row["low_nano"], row["likely_nano"], row["high_nano"]]
      expected = expected.flatMap { sum in
        let known = money.compactMap(\.self)
        return known.count == 3 ? zip(sum, known).map { $0 + $1 } : nil
      }
    }
    return (changes, rows.isEmpty ? nil : expected)
  }
}

extension RunHistory.Changes {
  fileprivate init(row: Row) {
    self.init(
      stage: row["name"], new: row["new_count"], edited: row["edited_count"],
      askedAgain: row["asked_again_count"], retried: row["retried_count"],
      reused: row["reused_count"], kept: row["kept_count"], removed: row["removed_count"],
      causes: ChangeCauses(rawValue: row["causes"]))
  }
}
