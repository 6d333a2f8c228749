internal import GRDB
internal import GRDBSQLite
internal import Records

/// An item as the ledger had it before a reading.
struct KnownItem {
  let id: Int64
  let content: ContentHash?
  let plan: Int64
  let fields: UInt64
  let state: ItemState
  let shard: Int64?
  let reason: String?

  /// Whether the record must be asked for anew although it is the same: it was gone, or its request line is.
  var wantsRequest: Bool { state == .removed || (state == .pending && shard == nil) }
}

/// The stage's known items in the order in which they were stored, walked along with the source.
final class ItemWalk {
  private static let columns = "id, key, content, plan_id, fields, state, shard_id, reason"
  private let cursor: RowCursor
  private let byKey: RowCursor
  private let stage: Int64
  private let lastItem: Int64
  private var hasCurrent = false
  private var isAtEnd = false
  /// Items the walk passed without meeting their record; kept in a temporary table.
  private var unseen: Set<Int64> = []

  init(_ database: Database, stage: Int64, lastItem: Int64) throws {
    self.stage = stage
    self.lastItem = lastItem
    cursor = try RowCursor(
      database,
      "SELECT \(Self.columns) FROM items NOT INDEXED WHERE stage_id = ? AND id <= ? ORDER BY id",
      stage, lastItem)
    byKey = try RowCursor(
      database, "SELECT \(Self.columns) FROM items WHERE stage_id = ? AND key = ?")
  }

  /// Whether the stage had no items: then nothing needs to be looked up.
  var isFinished: Bool { isAtEnd && unseen.isEmpty }

  /// What the walk found for a key.
  enum Finding {
    case unknown
    case known(KnownItem)
    /// Its record was met before in this reading.
    case met(KnownItem)
  }

  /// Finds the item of a key.
  func find(_ key: UnsafeBufferPointer<UInt8>) throws -> Finding {
    if !hasCurrent, !isAtEnd { try moveOn() }
    if hasCurrent, cursor.bytes(1).elementsEqual(key) {
      hasCurrent = false
      return .known(item(cursor))
    }
    if isAtEnd, unseen.isEmpty, lastItem == 0 { return .unknown }
    return try lookUp(key)
  }

  /// The items whose record was never met.
  func remaining() throws -> [Int64] {
    if !hasCurrent, !isAtEnd { try moveOn() }
    var ids = unseen
    while hasCurrent {
      ids.insert(cursor.integer(0))
      try moveOn()
    }
    return ids.sorted()
  }

  /// Finds the item of a key in the table, wherever the walk is.
  func lookUp(_ key: UnsafeBufferPointer<UInt8>) throws -> Finding {
    byKey.reset()
    byKey.bind(stage, at: 1)
    byKey.bind(key, at: 2)
    defer { byKey.reset() }
    guard try byKey.step() else { return .unknown }
    let found = item(byKey)
    if found.id > lastItem { return .met(found) }
    if unseen.remove(found.id) != nil { return .known(found) }
    guard hasCurrent, cursor.integer(0) <= found.id else { return .met(found) }
    while hasCurrent, cursor.integer(0) < found.id {
      unseen.insert(cursor.integer(0))
      try moveOn()
    }
    hasCurrent = false
    return .known(found)
  }

  private func moveOn() throws {
    hasCurrent = try cursor.step()
    isAtEnd = !hasCurrent
  }

  private func item(_ row: RowCursor) -> KnownItem {
    guard let state = ItemState(rawValue: row.integer(5)) else {
      preconditionFailure("the ledger's constraint allows only known states")
    }
    return KnownItem(
      id: row.integer(0), content: row.hash(2), plan: row.integer(3),
      fields: UInt64(bitPattern: row.integer(4)), state: state, shard: row.optionalInteger(6),
      reason: row.text(7))
  }
}
