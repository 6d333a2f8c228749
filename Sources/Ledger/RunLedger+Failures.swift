internal import Foundation
internal import GRDB

/// A record that did not make it.
public struct Failure: Sendable, Equatable {
  /// The stage.
  public let stage: String
  /// The record's key.
  public let key: [UInt8]
  /// The reason, a kebab-case code.
  public let reason: String
  /// The words behind it.
  public let detail: String?
  /// How many requests were made for it; 0 when it was rejected before it was sent.
  public let attempts: Int
}

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

  /// Puts rejected records back: those that were sent are sent again as a first attempt, the others are judged anew at
  /// the next reading.
  ///
  /// - Returns: How many were put back.
  public func retryFailures(ofStage stage: String?) throws(LedgerError) -> Int {
    try change("putting failures back") { database in
      let condition = "state = 5 AND (?1 IS NULL OR stage_id = (SELECT id FROM stages WHERE name = ?1))"
      try database.execute(
        sql: """
          UPDATE stages SET reading_stamp = NULL, version = version + 1 WHERE id IN (
            SELECT stage_id FROM items WHERE \(condition))
          """, arguments: [stage])
      let count =
        try Int.fetchOne(database, sql: "SELECT count(*) FROM items WHERE \(condition)", arguments: [stage])
        ?? 0
      // An item without a shard was the twin of one that was sent; it waits for that one again.
      try database.execute(
        sql: """
          UPDATE items SET state = iif(shard_id IS NULL, 6, 2), attempt = 1, reason = NULL, detail = NULL
          WHERE \(condition) AND content IS NOT NULL
          """, arguments: [stage])
      return count
    }
  }
}
