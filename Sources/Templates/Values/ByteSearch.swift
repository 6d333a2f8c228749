/// Finding bytes in bytes.
enum ByteSearch {
  /// The offset of the first occurrence at or after `start`.
  static func first(_ part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard start >= 0, start <= bytes.count else { return nil }
    guard let head = part.first else { return start }
    let last = bytes.count - part.count
    var offset = start
    while offset <= last {
      if bytes[offset] == head, isMatch(part, in: bytes, at: offset) { return offset }
      offset += 1
    }
    return nil
  }

  /// The offset of the last occurrence that ends at or before `end`.
  static func last(_ part: [UInt8], in bytes: [UInt8], to end: Int) -> Int? {
    var offset = min(end, bytes.count) - part.count
    while offset >= 0 {
      if isMatch(part, in: bytes, at: offset) { return offset }
      offset -= 1
    }
    return nil
  }

  static func isMatch(_ part: [UInt8], in bytes: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset + part.count <= bytes.count else { return false }
    for index in 0..<part.count where bytes[offset + index] != part[index] { return false }
    return true
  }
}
