/// Mail addresses: `Mailbox` of RFC 5321, and of RFC 6531 with text beyond ASCII.
enum EmailFormat {
  private static let atoms = ASCII.table(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~")

  static func accepts(_ text: UnsafeBufferPointer<UInt8>, isInternational: Bool) -> Bool {
    var cursor = TextCursor(text)
    let hasLocalPart =
      cursor.take(0x22)
      ? takeQuoted(&cursor, isInternational) : takeDotted(&cursor, isInternational)
    guard hasLocalPart, cursor.position <= 64, cursor.take(0x40), !cursor.isAtEnd else {
      return false
    }
    let domain = UnsafeBufferPointer(rebasing: text[cursor.position...])
    if domain[0] == 0x5B { return isAddressLiteral(domain) }
    return isInternational
      ? InternationalHostnameFormat.isMailDomain(domain) : HostnameFormat.accepts(domain)
  }

  private static func takeDotted(_ cursor: inout TextCursor, _ isInternational: Bool) -> Bool {
    repeat {
      let count = cursor.skip { atoms[Int($0)] || (isInternational && $0 >= 0x80) }
      guard count > 0 else { return false }
    } while cursor.take(0x2E)
    return true
  }

  private static func takeQuoted(_ cursor: inout TextCursor, _ isInternational: Bool) -> Bool {
    while !cursor.isAtEnd {
      if cursor.take(0x22) { return true }
      if cursor.take(0x5C) {
        guard cursor.take(where: { $0 >= 0x20 && $0 < 0x7F }) != nil else { return false }
        continue
      }
      guard
        cursor.take(where: { ($0 >= 0x20 && $0 < 0x7F) || (isInternational && $0 >= 0x80) }) != nil
      else { return false }
    }
    return false
  }

  /// `[127.0.0.1]` or `[IPv6:::1]`.
  private static func isAddressLiteral(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count > 2, text[text.count - 1] == 0x5D else { return false }
    let inner = UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)])
    if AddressFormats.isIPv4(inner) { return true }
    let tag = Array("ipv6:".utf8)
    guard inner.count > tag.count,
      inner.prefix(tag.count).map({ $0 | 0x20 }) == tag.map({ $0 | 0x20 })
    else {
      return false
    }
    return AddressFormats.isIPv6(UnsafeBufferPointer(rebasing: inner[tag.count...]))
  }
}
