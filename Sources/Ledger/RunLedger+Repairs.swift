internal import Foundation
internal import GRDB

extension RunLedger {
  /// How many answers were accepted after a repair, by stage; stages without any are not in it.
  ///
  /// - Throws: `LedgerError`.
  /// - Complexity: One pass over all attempts.
  public func repairedCounts() throws(LedgerError) -> [String: Int] {
    try look("counting repaired answers") { database in
      var counts: [String: Int] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT s.name, count(*) AS count FROM attempts a
          JOIN shards h ON h.id = a.shard_id JOIN stages s ON s.id = h.stage_id
          WHERE a.outcome = 'accepted' AND a.detail IS NOT NULL GROUP BY s.id
          """)
      while let row = try rows.next() { counts[row["name"]] = row["count"] }
      return counts
    }
  }

  /// Calls `body` for each record of a stage (of all stages when nil) whose answer was accepted after a repair, in the
  /// order of the ledger: those that were asked, not those that share their answers.
  ///
  /// - Throws: `LedgerError`, or what `body` throws as its underlying cause.
  public func forEachRepaired(
    ofStage stage: String?, _ body: (RepairedAnswer) throws -> Void
  ) throws(LedgerError) {
    try look("reading the repaired answers") { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT s.name, i.key, a.detail FROM attempts a
          JOIN items i ON i.id = a.item_id JOIN stages s ON s.id = i.stage_id
          WHERE a.outcome = 'accepted' AND a.detail IS NOT NULL AND (?1 IS NULL OR s.name = ?1)
          ORDER BY i.stage_id, i.id, a.id
          """, arguments: [stage])
      while let row = try rows.next() {
        try body(
          RepairedAnswer(
            stage: row["name"], key: [UInt8](row["key"] as Data), detail: row["detail"]))
      }
    }
  }
}
