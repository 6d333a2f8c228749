extension JSONScanner {
  /// Marks an object in which a key stands twice.
  ///
  /// A 64-bit filter answers for nearly every object; only on a hit are keys compared. A large object that has
  /// two keys of one hash is marked, too: the mark only sends lookups the long way.
  func markDuplicates(of index: Int, in tape: inout JSONTape) {
    guard tape.nodes[index].count > 1 else { return }
    if tape.nodes[index].count > 32 {
      markDuplicatesOfLargeObject(index, in: &tape)
      return
    }
    var filter: UInt64 = 0
    // The filter knows bytes as written; an escaped key may be the twin of any other.
    var hasEscapedKey = false
    var key = index + 1
    let stop = Int(tape.nodes[index].next)
    while key < stop {
      let bit = UInt64(1) << (signature(of: tape.nodes[key]) & 63)
      if tape.nodes[key].flags.contains(.needsDecoding) { hasEscapedKey = true }
      if hasEscapedKey || filter & bit != 0, hasEarlierTwin(of: key, in: index, tape: tape) {
        tape.nodes[index].flags.insert(.duplicateKeys)
        return
      }
      filter |= bit
      key = Int(tape.nodes[key + 1].next)
    }
  }

  private func markDuplicatesOfLargeObject(_ index: Int, in tape: inout JSONTape) {
    var seen = Set<UInt64>(minimumCapacity: Int(tape.nodes[index].count))
    var decoded = ByteBuffer()
    var key = index + 1
    let stop = Int(tape.nodes[index].next)
    while key < stop {
      decoded.removeAll()
      JSONView(bytes: base, nodes: tape.nodes, index: key).appendText(to: &decoded)
      if !seen.insert(ContentHash.short(of: decoded.bytes)).inserted {
        tape.nodes[index].flags.insert(.duplicateKeys)
        return
      }
      key = Int(tape.nodes[key + 1].next)
    }
  }

  private func signature(of key: JSONNode) -> Int {
    let length = Int(key.end - key.start)
    guard length > 0 else { return 1 }
    let first = Int(base[Int(key.start)])
    let last = Int(base[Int(key.end) - 1])
    let middle = Int(base[Int(key.start) + length / 2])
    return (length &* 7) ^ (first &* 31) ^ (last &* 17) ^ (middle &* 5)
  }

  private func hasEarlierTwin(of key: Int, in object: Int, tape: borrowing JSONTape) -> Bool {
    let view = JSONView(bytes: base, nodes: tape.nodes, index: key)
    var other = object + 1
    while other < key {
      if JSONView(bytes: base, nodes: tape.nodes, index: other).hasSameText(as: view) {
        return true
      }
      other = Int(tape.nodes[other + 1].next)
    }
    return false
  }
}
