internal import Records

/// The length of strings as JSON Schema counts it: in code points.
enum CodePoints {
  /// Whether a string has at least so many, read no further than needed: one code point takes at
  /// most four bytes, or twelve when it is written as two escapes.
  static func areAtLeast(_ count: Int, in string: JSONView) -> Bool {
    let bytes = string.rawBytes.count
    let isEscaped = string.node.flags.contains(.needsDecoding)
    if bytes < count { return false }
    if bytes >= count * (isEscaped ? 12 : 4) { return true }
    return number(in: string) >= count
  }

  /// Whether a string has at most so many.
  static func areAtMost(_ count: Int, in string: JSONView) -> Bool {
    let bytes = string.rawBytes.count
    if bytes <= count { return true }
    let isEscaped = string.node.flags.contains(.needsDecoding)
    if bytes / (isEscaped ? 12 : 4) > count { return false }
    return number(in: string) <= count
  }

  /// The number of code points; an escape counts as what it stands for.
  static func number(in string: JSONView) -> Int {
    let bytes = string.rawBytes
    return string.node.flags.contains(.needsDecoding) ? escaped(bytes) : plain(bytes)
  }

  /// Counts the bytes that begin a sequence, eight at a time.
  private static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let ones: UInt64 = 0x0101_0101_0101_0101
    var continuations = 0
    var position = 0
    while bytes.count - position >= 8 {
      let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
      continuations += ((word >> 7) & ~(word >> 6) & ones).nonzeroBitCount
      position += 8
    }
    while position < bytes.count {
      if base[position] & 0xC0 == 0x80 { continuations += 1 }
      position += 1
    }
    return bytes.count - continuations
  }

  private static func escaped(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x5C {
        position += escapeLength(bytes, at: position)
        count += 1
      } else {
        if byte & 0xC0 != 0x80 { count += 1 }
        position += 1
      }
    }
    return count
  }

  /// The bytes of an escape: two, six, or twelve for a surrogate pair.
  private static func escapeLength(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    guard bytes[start + 1] == 0x75 else { return 2 }
    let isHighSurrogate =
      bytes[start + 2] | 0x20 == 0x64
      && (bytes[start + 3] &- 0x38 < 2 || (bytes[start + 3] | 0x20) &- 0x61 < 2)
    return isHighSurrogate ? 12 : 6
  }
}
