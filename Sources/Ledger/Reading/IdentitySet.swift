internal import Records

/// The identities a reading has met: 64 bits of each content hash in an open table, at most 16 bytes a record.
///
/// A false hit (one in 10^19 pairs) makes an item wait for an answer that is not its own; packing notices that it
/// has no leader and sends it.
struct IdentitySet {
  private var slots: [UInt64]
  private var count = 0

  init() { slots = Array(repeating: 0, count: 1024) }

  /// Adds an identity; false when it was there.
  mutating func insert(_ content: ContentHash) -> Bool {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    let fingerprint = content.low == 0 ? 1 : content.low
    let mask = slots.count - 1
    var position = Int(truncatingIfNeeded: fingerprint >> 8) & mask
    while slots[position] != 0 {
      if slots[position] == fingerprint { return false }
      position = (position + 1) & mask
    }
    slots[position] = fingerprint
    count += 1
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    let mask = slots.count - 1
    for fingerprint in old where fingerprint != 0 {
      var position = Int(truncatingIfNeeded: fingerprint >> 8) & mask
      while slots[position] != 0 { position = (position + 1) & mask }
      slots[position] = fingerprint
    }
  }
}
