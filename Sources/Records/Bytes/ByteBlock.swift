/// Thirty-two bytes looked at together, as four words.
///
/// In the top bit of each byte stands whether it is looked for; only the lowest one of a word is exact. Written with plain
/// words because the compiler turns them into vector instructions, while it leaves some of the operators of
/// `SIMD32<UInt8>` as calls, which are a hundred times slower.
enum ByteBlock {
  /// The offset of the first byte above 0x7F, else `end`.
  @inline(__always) static func asciiEnd(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    var position = start
    while end - position >= 32 {
      let hit = firstHit(base + position) { $0 }
      if hit < 32 { return position + hit }
      position += 32
    }
    while position < end, base[position] < 0x80 { position += 1 }
    return position
  }

  /// The offset of the first quote, backslash, control character or byte above 0x7F, else `end`.
  @inline(__always) static func plainEnd(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    var position = start
    while end - position >= 32 {
      let hit = firstHit(base + position) { word in
        // A byte above 0x7F is a hit itself, so the others need not be told from it.
        word | (word &- (SWAR.ones &* 0x20)) | ((word ^ (SWAR.ones &* 0x22)) &- SWAR.ones)
          | ((word ^ (SWAR.ones &* 0x5C)) &- SWAR.ones)
      }
      if hit < 32 { return position + hit }
      position += 32
    }
    while position < end {
      let byte = base[position]
      if byte < 0x20 || byte >= 0x80 || byte == 0x22 || byte == 0x5C { return position }
      position += 1
    }
    return end
  }

  /// The offset of the first quote, backslash or control character, else `end`.
  @inline(__always) static func unescapedEnd(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    var position = start
    while end - position >= 32 {
      let hit = firstHit(base + position, SWAR.specials)
      if hit < 32 { return position + hit }
      position += 32
    }
    while position < end {
      let byte = base[position]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C { return position }
      position += 1
    }
    return end
  }

  /// The index of the first of 32 bytes that `marks` marks; 32 when there is none.
  @inline(__always) private static func firstHit(
    _ place: UnsafePointer<UInt8>, _ marks: (UInt64) -> UInt64
  ) -> Int {
    let (first, second) = (marks(word(place)), marks(word(place + 8)))
    let (third, fourth) = (marks(word(place + 16)), marks(word(place + 24)))
    if (first | second | third | fourth) & SWAR.tops == 0 { return 32 }
    if first & SWAR.tops != 0 { return lowest(first) }
    if second & SWAR.tops != 0 { return 8 + lowest(second) }
    if third & SWAR.tops != 0 { return 16 + lowest(third) }
    return 24 + lowest(fourth)
  }

  @inline(__always) private static func lowest(_ marks: UInt64) -> Int {
    (marks & SWAR.tops).trailingZeroBitCount >> 3
  }

  @inline(__always) private static func word(_ place: UnsafePointer<UInt8>) -> UInt64 {
    UnsafeRawPointer(place).loadUnaligned(as: UInt64.self).littleEndian
  }
}
