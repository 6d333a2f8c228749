internal import GRDB

extension RunLedger {
  /// The counts of a stage.
  public func counts(ofStage stage: Int64) throws(LedgerError) -> StageCounts {
    try look("counting") { database in
      var counts = StageCounts()
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT * FROM stages WHERE id = ?", arguments: [stage])
      else { return counts }
      counts.read = row["read_count"]
      counts.filtered = row["filtered_count"]
      counts.skipped = row["skipped_count"]
      counts.duplicate = row["duplicate_count"]
      // One pass without sorting, which GROUP BY would do.
      let states = try SQLiteConnection(database).prepare(
        """
        SELECT count(*), sum(state = 4), sum(state = 5), sum(state = 7)
        FROM items NOT INDEXED WHERE stage_id = ?
        """, stage)
      guard try states.step() else { return counts }
      counts.accepted = Int(states.integer(1))
      counts.rejected = Int(states.integer(2))
      counts.removed = Int(states.integer(3))
      counts.pending =
        Int(states.integer(0)) - counts.accepted - counts.rejected - counts.removed
      return counts
    }
  }

  /// A stage's record; nil for one that was never read.
  public func stage(named name: String) throws(LedgerError) -> StageRecord? {
    try look("reading the stage") { database in
      try Row.fetchOne(database, sql: "SELECT * FROM stages WHERE name = ?", arguments: [name])
        .map(StageRecord.init(row:))
    }
  }

  /// Remembers that a stage was merged.
  public func recordMerge(
    ofStage stage: Int64, stamp: String, at time: Int64
  ) throws(LedgerError) {
    try change("recording the merge") { database in
      try database.execute(
        sql: "UPDATE stages SET merged_stamp = ?, merged_at = ? WHERE id = ?",
        arguments: [stamp, time, stage])
    }
  }

  /// What the stage's requests cost so far, in nano-dollars.
  public func cost(ofStage stage: Int64) throws(LedgerError) -> Int64 {
    try look("adding up the cost") { database in
      try Int64.fetchOne(
        database, sql: "SELECT sum(cost_nano) FROM shards WHERE stage_id = ?", arguments: [stage])
        ?? 0
    }
  }
}
