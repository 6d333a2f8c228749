/// Eight bytes looked at in one register.
///
/// In each result, the top bit of a byte tells; only the lowest one set is exact, bytes above it
/// may be false alarms.
enum SWAR {
  @inline(__always) static var ones: UInt64 { 0x0101_0101_0101_0101 }
  @inline(__always) static var tops: UInt64 { 0x8080_8080_8080_8080 }

  /// Bytes that are `byte`.
  @inline(__always) static func equal(_ word: UInt64, to byte: UInt8) -> UInt64 {
    let difference = word ^ (ones &* UInt64(byte))
    return (difference &- ones) & ~difference & tops
  }

  /// Quotes, backslashes and control characters: what cannot stand for itself in a JSON string.
  @inline(__always) static func specials(_ word: UInt64) -> UInt64 {
    let control = (word &- (ones &* 0x20)) & ~word & tops
    return control | equal(word, to: 0x22) | equal(word, to: 0x5C)
  }
}
