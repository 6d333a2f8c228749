/// Classes of ASCII bytes.
enum ASCII {
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  static func isLetterOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

  static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- 0x61 < 6
  }

  /// A table of the bytes in a literal.
  static func table(_ members: StaticString) -> [Bool] {
    var table = [Bool](repeating: false, count: 256)
    for offset in 0..<members.utf8CodeUnitCount { table[Int(members.utf8Start[offset])] = true }
    return table
  }
}
