public import Records

/// Who waits for the rows of a shard (or of several, for an import): custom_id → item, in an open table of 64-bit
/// hashes, 16 bytes a request.
public struct ShardRoster: Sendable {
  /// Who waits for a row.
  public enum Place: Sendable, Equatable {
    /// An item that still wants what was asked.
    case item(Int64)
    /// The open attempt of an item that wants something else by now.
    case attempt(Int64)
  }

  /// Who waits: twice the item's number, or less the attempt's; odd once the row came. Zero when several wait, or nobody.
  /// Five bytes: an item's number has 38 bits.
  private struct Codes {
    private var low: [UInt32]
    private var high: [Int8]

    init(count: Int) {
      low = Array(repeating: 0, count: count)
      high = Array(repeating: 0, count: count)
    }

    subscript(position: Int) -> Int64 {
      get { Int64(high[position]) << 32 | Int64(low[position]) }
      set {
        low[position] = UInt32(truncatingIfNeeded: newValue)
        high[position] = Int8(newValue >> 32)
      }
    }
  }

  /// Of what is known of the custom_ids, the hashes; zero where there is none.
  private var hashes: [UInt64]
  private var codes: Codes
  /// The number of requests.
  public private(set) var count = 0
  /// The number of custom_ids that several of the shards have, or another roster has, too. Their rows cannot be told
  /// apart, and are not taken.
  public private(set) var ambiguousCount = 0

  /// An empty roster for so many requests; more make it grow.
  init(expecting count: Int) {
    let slotCount = count * 10 / 8 + 8
    hashes = Array(repeating: 0, count: slotCount)
    codes = Codes(count: slotCount)
  }

  /// A roster of so many custom_ids that no item waits for: the first is waited for as item 1, and so on.
  public init(trial customIDs: [ContentHash]) {
    self.init(expecting: customIDs.count)
    for (position, id) in customIDs.enumerated() { insert(id, .item(Int64(position) + 1)) }
  }

  /// Adds who waits for a custom_id.
  mutating func insert(_ customID: ContentHash, _ place: Place) {
    if (count + 1) * 10 > hashes.count * 9 { grow() }
    let hash = Self.fingerprint(customID)
    let position = slot(of: hash)
    count += 1
    if hashes[position] == hash {
      if codes[position] != 0 { ambiguousCount += 1 }
      codes[position] = 0
      return
    }
    hashes[position] = hash
    codes[position] =
      switch place {
      case .item(let id): id * 2
      case .attempt(let id): id * -2
      }
  }

  /// Who waits for a custom_id, once: nil when nobody does, when its row came before, or when several requests
  /// have it.
  public mutating func take(_ customID: ContentHash) -> Place? {
    let position = slot(of: Self.fingerprint(customID))
    guard let place = waiting(at: position) else { return nil }
    codes[position] |= 1
    return place
  }

  /// Leaves out the custom_ids that another roster has, too: whose row one is cannot be told.
  public mutating func leaveOut(sharedWith other: ShardRoster) {
    for position in hashes.indices where codes[position] != 0 {
      let hash = hashes[position]
      guard other.hashes[other.slot(of: hash)] == hash else { continue }
      codes[position] = 0
      ambiguousCount += 1
    }
  }

  /// Whether a custom_id is of these shards.
  public func contains(_ customID: ContentHash) -> Bool {
    hashes[slot(of: Self.fingerprint(customID))] != 0
  }

  /// Who waits for a row that was never taken; several that cannot be told apart are left out.
  public var untaken: [Place] { hashes.indices.compactMap(waiting(at:)) }

  private func waiting(at position: Int) -> Place? {
    let code = codes[position]
    guard code != 0, code & 1 == 0 else { return nil }
    return code < 0 ? .attempt(code / -2) : .item(code / 2)
  }

  private static func fingerprint(_ hash: ContentHash) -> UInt64 { hash.low == 0 ? 1 : hash.low }

  /// Where a hash is, or would be.
  private func slot(of hash: UInt64) -> Int {
    var position = Int(hash.multipliedFullWidth(by: UInt64(hashes.count)).high)
    while hashes[position] != 0, hashes[position] != hash {
      position += 1
      if position == hashes.count { position = 0 }
    }
    return position
  }

  private mutating func grow() {
    let (oldHashes, oldCodes) = (hashes, codes)
    hashes = Array(repeating: 0, count: oldHashes.count * 2)
    codes = Codes(count: hashes.count)
    for position in oldHashes.indices where oldHashes[position] != 0 {
      let place = slot(of: oldHashes[position])
      hashes[place] = oldHashes[position]
      codes[place] = oldCodes[position]
    }
  }
}
