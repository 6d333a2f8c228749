internal import Records

/// The stage's known items, found one by one as their records are read; knows which were met.
final class ItemWalk {
  /// What the walk found for a key.
  enum Finding {
    case unknown
    case known(KnownItem)
    /// Its record was met before in this reading.
    case met(KnownItem)
  }

  private let walk: StageWalk<KnownItem>
  private let connection: SQLiteConnection
  private let stage: Int64
  private let last: Int64
  private let isFresh: Bool
  private var met: ItemBits

  /// Begins before a stage's first item.
  ///
  /// - Parameters:
  ///   - connection: The ledger's.
  ///   - stage: The stage's number.
  ///   - last: The highest item number before the reading.
  /// - Throws: `DatabaseError`.
  init(_ connection: SQLiteConnection, stage: Int64, last: Int64) throws {
    self.connection = connection
    self.stage = stage
    self.last = last
    isFresh = try !connection.holds(
      "SELECT EXISTS (SELECT 1 FROM items WHERE stage_id = ?)", stage)
    met = ItemBits(upTo: isFresh ? 0 : last)
    walk = try StageWalk(
      connection, selecting: KnownItem.columns, stage: stage, upTo: last
    ) { KnownItem(id: $0, $1, from: 2) }
  }

  /// Finds the item of a key; it counts as met from now on.
  ///
  /// - Throws: `DatabaseError`.
  func find(_ key: UnsafeBufferPointer<UInt8>) throws -> Finding {
    if isFresh { return .unknown }
    if walk.needsPage { try walk.loadPage() }
    while let next = walk.next, met.contains(next.id) {
      walk.skip()
      if walk.needsPage { try walk.loadPage() }
    }
    if let item = walk.take(key) {
      _ = met.insert(item.id)
      return .known(item)
    }
    guard let found = try walk.lookUp(key) else { return .unknown }
    guard found.id <= last else { return .met(found.entry) }
    try walk.follow(found.id)
    return met.insert(found.id) ? .known(found.entry) : .met(found.entry)
  }

  /// An item as it is now; nil when the stage has none of that key.
  ///
  /// - Throws: `DatabaseError`.
  func current(_ key: UnsafeBufferPointer<UInt8>) throws -> KnownItem? {
    try walk.lookUp(key)?.entry
  }

  /// Calls `body` for each item whose record was not met, removed ones left out.
  ///
  /// - Throws: `DatabaseError`, and what `body` throws.
  func forEachUnmet(_ body: (Int64) throws -> Void) throws {
    if isFresh { return }
    let items = try connection.prepare(
      "SELECT id FROM items NOT INDEXED WHERE stage_id = ? AND id <= ? AND state <> 7",
      stage, last)
    while try items.step() {
      let item = items.integer(0)
      if !met.contains(item) { try body(item) }
    }
  }
}
