internal import GRDB
internal import Records

/// Writes one stage's items.
final class ItemTable {
  private let connection: SQLiteConnection
  private let stage: Int64
  private let inserts: RowWriter<NewItem>
  private let insertRejected: RawStatement
  private let change: RawStatement
  private let fields: RawStatement
  private let leave: RawStatement
  /// Whether all items are this reading's.
  private let isFirst: Bool
  /// Whether the index is made of all keys at once, sorted.
  private var lacksIndex = false
  /// How many items are in each state, by its number, while that is known without looking: this reading stored them all,
  /// and changed none.
  private(set) var stateCounts: [Int]?

  /// Prepares to write.
  ///
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, stage: Int64, plan: Int64) throws {
    self.connection = connection
    self.stage = stage
    isFirst = try !connection.holds("SELECT EXISTS (SELECT 1 FROM items)")
    if isFirst { stateCounts = Array(repeating: 0, count: ItemState.unread.number + 1) }
    let into = """
      INSERT OR ROLLBACK INTO items (id, stage_id, key, content, plan_id, fields, state, shard_id, attempt, reason, detail)
      VALUES
      """
    inserts = try RowWriter(
      connection, prefix: into, list: "(?, \(stage), ?, ?, \(plan), ?, ?, ?, 1, NULL, NULL)")
    insertRejected = try connection.prepare(
      "\(into) (?, \(stage), ?, NULL, NULL, ?, 5, NULL, 1, ?, ?)")
    change = try connection.prepare(
      """
      UPDATE items SET content = ?, plan_id = ?, fields = ?, state = ?, shard_id = ?, attempt = 1,
        reason = ?, detail = ? WHERE id = ?
      """)
    fields = try connection.prepare("UPDATE items SET fields = ? WHERE id = ?")
    leave = try connection.prepare(
      """
      INSERT INTO attempts (shard_id, item_id, content, plan_id, number, outcome)
      SELECT shard_id, id, content, plan_id, attempt, 'open' FROM items WHERE id = ?
      """)
  }

  /// Adds an item. Its key must stay where it is until `flush`.
  ///
  /// - Throws: `DatabaseError`.
  func insert(_ item: Int64, key: UnsafeBufferPointer<UInt8>, _ want: Want) throws {
    stateCounts?[want.state.number] += 1
    if let content = want.content {
      return try inserts.append(
        NewItem(
          id: item, key: key, content: content, fields: want.fields, state: want.state,
          shard: want.shard))
    }
    insertRejected.bind(item, at: 1)
    insertRejected.bind(key, at: 2)
    insertRejected.bind(Int64(bitPattern: want.fields), at: 3)
    insertRejected.bind(want.rejection?.reason, at: 4)
    insertRejected.bind(want.rejection?.detail, at: 5)
    try insertRejected.run()
  }

  /// Writes the items that wait.
  ///
  /// - Throws: `DatabaseError`.
  func flush() throws { try inserts.flush() }

  /// Tells that keys come in no order. While they rise, an index grows at little cost; others cost as much as the row
  /// then, and an index of a whole reading's sorted keys does not.
  ///
  /// - Throws: `DatabaseError`.
  func expectAnyKeys() throws {
    guard isFirst, !lacksIndex else { return }
    try flush()
    try connection.run("DROP INDEX items_by_key")
    lacksIndex = true
  }

  /// Makes items findable by their keys.
  ///
  /// - Throws: `DatabaseError`.
  func makeIndex() throws {
    try flush()
    guard lacksIndex else { return }
    try connection.run("CREATE UNIQUE INDEX items_by_key ON items (stage_id, key)")
    lacksIndex = false
  }

  /// Calls `body` with the key of each item from a number on.
  ///
  /// - Throws: `DatabaseError`.
  func forEachKey(from item: Int64, _ body: (UnsafeBufferPointer<UInt8>) -> Void) throws {
    try flush()
    let keys = try connection.prepare(
      "SELECT key FROM items NOT INDEXED WHERE id >= ? AND stage_id = ?", item, stage)
    while try keys.step() { body(keys.bytes(0)) }
  }

  /// Makes an item want something else.
  ///
  /// - Throws: `DatabaseError`.
  func change(_ item: Int64, to want: Want) throws {
    stateCounts = nil
    change.bind(want.content, at: 1)
    change.bind(want.plan, at: 2)
    change.bind(Int64(bitPattern: want.fields), at: 3)
    change.bind(want.state.rawValue, at: 4)
    change.bind(want.shard, at: 5)
    change.bind(want.rejection?.reason, at: 6)
    change.bind(want.rejection?.detail, at: 7)
    change.bind(item, at: 8)
    try change.run()
  }

  /// Notes that other fields lead to what an item wants already.
  ///
  /// - Throws: `DatabaseError`.
  func setFields(_ hash: UInt64, of item: Int64) throws {
    fields.bind(Int64(bitPattern: hash), at: 1)
    fields.bind(item, at: 2)
    try fields.run()
  }

  /// Keeps what an item waits for as an open attempt: its answer will be stored under its identity.
  ///
  /// - Throws: `DatabaseError`.
  func leaveOpen(_ item: Int64) throws {
    leave.bind(item, at: 1)
    try leave.run()
  }
}

/// A record that was not there before, as a row of the table `items`.
struct NewItem: WritableRow {
  static let valueCount = 6

  let id: Int64
  let key: UnsafeBufferPointer<UInt8>
  let content: ContentHash
  let fields: UInt64
  let state: ItemState
  let shard: Int64?

  func bind(to binder: inout RowBinder) {
    binder.bind(id)
    binder.bind(key)
    binder.bind(content)
    binder.bind(Int64(bitPattern: fields))
    binder.bind(state.rawValue)
    binder.bind(shard)
  }
}
