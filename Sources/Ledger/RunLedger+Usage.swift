internal import GRDB

/// What one request used, beside what was estimated.
public struct UsageSample: Sendable, Equatable {
  /// The stage that asked.
  public let stage: Int64
  /// How it asked.
  public let plan: Int64
  /// The input it was billed for, cached or not.
  public let inputTokens: Int
  /// The high estimate of the input, on the average of its batch.
  public let estimatedTokens: Double
  /// The output it was billed for.
  public let outputTokens: Int
}

extension RunLedger {
  /// So many of the last attempts tell what requests use.
  private static let usageLimit = 5000

  /// What the last requests that were billed used, newest first; of a few thousand at most.
  ///
  /// - Throws: `LedgerError`.
  public func recentUsage() throws(LedgerError) -> [UsageSample] {
    try look("reading what requests used") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT s.stage_id, t.plan_id, t.input_tokens + t.cache_write_tokens + t.cache_read_tokens,
            s.input_tokens * 1.0 / s.request_count, t.output_tokens
          FROM attempts t JOIN shards s ON s.id = t.shard_id
          WHERE t.id > (SELECT max(id) FROM attempts) - ? AND t.output_tokens > 0 AND t.number = 1
          ORDER BY t.id DESC
          """, arguments: [Self.usageLimit]
      ).map { row in
        UsageSample(
          stage: row[0], plan: row[1], inputTokens: row[2], estimatedTokens: row[3],
          outputTokens: row[4])
      }
    }
  }

  /// The plans by number, as their canonical descriptions.
  ///
  /// - Throws: `LedgerError`.
  public func planDescriptions() throws(LedgerError) -> [Int64: String] {
    try look("reading the plans") { database in
      var plans: [Int64: String] = [:]
      let rows = try Row.fetchCursor(database, sql: "SELECT id, description FROM plans")
      while let row = try rows.next() { plans[row[0]] = row[1] }
      return plans
    }
  }
}
