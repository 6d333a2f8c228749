internal import Foundation
internal import GRDB

extension RunLedger {
  /// Calls `body` for each rejected record of a stage (of all stages when nil), in the order of the ledger.
  ///
  /// - Throws: `LedgerError`, or what `body` throws as its underlying cause.
  public func forEachFailure(
    ofStage stage: String?, _ body: (Failure) throws -> Void
  ) throws(LedgerError) {
    try look("reading the failures") { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT s.name, i.key, i.reason, i.detail, i.attempt, i.shard_id FROM items i
          JOIN stages s ON s.id = i.stage_id
          WHERE i.state = 5 AND (?1 IS NULL OR s.name = ?1) ORDER BY i.stage_id, i.id
          """, arguments: [stage])
      while let row = try rows.next() {
        let wasSent = (row["shard_id"] as Int64?) != nil
        try body(
          Failure(
            stage: row["name"], key: [UInt8](row["key"] as Data), reason: row["reason"],
            detail: row["detail"], attempts: wasSent ? row["attempt"] : 0))
      }
    }
  }

  /// Puts rejected records back: those that were sent are sent again as a first attempt, the others are judged anew by
  /// the next reading. Where the ledger has the answer by now, it is taken.
  ///
  /// - Parameter stage: The stage's name; all stages when nil.
  /// - Returns: How many were put back.
  /// - Throws: `LedgerError`; then nothing changed.
  @discardableResult
  public func retryFailures(ofStage stage: String?) throws(LedgerError) -> Int {
    try change("putting failures back") { database in
      let rejected =
        "state = 5 AND (?1 IS NULL OR stage_id = (SELECT id FROM stages WHERE name = ?1))"
      func putBack(as state: ItemState, where condition: String) throws -> Int {
        try database.execute(
          sql: """
            UPDATE items SET state = \(state.rawValue), attempt = 1, reason = NULL, detail = NULL
            WHERE \(rejected) AND \(condition)
            """, arguments: [stage])
        return database.changesCount
      }
      try database.execute(
        sql: """
          UPDATE stages SET reading_stamp = NULL, version = version + 1
          WHERE id IN (SELECT stage_id FROM items WHERE \(rejected))
          """, arguments: [stage])
      let count =
        try putBack(as: .accepted, where: Self.isAnswered)
        + putBack(as: .pending, where: "content IS NOT NULL AND shard_id IS NOT NULL")
        + putBack(as: .twin, where: "content IS NOT NULL")
        + putBack(as: .unread, where: "TRUE")
      try OrphanedTwins.wake(SQLiteConnection(database))
      return count
    }
  }

  private static let isAnswered = """
    EXISTS (SELECT 1 FROM answers a WHERE a.plan_id = items.plan_id AND a.content = items.content)
    """
}
