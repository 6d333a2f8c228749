internal import GRDB
internal import Records

/// The items of a stage in the order in which they were stored, walked along with a source.
///
/// While the source keeps that order, every key is the next one, and items are read in pages without a look-up. A key that
/// is not the next is looked up; the walk then goes on behind it when the source seems to have moved there.
final class StageWalk<Entry> {
  typealias Found = WalkPage<Entry>.Found

  private static var pageSize: Int64 { 256 }
  /// Items so near ahead are stepped over rather than looked for anew.
  private static var strideLimit: Int64 { 256 }

  private let stage: Int64
  private let last: Int64
  private let page: RawStatement
  private let byKey: RawStatement
  private let read: (_ item: Int64, _ row: RawStatement) throws -> Entry

  private let loaded = WalkPage<Entry>()
  private var position = 0
  private var isAtEnd = false
  private var lastLookedUp: Int64 = -1

  /// Begins before a stage's first item.
  ///
  /// - Parameters:
  ///   - connection: The ledger's.
  ///   - columns: What to select besides `i.id` and `i.key`; the first has index 2.
  ///   - stage: The stage's number.
  ///   - last: The highest item number to walk to.
  ///   - read: Makes an entry of a row.
  /// - Throws: `DatabaseError` when the statements are wrong.
  init(
    _ connection: SQLiteConnection, selecting columns: String,
    stage: Int64, upTo last: Int64,
    read: @escaping (_ item: Int64, _ row: RawStatement) throws -> Entry
  ) throws {
    self.stage = stage
    self.last = last
    self.read = read
    page = try connection.prepare(
      """
      SELECT i.id, i.key, \(columns) FROM items i NOT INDEXED
      WHERE i.stage_id = ?1 AND i.id > ?2 AND i.id <= ?3 ORDER BY i.id LIMIT ?4
      """)
    byKey = try connection.prepare(
      "SELECT i.id, i.key, \(columns) FROM items i WHERE i.stage_id = ?1 AND i.key = ?2")
    page.bind(stage, at: 1)
    page.bind(last, at: 3)
    page.bind(Self.pageSize, at: 4)
    byKey.bind(stage, at: 1)
  }

  /// Whether the next item is not in memory.
  var needsPage: Bool { position == loaded.found.count && !isAtEnd }

  /// The next item.
  ///
  /// A page must have been loaded when one was needed.
  var next: Found? { position < loaded.found.count ? loaded.found[position] : nil }

  /// Steps over the next item.
  func skip() { position += 1 }

  /// The next item, if it has this key; the walk then steps over it.
  ///
  /// Nil also when a page must be loaded first.
  func take(_ key: UnsafeBufferPointer<UInt8>) -> Entry? {
    guard position < loaded.found.count, loaded.hasKey(key, at: position) else { return nil }
    position += 1
    return loaded.found[position - 1].entry
  }

  /// Reads the next items into memory.
  ///
  /// - Throws: `DatabaseError`.
  func loadPage() throws { try load(after: loaded.found.last?.id ?? 0) }

  private func load(after item: Int64) throws {
    position = 0
    try load(loaded, after: item)
    isAtEnd = loaded.found.count < Int(Self.pageSize)
  }

  /// Fills a page with the items behind one; it stays empty at the end.
  ///
  /// - Throws: `DatabaseError`.
  func load(_ filled: WalkPage<Entry>, after item: Int64) throws {
    filled.removeAll()
    page.bind(item, at: 2)
    defer { page.reset() }
    while try page.step() {
      let id = page.integer(0)
      try filled.append(id, key: page.bytes(1), read(id, page))
    }
  }

  /// Finds the item of a key, wherever the walk is; nil when there is none.
  ///
  /// - Throws: `DatabaseError`.
  func lookUp(_ key: UnsafeBufferPointer<UInt8>) throws -> Found? {
    byKey.bind(key, at: 2)
    defer { byKey.reset() }
    guard try byKey.step() else { return nil }
    let id = byKey.integer(0)
    return Found(id: id, entry: try read(id, byKey))
  }

  /// Goes on behind an item that was looked up, if the source seems to go on there.
  ///
  /// - Throws: `DatabaseError`.
  func follow(_ item: Int64) throws {
    let isRun = item == lastLookedUp + 1
    lastLookedUp = item
    if let next, next.id <= item, item - next.id <= Self.strideLimit {
      while let next = self.next, next.id <= item { position += 1 }
      if needsPage { try load(after: max(item, loaded.found.last?.id ?? 0)) }
    } else if isRun, item <= last {
      try load(after: item)
    }
  }
}
