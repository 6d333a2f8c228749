internal import GRDB

extension RunLedger {
  /// The run that goes on; nil when none does.
  public func openRun() throws(LedgerError) -> RunRecord? {
    try runs("r.ended_at IS NULL", []).last
  }

  /// The last run, ended or not; nil before the first.
  public func lastRun() throws(LedgerError) -> RunRecord? {
    try runs("r.id = (SELECT max(id) FROM runs)", []).last
  }

  /// A run.
  public func run(_ id: Int64) throws(LedgerError) -> RunRecord? { try runs("r.id = ?", [id]).last }

  /// The run that goes on, begun now when none does.
  ///
  /// - Parameter now: UTC milliseconds.
  /// - Returns: Its number.
  /// - Throws: `LedgerError`.
  public func beginRun(now: Int64) throws(LedgerError) -> Int64 {
    try change("beginning a run") { database in
      let open = try Int64.fetchOne(database, sql: "SELECT id FROM runs WHERE ended_at IS NULL")
      if let open { return open }
      try database.execute(sql: "INSERT INTO runs (started_at) VALUES (?)", arguments: [now])
      let run = database.lastInsertedRowID
      // What was read since the last one is what this one is for.
      try database.execute(
        sql: "UPDATE readings SET run_id = ? WHERE run_id IS NULL", arguments: [run])
      return run
    }
  }

  /// Ends the run that goes on, if one does and nothing of it is at the provider.
  ///
  /// - Parameter now: UTC milliseconds.
  /// - Returns: Its number; nil when no run was ended.
  /// - Throws: `LedgerError`.
  public func endRun(now: Int64) throws(LedgerError) -> Int64? {
    guard let run = try openRun() else { return nil }
    guard try !openShards().contains(where: { $0.run == run.id && $0.state.isAtProvider }) else {
      return nil
    }
    try change("ending a run") { database in
      try database.execute(
        sql: """
          UPDATE runs SET ended_at = ?1, cost_nano = ?2,
            accepted_count = (SELECT coalesce(sum(accepted_count), 0) FROM shards WHERE run_id = ?3),
            rejected_count = (SELECT count(*) FROM items WHERE state = 5 AND shard_id IN
              (SELECT id FROM shards WHERE run_id = ?3))
          WHERE id = ?3
          """, arguments: [now, run.spentNano, run.id])
    }
    return run.id
  }

  private func runs(
    _ condition: String, _ arguments: StatementArguments
  ) throws(LedgerError) -> [RunRecord] {
    try look("reading the runs") { database in
      // A ledger of version 1 that is only looked at is not migrated; it remembers no runs.
      guard try database.columns(in: "shards").contains(where: { $0.name == "run_id" }) else {
        return []
      }
      return try Row.fetchAll(
        database,
        sql: """
          SELECT \(RunRecord.columns) FROM runs r LEFT JOIN shards s ON s.run_id = r.id
          WHERE \(condition) GROUP BY r.id ORDER BY r.id
          """, arguments: arguments
      ).map(RunRecord.init(row:))
    }
  }
}
