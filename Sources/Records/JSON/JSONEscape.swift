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
    let count = escaped.count
    // No escape is shorter than what it stands for. Words are written whole, up to seven bytes too many.
    let target = output.reserve(count + 8)
    var (position, written) = (0, 0)
    while position < count {
      guard position + 8 <= count else {
        if base[position] == 0x5C {
          decodeEscape(base, &position, to: target, &written)
        } else {
          target[written] = base[position]
          (position, written) = (position + 1, written + 1)
        }
        continue
      }
      let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
      UnsafeMutableRawPointer(target + written).storeBytes(of: word, as: UInt64.self)
      let plain = plainCount(UInt64(littleEndian: word))
      position += plain
      written += plain
      if plain < 8 { decodeEscape(base, &position, to: target, &written) }
    }
    output.advance(by: written)
  }

  /// How many bytes of a word, the lowest first, come before a backslash; eight when there is none.
  @inline(__always)
  private static func plainCount(_ word: UInt64) -> Int {
    let difference = word ^ 0x5C5C_5C5C_5C5C_5C5C
    let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    return zeros.trailingZeroBitCount >> 3
  }

  /// Appends what the escape whose backslash is at `start` stands for; returns the offset after it.
  private static func appendDecoded(
    _ base: UnsafePointer<UInt8>, at start: Int, to output: inout ByteBuffer
  ) -> Int {
    var (position, written) = (start, 0)
    decodeEscape(base, &position, to: output.reserve(4), &written)
    output.advance(by: written)
    return position
  }

  /// Writes what the escape at a position stands for, four bytes or fewer, and steps over both.
  @inline(__always)
  private static func decodeEscape(
    _ base: UnsafePointer<UInt8>, _ position: inout Int, to target: UnsafeMutablePointer<UInt8>,
    _ written: inout Int
  ) {
    let letter = base[position + 1]
    if letter == 0x75 {
      let (scalar, length) = scalar(base, at: position)
      position += length
      written += write(scalar, to: target + written)
      return
    }
    target[written] =
      switch letter {
      case 0x62: 0x08
      case 0x66: 0x0C
      case 0x6E: 0x0A
      case 0x72: 0x0D
      case 0x74: 0x09
      default: letter
      }
    position += 2
    written += 1
  }

  /// The character that `\u0000` or a pair of such stands for, and the length of what was read.
  private static func scalar(
    _ base: UnsafePointer<UInt8>, at start: Int
  ) -> (value: UInt32, length: Int) {
    let unit = unit(base, at: start + 2)
    guard unit >= 0xD800, unit < 0xDC00 else { return (unit, 6) }
    let low = JSONEscape.unit(base, at: start + 8)
    return (0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00), 12)
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

  /// Writes the UTF-8 of a character; returns how many bytes that are.
  private static func write(_ value: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    switch value {
    case 0..<0x80:
      target[0] = UInt8(value)
      return 1
    case 0x80..<0x800:
      target[0] = UInt8(0xC0 | value >> 6)
      target[1] = UInt8(0x80 | value & 0x3F)
      return 2
    case 0x800..<0x10000:
      target[0] = UInt8(0xE0 | value >> 12)
      target[1] = UInt8(0x80 | value >> 6 & 0x3F)
      target[2] = UInt8(0x80 | value & 0x3F)
      return 3
    default:
      target[0] = UInt8(0xF0 | value >> 18)
      target[1] = UInt8(0x80 | value >> 12 & 0x3F)
      target[2] = UInt8(0x80 | value >> 6 & 0x3F)
      target[3] = UInt8(0x80 | value & 0x3F)
      return 4
    }
  }
}
