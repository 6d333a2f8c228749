internal import Foundation
internal import GRDB

extension SettlingSession {
  /// Makes what was applied count: answers wake the items that waited for the same one, the shards end.
  ///
  /// - Parameters:
  ///   - shards: The shards whose results these were.
  ///   - partial: Whether requests without a row keep waiting (an import) instead of being settled already.
  /// - Throws: `LedgerError`; then nothing changed.
  public func commit(
    _ shards: [ShardRecord], partial: IsPartial, now: Int64
  ) throws(LedgerError) {
    try SQLError.typed("applying results", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { database in
        try database.execute(
          sql: """
            UPDATE items SET state = 4 WHERE state = 6 AND EXISTS
              (SELECT 1 FROM answers a WHERE a.content = items.content AND a.plan_id = items.plan_id)
            """)
        try addOutcomes(database)
        for shard in shards { try end(shard, partial, now, database) }
        try database.execute(
          sql: "UPDATE stages SET version = version + 1 WHERE id IN "
            + "(SELECT stage_id FROM shards WHERE id IN (SELECT shard_id FROM attempts WHERE id >= ?))",
          arguments: [firstAttempt])
        try database.execute(sql: "COMMIT")
      }
    }
  }

  /// Whether a results file may cover only a part of its shards' requests.
  public enum IsPartial: Sendable {
    case no
    case yes
  }

  private func addOutcomes(_ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE shards SET
          accepted_count = accepted_count + t.accepted, failed_count = failed_count + t.failed,
          superseded_count = superseded_count + t.superseded,
          input_tokens_used = input_tokens_used + t.input, output_tokens_used = output_tokens_used + t.output,
          cost_nano = shards.cost_nano + t.cost
        FROM (
          SELECT a.shard_id, sum(a.outcome = 'accepted' AND i.state <> 7) AS accepted,
            sum(a.outcome = 'accepted' AND i.state = 7) AS superseded,
            sum(a.outcome <> 'accepted') AS failed,
            sum(a.input_tokens + a.cache_write_tokens + a.cache_read_tokens) AS input,
            sum(a.output_tokens) AS output, sum(a.cost_nano) AS cost
          FROM attempts a JOIN items i ON i.id = a.item_id WHERE a.id >= ?1 GROUP BY a.shard_id
        ) AS t WHERE t.shard_id = shards.id
        """, arguments: [firstAttempt])
    try database.execute(
      sql: """
        UPDATE shards SET superseded_count = superseded_count + t.superseded,
          input_tokens_used = input_tokens_used + t.input, output_tokens_used = output_tokens_used + t.output,
          cost_nano = shards.cost_nano + t.cost
        FROM (
          SELECT shard_id, count(*) AS superseded,
            sum(input_tokens + cache_write_tokens + cache_read_tokens) AS input,
            sum(output_tokens) AS output, sum(cost_nano) AS cost
          FROM attempts WHERE id < ?1 AND results_id = ?2 GROUP BY shard_id
        ) AS t WHERE t.shard_id = shards.id
        """, arguments: [firstAttempt, results])
  }

  private func end(
    _ shard: ShardRecord, _ partial: IsPartial, _ now: Int64, _ database: Database
  ) throws {
    try database.execute(
      sql: "UPDATE shards SET stray_count = stray_count + ? WHERE id = ?",
      arguments: [stray, shard.id])
    if partial == .yes {
      let waits = try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM items WHERE id BETWEEN ? AND ? AND shard_id = ? AND state = 3)
          """, arguments: [shard.items.lowerBound, shard.items.upperBound, shard.id])
      if waits == true { return }
    }
    var lifecycle = ShardLifecycle(shard.state)
    guard lifecycle.handle(shard.state == .exported ? .imported : .applied) != nil else {
      preconditionFailure("results are applied to a shard that is collected or exported")
    }
    try database.execute(
      sql: "UPDATE shards SET state = ?, settled_at = ?, results_file = coalesce(results_file, ?) WHERE id = ?",
      arguments: [lifecycle.state.rawValue, now, file, shard.id])
  }
}
