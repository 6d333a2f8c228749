internal import Foundation
internal import GRDB
internal import Records

/// The rows of one results file on their way into the ledger, as one transaction: all of them count, or none.
///
/// Applying a file a second time changes nothing: its shard is settled, and rows are only taken by items that still wait
/// in that shard.
///
/// Sendable because its state is touched only by the ledger's serial database queue, which is its lock.
public final class SettlingSession: @unchecked Sendable {
  let ledger: RunLedger
  let results: Int64
  let file: String
  let firstAttempt: Int64
  private var lastAttempt: Int64
  private var attempts: RowWriter
  var stray = 0

  /// Begins to apply a results file (its path relative to the state folder).
  ///
  /// - Throws: `LedgerError` when the ledger is locked or cannot be written.
  public init(_ ledger: RunLedger, file: String, now: Int64) throws(LedgerError) {
    self.ledger = ledger
    self.file = file
    let start = try SQLError.typed("beginning to apply results", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN IMMEDIATE")
        try database.execute(
          sql: "INSERT INTO results (file, stored_at) VALUES (?, ?)", arguments: [file, now])
        let results = database.lastInsertedRowID
        let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM attempts") ?? 0
        return (results, last, try Self.attemptWriter(database, results))
      }
    }
    results = start.0
    firstAttempt = start.1 + 1
    lastAttempt = start.1
    attempts = start.2
  }

  private static func attemptWriter(_ database: Database, _ results: Int64) throws -> RowWriter {
    try RowWriter(
      database, columns: 10,
      prefix: """
        INSERT INTO attempts (shard_id, item_id, content, plan_id, number, outcome, results_id, row_start,
          row_end, input_tokens, output_tokens, cache_write_tokens, cache_read_tokens, cost_nano, detail)
        SELECT i.shard_id, i.id, i.content, i.plan_id, i.attempt, v.column2, \(results), v.column3,
          v.column4, v.column5, v.column6, v.column7, v.column8, v.column9, v.column10
        FROM (VALUES
        """,
      suffix: ") AS v CROSS JOIN items i ON i.id = v.column1")
  }

  /// Applies judged rows. Any order; some ten thousand at a time are applied fastest.
  ///
  /// - Throws: `LedgerError`. The session must then be abandoned.
  public func apply(_ rows: [SettledRow]) throws(LedgerError) {
    try SQLError.typed("applying results", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { database in
        try insertAttempts(rows, database)
        try storeAnswers(database)
        try moveItems(rows, database)
        lastAttempt = try Int64.fetchOne(database, sql: "SELECT max(id) FROM attempts") ?? 0
      }
    }
  }

  /// Counts rows that belong to nobody, or came twice.
  public func countStrays(_ count: Int) {
    ledger.queue.writeWithoutTransaction { _ in stray += count }
  }

  /// Ends the session without a trace.
  public func abandon() {
    ledger.queue.writeWithoutTransaction { database in
      // Rolling back fails only when SQLite has already rolled back, which is what is wanted.
      try? database.execute(sql: "ROLLBACK")
    }
  }

  private func insertAttempts(_ rows: [SettledRow], _ database: Database) throws {
    for row in rows.sorted(by: { $0.place.order < $1.place.order }) {
      switch row.place {
      case .item(let item):
        try attempts.append(
          .integer(item), .text(row.outcome.rawValue),
          row.row.map { .integer(Int64($0.lowerBound)) } ?? .null,
          row.row.map { .integer(Int64($0.upperBound)) } ?? .null,
          .integer(Int64(row.inputTokens)), .integer(Int64(row.outputTokens)),
          .integer(Int64(row.cacheWriteTokens)), .integer(Int64(row.cacheReadTokens)),
          .integer(row.costNano), row.detail.map(RowValue.text) ?? .null)
      case .attempt(let attempt): try close(attempt, row, database)
      }
    }
    try attempts.flush()
  }

  /// Ends the attempt of an item that wants something else by now.
  private func close(_ attempt: Int64, _ row: SettledRow, _ database: Database) throws {
    try database.cachedStatement(
      sql: """
        UPDATE attempts SET outcome = ?, results_id = ?, row_start = ?, row_end = ?, input_tokens = ?,
          output_tokens = ?, cache_write_tokens = ?, cache_read_tokens = ?, cost_nano = ?, detail = ?
        WHERE id = ?
        """
    ).execute(arguments: [
      row.outcome.rawValue, results, row.row?.lowerBound, row.row?.upperBound, row.inputTokens,
      row.outputTokens, row.cacheWriteTokens, row.cacheReadTokens, row.costNano, row.detail,
      attempt,
    ])
    guard row.outcome == .accepted else { return }
    try database.execute(
      sql: "INSERT OR IGNORE INTO answers SELECT content, plan_id, id FROM attempts WHERE id = ?",
      arguments: [attempt])
  }

  private func storeAnswers(_ database: Database) throws {
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO answers
        SELECT content, plan_id, id FROM attempts WHERE id > ? AND outcome = 'accepted'
        ORDER BY content, plan_id
        """, arguments: [lastAttempt])
    try database.execute(
      sql: """
        UPDATE items SET state = 4 WHERE state = 3 AND id IN
          (SELECT item_id FROM attempts WHERE id > ? AND outcome = 'accepted')
        """, arguments: [lastAttempt])
  }

  private func moveItems(_ rows: [SettledRow], _ database: Database) throws {
    for row in rows {
      guard case .item(let item) = row.place else { continue }
      switch row.verdict {
      case .accept: continue
      case .retry(let attempts):
        try database.cachedStatement(
          sql: "UPDATE items SET state = 2, attempt = attempt + 1 WHERE id = ? AND state = 3 AND attempt < ?"
        ).execute(arguments: [item, attempts])
        if database.changesCount == 0 { try reject(item, row, database) }
      case .reject: try reject(item, row, database)
      }
    }
  }

  /// Rejects an item, and the items that waited for the same answer.
  private func reject(_ item: Int64, _ row: SettledRow, _ database: Database) throws {
    let arguments: StatementArguments = [row.outcome.rawValue, row.detail, item]
    try database.cachedStatement(
      sql: "UPDATE items SET state = 5, reason = ?, detail = ? WHERE id = ? AND state = 3"
    ).execute(arguments: arguments)
    try database.cachedStatement(
      sql: """
        UPDATE items SET state = 5, reason = ?, detail = ? WHERE state = 6
          AND (content, plan_id) = (SELECT content, plan_id FROM items WHERE id = ?)
        """
    ).execute(arguments: arguments)
  }
}

extension ShardRoster.Place {
  /// The order in which rows are applied: that of the table.
  var order: Int64 {
    switch self {
    case .item(let id): id
    case .attempt(let id): -id
    }
  }
}
