/// Counting one byte value in a run of bytes.
enum ByteCount {
  /// How many of `count` bytes are `byte`.
  static func of(_ byte: UInt8, _ base: UnsafePointer<UInt8>, count: Int) -> Int {
    let pattern = SWAR.ones &* UInt64(byte)
    let low = ~SWAR.tops
    var found = 0
    var position = 0
    while count - position >= 8 {
      let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
      let difference = word ^ pattern
      let isZero = ~(((difference & low) &+ low) | difference | low)
      found += isZero.nonzeroBitCount
      position += 8
    }
    while position < count {
      if base[position] == byte { found += 1 }
      position += 1
    }
    return found
  }
}
