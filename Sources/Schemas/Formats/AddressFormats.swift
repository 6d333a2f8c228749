/// IP addresses and UUIDs.
enum AddressFormats {
  /// Four decimal bytes without leading zeros (RFC 2673, 3.2).
  static func isIPv4(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    return takeIPv4(&cursor) && cursor.isAtEnd
  }

  private static func takeIPv4(_ cursor: inout TextCursor) -> Bool {
    for part in 0..<4 {
      if part > 0, !cursor.take(0x2E) { return false }
      let start = cursor.position
      let count = cursor.skip(while: ASCII.isDigit)
      guard (1...3).contains(count), count == 1 || cursor.bytes[start] != 0x30 else { return false }
      let value = cursor.bytes[start..<cursor.position].reduce(0) { $0 * 10 + Int($1 - 0x30) }
      guard value < 256 else { return false }
    }
    return true
  }

  /// RFC 4291, 2.2: eight groups, one run of zeros left out, possibly an IPv4 address at the end;
  /// no zone.
  static func isIPv6(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = TextCursor(text)
    var groups = 0
    var isShortened = false
    if cursor.take(0x3A) {
      guard cursor.take(0x3A) else { return false }
      isShortened = true
    }
    while !cursor.isAtEnd {
      guard groups < 8 else { return false }
      let start = cursor
      let digits = cursor.skip(while: ASCII.isHexadecimal)
      guard digits > 0 else { return false }
      if cursor.current == 0x2E {
        cursor = start
        guard takeIPv4(&cursor), cursor.isAtEnd else { return false }
        groups += 2
        break
      }
      guard digits <= 4 else { return false }
      groups += 1
      if cursor.isAtEnd { break }
      guard cursor.take(0x3A), !cursor.isAtEnd else { return false }
      if cursor.take(0x3A) {
        guard !isShortened else { return false }
        isShortened = true
      }
    }
    return isShortened ? groups < 8 : groups == 8
  }

  /// RFC 4122: five groups of hexadecimal digits.
  static func isUUID(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    return text.indices.allSatisfy { position in
      [8, 13, 18, 23].contains(position)
        ? text[position] == 0x2D : ASCII.isHexadecimal(text[position])
    }
  }
}
