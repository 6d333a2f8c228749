/// URIs (RFC 3986) and IRIs (RFC 3987), checked part by part.
struct URIFormat {
  let isInternational: Bool

  private static let unreserved = ASCII.table(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
  private static let subDelimiters = ASCII.table("!$&'()*+,;=")
  private static let pathExtras = ASCII.table(":@")
  private static let queryExtras = ASCII.table(":@/?")
  private static let userExtras = ASCII.table(":")
  private static let noExtras = ASCII.table("")

  func accepts(_ text: UnsafeBufferPointer<UInt8>, needsScheme: Bool) -> Bool {
    var cursor = TextCursor(text)
    let hasScheme = Self.takeScheme(&cursor)
    if needsScheme, !hasScheme { return false }
    if cursor.bytes[cursor.position...].starts(with: [0x2F, 0x2F]) {
      cursor.position += 2
      guard takeAuthority(&cursor) else { return false }
      guard cursor.isAtEnd || [0x2F, 0x3F, 0x23].contains(cursor.current) else { return false }
    } else if !hasScheme, !firstSegmentHasNoColon(cursor) {
      return false
    }
    repeat {
      guard takeRun(Self.pathExtras, &cursor) else { return false }
    } while cursor.take(0x2F)
    if cursor.take(0x3F), !takeRun(Self.queryExtras, isQuery: true, &cursor) { return false }
    if cursor.take(0x23), !takeRun(Self.queryExtras, &cursor) { return false }
    return cursor.isAtEnd
  }

  private static func takeScheme(_ cursor: inout TextCursor) -> Bool {
    let start = cursor
    if cursor.take(where: ASCII.isLetter) != nil {
      cursor.skip {
        ASCII.isLetterOrDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
      }
      if cursor.take(0x3A) { return true }
    }
    cursor = start
    return false
  }

  private func firstSegmentHasNoColon(_ cursor: TextCursor) -> Bool {
    for byte in cursor.bytes[cursor.position...] {
      if byte == 0x3A { return false }
      if byte == 0x2F || byte == 0x3F || byte == 0x23 { return true }
    }
    return true
  }

  private func takeAuthority(_ cursor: inout TextCursor) -> Bool {
    let start = cursor
    if takeRun(Self.userExtras, &cursor), cursor.take(0x40) {
      // What was read is user information.
    } else {
      cursor = start
    }
    if cursor.take(0x5B) {
      guard takeLiteral(&cursor) else { return false }
    } else if !takeRun(Self.noExtras, &cursor) {
      return false
    }
    if cursor.take(0x3A) { cursor.skip(while: ASCII.isDigit) }
    return true
  }

  /// The inside of `[…]`: an IPv6 address, or `v` with a version and anything.
  private func takeLiteral(_ cursor: inout TextCursor) -> Bool {
    let start = cursor.position
    cursor.skip { $0 != 0x5D }
    let inner = UnsafeBufferPointer(rebasing: cursor.bytes[start..<cursor.position])
    guard cursor.take(0x5D) else { return false }
    guard let first = inner.first, first | 0x20 == 0x76 else { return AddressFormats.isIPv6(inner) }
    var future = TextCursor(inner)
    future.position = 1
    guard future.skip(while: ASCII.isHexadecimal) > 0, future.take(0x2E) else { return false }
    let count = future.skip {
      Self.unreserved[Int($0)] || Self.subDelimiters[Int($0)] || $0 == 0x3A
    }
    return count > 0 && future.isAtEnd
  }

  /// Moves over unreserved bytes, sub-delimiters, `extras` and percent-encoded bytes; false when a
  /// percent sign encodes nothing.
  private func takeRun(
    _ extras: [Bool], isQuery: Bool = false, _ cursor: inout TextCursor
  ) -> Bool {
    while !cursor.isAtEnd {
      let byte = cursor.current
      if Self.unreserved[Int(byte)] || Self.subDelimiters[Int(byte)] || extras[Int(byte)] {
        cursor.position += 1
      } else if byte == 0x25 {
        cursor.position += 1
        guard cursor.take(where: ASCII.isHexadecimal) != nil,
          cursor.take(where: ASCII.isHexadecimal) != nil
        else { return false }
      } else if byte >= 0x80, isInternational {
        guard takeInternational(isQuery: isQuery, &cursor) else { return false }
      } else {
        return true
      }
    }
    return true
  }

  /// Moves over a scalar that RFC 3987 allows (`ucschar`, in queries also `iprivate`).
  private func takeInternational(isQuery: Bool, _ cursor: inout TextCursor) -> Bool {
    guard let (value, length) = ScalarReader.scalar(in: cursor.bytes, at: cursor.position) else {
      return false
    }
    let isAllowed =
      switch value {
      case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
      case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: isQuery
      case 0x10000...0xEFFFD: value & 0xFFFF <= 0xFFFD && !(0xE0000...0xE0FFF).contains(value)
      default: false
      }
    guard isAllowed else { return false }
    cursor.position += length
    return true
  }
}
