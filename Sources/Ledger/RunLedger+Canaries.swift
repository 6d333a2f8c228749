internal import Foundation
internal import GRDB
public import Records

extension RunLedger {
  /// The shards that went first, oldest first.
  public func canaries() throws(LedgerError) -> [CanaryRecord] {
    try look("reading the canaries") { database in
      try Row.fetchAll(database, sql: "SELECT * FROM canaries ORDER BY shard_id")
        .map(CanaryRecord.init(row:))
    }
  }

  /// Whether requests of a plan were ever sent (or exported and answered), canaries aside.
  public func isUsed(plan: Int64) throws(LedgerError) -> Bool {
    try look("looking whether a plan was used") { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM shards WHERE plan_id = ?
            AND state NOT IN ('packed', 'exported', 'discarded')
            AND id NOT IN (SELECT shard_id FROM canaries))
          """, arguments: [plan]) ?? false
    }
  }

  /// Makes a packed shard a canary.
  public func makeCanary(_ shard: ShardRecord, template: ContentHash) throws(LedgerError) {
    try change("choosing what goes first") { database in
      try database.execute(
        sql:
          "INSERT OR IGNORE INTO canaries (shard_id, stage_id, plan_id, template) VALUES (?, ?, ?, ?)",
        arguments: [shard.id, shard.stage, shard.plan, Data(template.bytes)])
    }
  }

  /// Stores what came of a canary.
  public func judge(
    canary shard: Int64, _ verdict: CanaryRecord.Verdict
  ) throws(LedgerError) {
    try change("judging what went first") { database in
      try database.execute(
        sql: "UPDATE canaries SET verdict = ? WHERE shard_id = ?",
        arguments: [verdict.rawValue, shard])
    }
  }

  /// What became of a settled shard's requests, the most frequent outcome first.
  ///
  /// - Parameters:
  ///   - shard: The shard.
  ///   - examples: So many requests of each outcome are told.
  /// - Returns: The outcomes.
  /// - Throws: `LedgerError`.
  public func outcomes(
    ofCanary shard: Int64, examples: Int
  ) throws(LedgerError) -> [CanaryOutcome] {
    try look("reading what became of a shard") { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT outcome, count(*) AS number, sum(cost_nano) AS cost FROM attempts
          WHERE shard_id = ? AND outcome <> 'open' GROUP BY outcome ORDER BY number DESC, outcome
          """, arguments: [shard])
      return try rows.map { row in
        guard let outcome = AttemptOutcome(rawValue: row["outcome"]) else {
          preconditionFailure("the ledger's constraint allows only known outcomes")
        }
        let some = try Row.fetchAll(
          database,
          sql: """
            SELECT i.key, t.detail FROM attempts t JOIN items i ON i.id = t.item_id
            WHERE t.shard_id = ? AND t.outcome = ? ORDER BY t.item_id LIMIT ?
            """, arguments: [shard, outcome.rawValue, examples])
        return CanaryOutcome(
          outcome: outcome, count: row["number"], costNano: row["cost"],
          examples: some.map {
            CanaryOutcome.Example(key: [UInt8]($0["key"] as Data), detail: $0["detail"])
          })
      }
    }
  }
}
