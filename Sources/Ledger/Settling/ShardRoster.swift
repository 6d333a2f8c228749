public import Records

/// Who waits for the rows of a shard (or of several, for an import): custom_id → item, in an open table of 64-bit
/// hashes, 23 bytes a request.
public struct ShardRoster: Sendable {
  /// Who waits for a row.
  public enum Place: Sendable, Equatable {
    /// An item that still wants what was asked.
    case item(Int64)
    /// The open attempt of an item that wants something else by now.
    case attempt(Int64)
  }

  /// What is known of one custom_id: nobody waits (zero hash), or who does, and whether the row came.
  private struct Slot {
    var hash: UInt64 = 0
    /// Twice the item's number, or less the attempt's; odd once the row came. Zero when several wait.
    var code: Int64 = 0
  }

  private var slots: [Slot]
  /// The number of requests.
  public private(set) var count = 0
  /// The number of custom_ids that several of the shards have, or another roster has, too. Their rows cannot be told
  /// apart, and are not taken.
  public private(set) var ambiguousCount = 0

  /// An empty roster for so many requests; more make it grow.
  init(expecting count: Int) {
    slots = Array(repeating: Slot(), count: count * 10 / 7 + 8)
  }

  /// Adds who waits for a custom_id.
  mutating func insert(_ customID: ContentHash, _ place: Place) {
    if (count + 1) * 10 > slots.count * 8 { grow() }
    let hash = Self.fingerprint(customID)
    let position = slot(of: hash)
    count += 1
    if slots[position].hash == hash {
      if slots[position].code != 0 { ambiguousCount += 1 }
      slots[position].code = 0
      return
    }
    let code =
      switch place {
      case .item(let id): id * 2
      case .attempt(let id): id * -2
      }
    slots[position] = Slot(hash: hash, code: code)
  }

  /// Who waits for a custom_id, once: nil when nobody does, when its row came before, or when several requests
  /// have it.
  public mutating func take(_ customID: ContentHash) -> Place? {
    let position = slot(of: Self.fingerprint(customID))
    guard let place = waiting(at: position) else { return nil }
    slots[position].code |= 1
    return place
  }

  /// Leaves out the custom_ids that another roster has, too: whose row one is cannot be told.
  public mutating func leaveOut(sharedWith other: ShardRoster) {
    for position in slots.indices where slots[position].code != 0 {
      let hash = slots[position].hash
      guard other.slots[other.slot(of: hash)].hash == hash else { continue }
      slots[position].code = 0
      ambiguousCount += 1
    }
  }

  /// Whether a custom_id is of these shards.
  public func contains(_ customID: ContentHash) -> Bool {
    slots[slot(of: Self.fingerprint(customID))].hash != 0
  }

  /// Who waits for a row that was never taken; several that cannot be told apart are left out.
  public var untaken: [Place] { slots.indices.compactMap(waiting(at:)) }

  private func waiting(at position: Int) -> Place? {
    let code = slots[position].code
    guard code != 0, code & 1 == 0 else { return nil }
    return code < 0 ? .attempt(code / -2) : .item(code / 2)
  }

  private static func fingerprint(_ hash: ContentHash) -> UInt64 { hash.low == 0 ? 1 : hash.low }

  /// Where a hash is, or would be.
  private func slot(of hash: UInt64) -> Int {
    var position = Int(hash.multipliedFullWidth(by: UInt64(slots.count)).high)
    while slots[position].hash != 0, slots[position].hash != hash {
      position += 1
      if position == slots.count { position = 0 }
    }
    return position
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(), count: old.count * 2)
    for entry in old where entry.hash != 0 { slots[slot(of: entry.hash)] = entry }
  }
}
