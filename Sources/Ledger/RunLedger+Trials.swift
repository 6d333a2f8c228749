internal import Foundation
internal import GRDB
public import Records

extension RunLedger {
  /// Whether each identity has an answer, and where it lies.
  ///
  /// - Parameters:
  ///   - contents: The content halves.
  ///   - plan: The plan half.
  /// - Returns: One place for each; nil where there is no answer.
  /// - Throws: `LedgerError`.
  public func answers(
    to contents: [ContentHash], plan: Int64
  ) throws(LedgerError) -> [AnswerPlace?] {
    try look("looking for answers") { database in
      try contents.map { content in
        let row = try Row.fetchOne(
          database,
          sql: """
            SELECT t.results_id, t.row_start, t.row_end FROM answers a JOIN attempts t ON t.id = a.attempt_id
            WHERE a.plan_id = ? AND a.content = ?
            """, arguments: [plan, Data(content.bytes)])
        return row.map { row in
          let (start, end): (Int, Int) = (row["row_start"], row["row_end"])
          return AnswerPlace(results: row["results_id"], row: start..<end)
        }
      }
    }
  }

  /// Commits the intent to ask for a trial's answers, in one transaction; its number is the one that `nextShardNumber` told.
  ///
  /// - Returns: The shard, being asked.
  /// - Throws: `LedgerError`; then nothing changed.
  public func beginTrial(_ trial: TrialShard, now: Int64) throws(LedgerError) -> ShardRecord {
    let number = try change("beginning a trial") { database in
      try database.execute(
        sql: """
          INSERT INTO shards (stage_id, plan_id, provider, state, file, wave, request_count, byte_count,
            input_tokens, first_item, last_item, intent_at, results_file, run_id, reserved_nano, worst_nano, lane)
          VALUES (?, ?, ?, 'asking', ?, 1, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, 'concurrent')
          """,
        arguments: [
          trial.stage, trial.plan, trial.provider, trial.file, trial.contents.count,
          trial.byteCount, trial.inputTokens, now, trial.resultsFile, trial.run,
          trial.reservedNano, trial.worstNano,
        ])
      return database.lastInsertedRowID
    }
    guard let shard = try shard(number) else {
      preconditionFailure("a shard that was stored is there")
    }
    return shard
  }

  /// Makes a trial's judged rows count: their answers are those of every item that waits for them and was not sent.
  ///
  /// - Parameters:
  ///   - shard: The trial's shard.
  ///   - trial: What was asked.
  ///   - rows: What came, its places those of `ShardRoster(trial:)`.
  ///   - now: UTC milliseconds.
  /// - Throws: `LedgerError`; then nothing changed.
  public func settle(
    _ shard: ShardRecord, of trial: TrialShard, _ rows: [SettledRow], now: Int64
  ) throws(LedgerError) {
    try change("ending a trial") { database in
      let connection = SQLiteConnection(database)
      let results = try Settlement.number(of: trial.resultsFile, now: now, connection)
      for row in rows { try Self.store(row, of: shard, trial, results, database) }
      let wanted = """
        (state IN (2, 6, 8) OR state = 3 AND shard_id IN (SELECT id FROM shards WHERE state = 'packed'))
        AND (plan_id, content) IN (
          SELECT plan_id, content FROM attempts WHERE shard_id = \(shard.id) AND outcome = 'accepted')
        """
      try connection.run(
        """
        UPDATE stages SET version = version + 1 WHERE id IN (SELECT stage_id FROM items WHERE \(wanted))
        """)
      try connection.run("UPDATE items SET state = 4 WHERE \(wanted)")
      try connection.run(
        """
        UPDATE shards SET state = 'settled', settled_at = ?2,
          accepted_count = (SELECT count(*) FROM attempts WHERE shard_id = ?1 AND outcome = 'accepted'),
          failed_count = (SELECT count(*) FROM attempts WHERE shard_id = ?1 AND outcome <> 'accepted'),
          (input_tokens_used, output_tokens_used, cost_nano) = (
            SELECT coalesce(sum(input_tokens + cache_write_tokens + cache_read_tokens), 0),
              coalesce(sum(output_tokens), 0), coalesce(sum(cost_nano), 0)
            FROM attempts WHERE shard_id = ?1) WHERE id = ?1
        """, shard.id, now)
    }
  }

  private static func store(
    _ row: SettledRow, of shard: ShardRecord, _ trial: TrialShard, _ results: Int64,
    _ database: Database
  ) throws {
    guard case .item(let number) = row.place else {
      preconditionFailure("nothing of a trial was sent before it")
    }
    let content = Data(trial.contents[Int(number) - 1].bytes)
    try database.execute(
      sql: """
        INSERT INTO attempts (shard_id, item_id, content, plan_id, number, outcome, results_id, row_start,
          row_end, input_tokens, output_tokens, cache_write_tokens, cache_read_tokens, cost_nano, detail)
        VALUES (?, 0, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        shard.id, content, trial.plan, row.outcome.rawValue, results, row.row?.lowerBound,
        row.row?.upperBound, row.inputTokens, row.outputTokens, row.cacheWriteTokens,
        row.cacheReadTokens, row.costNano, row.detail,
      ])
    guard row.outcome == .accepted else { return }
    try database.execute(
      sql: "INSERT OR IGNORE INTO answers VALUES (?, ?, ?)",
      arguments: [trial.plan, content, database.lastInsertedRowID])
  }
}
