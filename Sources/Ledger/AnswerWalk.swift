internal import GRDB
internal import GRDBSQLite
internal import Records

/// What the ledger has for a record's key.
public struct KeptAnswer: Sendable, Equatable {
  /// The item's number.
  public let item: Int64
  /// How far the item is.
  public let state: ItemState
  /// The hash of the fields that key and templates read when the record was admitted.
  public let fields: UInt64
  /// Where the accepted answer lies.
  public let place: AnswerPlace?
  /// Why the item was rejected.
  public let reason: String?
}

/// Where a raw answer lies.
public struct AnswerPlace: Sendable, Equatable {
  /// The results file's number; `RunLedger.resultsFiles` has its path.
  public let results: Int64
  /// The row's bytes in it.
  public let row: Range<Int>
}

/// The answers of a stage, looked up key by key, fastest in the order in which the items were stored.
///
/// Sendable because one task at a time uses it, through the ledger's serial database queue, which is its lock.
public final class AnswerWalk: @unchecked Sendable {
  private static let query = """
    SELECT i.id, i.key, i.state, i.fields, t.results_id, t.row_start, t.row_end, i.reason
    FROM items i LEFT JOIN answers a ON a.content = i.content AND a.plan_id = i.plan_id AND i.state = 4
    LEFT JOIN attempts t ON t.id = a.attempt_id
    WHERE i.stage_id = ?1
    """
  private let ledger: RunLedger
  private let stage: Int64
  private let cursor: RowCursor
  private let byKey: RowCursor
  private var hasCurrent = false
  private var isAtEnd = false

  /// Begins a walk over a stage's items.
  ///
  /// - Throws: `LedgerError`.
  public init(_ ledger: RunLedger, stage: Int64) throws(LedgerError) {
    self.ledger = ledger
    self.stage = stage
    let cursors = try SQLError.typed("reading answers", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { database in
        (
          try RowCursor(database, "\(Self.query) ORDER BY i.id", stage),
          try RowCursor(database, "\(Self.query) AND i.key = ?2", stage)
        )
      }
    }
    (cursor, byKey) = cursors
  }

  /// What the ledger has for each of some keys (laid end to end in `keys`); nil for one it does not know.
  ///
  /// - Throws: `LedgerError`.
  public func find(
    _ ranges: [Range<Int>], in keys: UnsafeBufferPointer<UInt8>
  ) throws(LedgerError) -> [KeptAnswer?] {
    try SQLError.typed("reading answers", at: ledger.path) {
      try ledger.queue.writeWithoutTransaction { _ in
        try ranges.map { try find(UnsafeBufferPointer(rebasing: keys[$0])) }
      }
    }
  }

  private func find(_ key: UnsafeBufferPointer<UInt8>) throws -> KeptAnswer? {
    if !hasCurrent, !isAtEnd { try moveOn() }
    if hasCurrent, cursor.bytes(1).elementsEqual(key) {
      defer { hasCurrent = false }
      return answer(cursor)
    }
    byKey.reset()
    byKey.bind(stage, at: 1)
    byKey.bind(key, at: 2)
    defer { byKey.reset() }
    guard try byKey.step() else { return nil }
    let found = answer(byKey)
    // Catch up over removed items, so that the walk goes on in step behind them.
    while hasCurrent, cursor.integer(0) < found.item { try moveOn() }
    if hasCurrent, cursor.integer(0) == found.item { hasCurrent = false }
    return found
  }

  private func moveOn() throws {
    hasCurrent = try cursor.step()
    isAtEnd = !hasCurrent
  }

  private func answer(_ row: RowCursor) -> KeptAnswer {
    guard let state = ItemState(rawValue: row.integer(2)) else {
      preconditionFailure("the ledger's constraint allows only known states")
    }
    var place: AnswerPlace?
    if let results = row.optionalInteger(4), let start = row.optionalInteger(5) {
      place = AnswerPlace(results: results, row: Int(start)..<Int(row.integer(6)))
    }
    return KeptAnswer(
      item: row.integer(0), state: state, fields: UInt64(bitPattern: row.integer(3)), place: place,
      reason: row.text(7))
  }
}

extension RunLedger {
  /// The results files by number, as paths relative to the state folder.
  public func resultsFiles() throws(LedgerError) -> [Int64: String] {
    try look("reading the results files") { database in
      var files: [Int64: String] = [:]
      let rows = try Row.fetchCursor(database, sql: "SELECT id, file FROM results")
      while let row = try rows.next() { files[row["id"]] = row["file"] }
      return files
    }
  }
}
