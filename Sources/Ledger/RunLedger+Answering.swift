internal import GRDB

extension RunLedger {
  /// Since when the last `count` accepted answers of a stage are here, in UTC milliseconds: when the oldest of the batches
  /// that brought them was settled; nil when they came without one.
  public func time(ofLast count: Int, inStage stage: Int64) throws(LedgerError) -> Int64? {
    try look("looking for the newest answers") { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT settled_at, accepted_count FROM shards
          WHERE stage_id = ? AND state = 'settled' AND accepted_count > 0 ORDER BY settled_at DESC
          """, arguments: [stage])
      var time: Int64?
      var found = 0
      while found < count, let row = try rows.next() {
        time = row["settled_at"] ?? time
        found += row["accepted_count"] as Int
      }
      return time
    }
  }
}
