internal import Records

/// What draft 7's `contentEncoding` and `contentMediaType` ask of a string when formats are
/// asserted.
struct ContentRule: Sendable, Hashable {
  /// The text is base 64 (RFC 4648, section 4).
  var isBase64: Bool
  /// The text, decoded first if it is encoded, is JSON.
  var isJSON: Bool

  func accepts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard isBase64 else { return Self.isJSONText(text) }
    guard let decoded = Self.decodeBase64(text) else { return false }
    return !isJSON || decoded.withUnsafeBufferPointer(Self.isJSONText)
  }

  private static func isJSONText(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var tape = JSONTape()
    do throws(JSONError) {
      _ = try tape.parse(text)
      return true
    } catch {
      return false
    }
  }

  private static func decodeBase64(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == 0x3D }.count
    var result: [UInt8] = []
    var bits: UInt32 = 0
    for (position, byte) in text.dropLast(padding).enumerated() {
      guard let value = sextet(byte) else { return nil }
      bits = bits << 6 | value
      if position % 4 > 0 {
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * (position % 4))))
      }
    }
    return result
  }

  private static func sextet(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x41...0x5A: UInt32(byte) - 0x41
    case 0x61...0x7A: UInt32(byte) - 0x61 + 26
    case 0x30...0x39: UInt32(byte) - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
