internal import GRDB
internal import Records

/// The items that a reading changed, as they were before; in a temporary table, which the disk holds when it is large.
final class OriginalItems {
  private static let columns =
    "content, plan_id, fields, state, shard_id, attempt, reason, detail"

  private let keep: RawStatement
  private let find: RawStatement
  private let restore: RawStatement
  private let rejoin: RawStatement
  private let forget: RawStatement

  /// Prepares the table.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection) throws {
    try connection.run("DROP TABLE IF EXISTS temp.originals")
    try connection.run(
      """
      CREATE TEMP TABLE originals (
        id INTEGER PRIMARY KEY, change INTEGER, key BLOB, content BLOB, plan_id INTEGER, fields INTEGER,
        state INTEGER, shard_id INTEGER, attempt INTEGER, reason TEXT, detail TEXT)
      """)
    keep = try connection.prepare(
      """
      INSERT OR IGNORE INTO temp.originals (id, change, key, \(Self.columns))
      SELECT id, ?2, key, \(Self.columns) FROM items WHERE id = ?1
      """)
    find = try connection.prepare(
      "SELECT i.change, \(KnownItem.columns) FROM temp.originals i WHERE i.id = ?1")
    restore = try connection.prepare(
      """
      UPDATE items SET (\(Self.columns)) = (
        SELECT \(Self.columns) FROM temp.originals o WHERE o.id = items.id) WHERE id = ?1
      """)
    rejoin = try connection.prepare(
      "DELETE FROM attempts WHERE item_id = ?1 AND shard_id = ?2 AND outcome = 'open'")
    forget = try connection.prepare("DELETE FROM temp.originals WHERE id = ?1")
  }

  /// Keeps an item before it is changed for the first time.
  ///
  /// - Throws: `DatabaseError`.
  func keep(_ item: Int64, _ change: ItemChange) throws {
    keep.bind(item, at: 1)
    keep.bind(change.code, at: 2)
    try keep.run()
  }

  /// An item as it was, and why it was changed; nil when it was not.
  ///
  /// - Throws: `DatabaseError`.
  func original(of item: Int64) throws -> (item: KnownItem, change: ItemChange)? {
    find.bind(item, at: 1)
    defer { find.reset() }
    guard try find.step() else { return nil }
    return (KnownItem(id: item, find, from: 1), ItemChange(stored: find.integer(0)))
  }

  /// Makes an item again what it was, as if it had not been changed; it waits again for what it was waiting for.
  ///
  /// - Throws: `DatabaseError`.
  func restore(_ item: KnownItem) throws {
    restore.bind(item.id, at: 1)
    try restore.run()
    forget.bind(item.id, at: 1)
    try forget.run()
    guard item.state == .packed, let shard = item.shard else { return }
    rejoin.bind(item.id, at: 1)
    rejoin.bind(shard, at: 2)
    try rejoin.run()
  }
}
