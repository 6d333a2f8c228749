#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The canonical escaped form of text inside a JSON string, and the way back.
///
/// Canonical means: `\"`, `\\`, `\b`, `\f`, `\n`, `\r`, `\t`; other characters below U+0020 as `\u00xx`
/// in lower case; everything else as its UTF-8. Two texts have the same canonical form only if they are the
/// same text, so an identity may be taken over it.
public enum JSONEscape {
  /// The letter of the two-byte escape of a byte, 0 when it has none and needs `\u00xx`, 1 when it stands
  /// for itself.
  static let letters: [UInt8] = (0..<256).map { byte in
    switch UInt8(byte) {
    case 0x22: 0x22
    case 0x5C: 0x5C
    case 0x08: 0x62
    case 0x0C: 0x66
    case 0x0A: 0x6E
    case 0x0D: 0x72
    case 0x09: 0x74
    case 0..<0x20: 0
    default: 1
    }
  }

  /// Appends text in canonical escaped form, without quotes.
  public static func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) {
    guard let base = text.baseAddress else { return }
    let count = text.count
    var position = 0
    while position < count {
      let stop = ByteBlock.unescapedEnd(base, from: position, to: count)
      if stop > position {
        output.append(base + position, count: stop - position)
        position = stop
      }
      guard position < count else { return }
      appendEscape(of: base[position], to: &output)
      position += 1
    }
  }

  /// Appends one byte that cannot stand for itself.
  static func appendEscape(of byte: UInt8, to output: inout ByteBuffer) {
    let letter = letters[Int(byte)]
    if letter > 1 {
      output.append(0x5C)
      output.append(letter)
    } else {
      output.append("\\u00")
      output.append(hexadecimal(byte >> 4))
      output.append(hexadecimal(byte & 15))
    }
  }

  static func hexadecimal(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

  /// Appends the canonical form of text that is escaped in some other way. The bytes come from a parsed
  /// string, so every escape is well formed and nothing else needs one.
  static func recode(_ escaped: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) {
    guard let base = escaped.baseAddress else { return }
    var position = 0
    let count = escaped.count
    while let found = memchr(base + position, 0x5C, count - position) {
      let backslash = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
      output.append(base + position, count: backslash - position)
      switch base[backslash + 1] {
      case 0x75:
        let start = output.count
        position = appendDecoded(base, at: backslash, to: &output)
        escapeLast(from: start, in: &output)
      case 0x2F:
        output.append(0x2F)
        position = backslash + 2
      default:
        output.append(base + backslash, count: 2)
        position = backslash + 2
      }
    }
    output.append(base + position, count: count - position)
  }

  /// Escapes the one character that was appended last, if it needs it.
  private static func escapeLast(from start: Int, in output: inout ByteBuffer) {
    let byte = output.start[start]
    guard letters[Int(byte)] != 1 else { return }
    output.truncate(to: start)
    appendEscape(of: byte, to: &output)
  }

  /// Appends the text that escaped bytes stand for.
  ///
  /// The bytes come from a parsed string, so every escape is well formed.
  public static func decode(_ escaped: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) {
    guard let base = escaped.baseAddress else { return }
    var position = 0
    let count = escaped.count
    while position < count {
      guard let found = memchr(base + position, 0x5C, count - position) else { break }
      let backslash = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
      output.append(base + position, count: backslash - position)
      position = appendDecoded(base, at: backslash, to: &output)
    }
    output.append(base + position, count: count - position)
  }

  /// Decodes the escape whose backslash is at `start`; returns the offset after it.
  private static func appendDecoded(
    _ base: UnsafePointer<UInt8>, at start: Int, to output: inout ByteBuffer
  ) -> Int {
    let letter = base[start + 1]
    switch letter {
    case 0x62: output.append(0x08)
    case 0x66: output.append(0x0C)
    case 0x6E: output.append(0x0A)
    case 0x72: output.append(0x0D)
    case 0x74: output.append(0x09)
    case 0x75:
      let unit = unit(base, at: start + 2)
      guard unit >= 0xD800, unit < 0xDC00 else {
        append(scalar: unit, to: &output)
        return start + 6
      }
      let low = JSONEscape.unit(base, at: start + 8)
      append(scalar: 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00), to: &output)
      return start + 12
    default: output.append(letter)
    }
    return start + 2
  }

  private static func unit(_ base: UnsafePointer<UInt8>, at start: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 { value = value << 4 | UInt32(digit(base[start + offset]) ?? 0) }
    return value
  }

  /// The value of a hexadecimal digit, nil for another byte.
  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  private static func append(scalar value: UInt32, to output: inout ByteBuffer) {
    switch value {
    case 0..<0x80: output.append(UInt8(value))
    case 0x80..<0x800:
      output.append(UInt8(0xC0 | value >> 6))
      output.append(UInt8(0x80 | value & 0x3F))
    case 0x800..<0x10000:
      output.append(UInt8(0xE0 | value >> 12))
      output.append(UInt8(0x80 | value >> 6 & 0x3F))
      output.append(UInt8(0x80 | value & 0x3F))
    default:
      output.append(UInt8(0xF0 | value >> 18))
      output.append(UInt8(0x80 | value >> 12 & 0x3F))
      output.append(UInt8(0x80 | value >> 6 & 0x3F))
      output.append(UInt8(0x80 | value & 0x3F))
    }
  }
}
