internal import GRDB
public import Records

/// Who waits for the rows of a shard (or of several, for an import): custom_id → item, in an open table of 64-bit
/// hashes, about 20 bytes a request.
public struct ShardRoster: Sendable {
  /// Who waits for a row.
  public enum Place: Sendable, Equatable {
    /// An item that still wants what was asked.
    case item(Int64)
    /// The open attempt of an item that wants something else by now.
    case attempt(Int64)
  }

  private var hashes: [UInt64]
  private var places: [Int64]
  private var isSeen: [Bool]
  /// The number of requests.
  public private(set) var count = 0

  init() {
    hashes = Array(repeating: 0, count: 64)
    places = Array(repeating: 0, count: 64)
    isSeen = Array(repeating: false, count: 64)
  }

  /// Adds who waits for a custom_id.
  mutating func insert(_ customID: ContentHash, _ place: Place) {
    if (count + 1) * 4 > hashes.count * 3 { grow() }
    let hash = Self.fingerprint(customID)
    let position = slot(of: hash)
    hashes[position] = hash
    switch place {
    case .item(let id): places[position] = id
    case .attempt(let id): places[position] = -id
    }
    count += 1
  }

  /// Who waits for a custom_id, once: nil when nobody does, or when its row came before.
  public mutating func take(_ customID: ContentHash) -> Place? {
    let hash = Self.fingerprint(customID)
    let position = slot(of: hash)
    guard hashes[position] == hash, !isSeen[position] else { return nil }
    isSeen[position] = true
    return place(at: position)
  }

  /// Whether a custom_id is of these shards.
  public func contains(_ customID: ContentHash) -> Bool {
    let hash = Self.fingerprint(customID)
    return hashes[slot(of: hash)] == hash
  }

  /// Who waits for a row that was never taken.
  public var untaken: [Place] {
    hashes.indices.filter { hashes[$0] != 0 && !isSeen[$0] }.map(place(at:))
  }

  private func place(at position: Int) -> Place {
    places[position] < 0 ? .attempt(-places[position]) : .item(places[position])
  }

  private static func fingerprint(_ hash: ContentHash) -> UInt64 { hash.low == 0 ? 1 : hash.low }

  private func slot(of hash: UInt64) -> Int {
    let mask = hashes.count - 1
    var position = Int(truncatingIfNeeded: hash >> 8) & mask
    while hashes[position] != 0, hashes[position] != hash { position = (position + 1) & mask }
    return position
  }

  private mutating func grow() {
    let (oldHashes, oldPlaces, oldSeen) = (hashes, places, isSeen)
    hashes = Array(repeating: 0, count: oldHashes.count * 2)
    places = Array(repeating: 0, count: oldHashes.count * 2)
    isSeen = Array(repeating: false, count: oldHashes.count * 2)
    for old in oldHashes.indices where oldHashes[old] != 0 {
      let position = slot(of: oldHashes[old])
      hashes[position] = oldHashes[old]
      places[position] = oldPlaces[old]
      isSeen[position] = oldSeen[old]
    }
  }
}

extension RunLedger {
  /// Who waits for the rows of shards.
  ///
  /// - Parameters:
  ///   - shards: Open shards.
  ///   - customID: The hash of the custom_id that a key's request has.
  /// - Throws: `LedgerError`.
  public func roster(
    of shards: [ShardRecord], customID: (UnsafeBufferPointer<UInt8>) -> ContentHash
  ) throws(LedgerError) -> ShardRoster {
    try look("reading who waits for a batch") { database in
      var roster = ShardRoster()
      for shard in shards {
        let items = try RowCursor(
          database,
          "SELECT id, key FROM items WHERE id BETWEEN ? AND ? AND shard_id = ? AND state IN (3, 7)",
          shard.items.lowerBound, shard.items.upperBound, shard.id)
        while try items.step() { roster.insert(customID(items.bytes(1)), .item(items.integer(0))) }
        let open = try RowCursor(
          database,
          """
          SELECT t.id, i.key FROM attempts t JOIN items i ON i.id = t.item_id
          WHERE t.shard_id = ? AND t.outcome = 'open'
          """, shard.id)
        while try open.step() { roster.insert(customID(open.bytes(1)), .attempt(open.integer(0))) }
      }
      return roster
    }
  }
}
