/// Turns bytes of an encoding other than UTF-8 into UTF-8, a piece at a time.
struct TextDecoder {
  /// How far one piece got.
  struct Progress {
    var consumed = 0
    var produced = 0
  }

  private let encoding: TextEncoding
  /// The offset in the source of the next byte to decode.
  private(set) var offset: Int
  /// The line, from 1, in which that byte stands.
  private(set) var line = 1

  init(_ encoding: TextEncoding, offset: Int) {
    self.encoding = encoding
    self.offset = offset
  }

  /// Decodes as many whole characters as fit.
  ///
  /// - Returns: nil, or what is wrong with the byte at `offset`, to stand after "byte 7".
  mutating func decode(
    _ source: UnsafeBufferPointer<UInt8>, isLast: Bool,
    into destination: UnsafeMutablePointer<UInt8>, capacity: Int, progress: inout Progress
  ) -> String? {
    while progress.consumed < source.count, capacity - progress.produced >= 4 {
      var length = 1
      var scalar = UInt32(source[progress.consumed])
      switch encoding {
      case .windows1252 where scalar >= 0x80 && scalar < 0xA0:
        scalar = UInt32(TextEncoding.windows1252High[Int(scalar) - 0x80])
        if scalar == 0 { return "stands for no character" }
      case .utf16LittleEndian, .utf16BigEndian:
        switch utf16(source, at: progress.consumed, isLast: isLast) {
        case .scalar(let value, let count): (scalar, length) = (value, count)
        case .needsMore: return nil
        case .fault(let fault): return fault
        }
      default: break
      }
      progress.consumed += length
      offset += length
      if scalar == 0x0A { line += 1 }
      progress.produced += Self.put(scalar, at: destination + progress.produced)
    }
    return nil
  }

  private enum Unit { case scalar(UInt32, Int), needsMore, fault(String) }

  private func utf16(_ source: UnsafeBufferPointer<UInt8>, at start: Int, isLast: Bool) -> Unit {
    guard let first = unit(source, at: start) else {
      return isLast ? .fault("is half a character") : .needsMore
    }
    guard first >= 0xD800, first < 0xE000 else { return .scalar(first, 2) }
    guard first < 0xDC00 else { return .fault("begins a lone surrogate") }
    guard let second = unit(source, at: start + 2) else {
      return isLast ? .fault("begins a lone surrogate") : .needsMore
    }
    guard second >= 0xDC00, second < 0xE000 else { return .fault("begins a lone surrogate") }
    return .scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), 4)
  }

  private func unit(_ source: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32? {
    guard start + 1 < source.count else { return nil }
    let (first, second) = (UInt32(source[start]), UInt32(source[start + 1]))
    return encoding == .utf16BigEndian ? first << 8 | second : second << 8 | first
  }

  /// Writes a scalar as UTF-8; returns the number of bytes.
  private static func put(_ value: UInt32, at place: UnsafeMutablePointer<UInt8>) -> Int {
    switch value {
    case 0..<0x80:
      place[0] = UInt8(value)
      return 1
    case 0x80..<0x800:
      place[0] = UInt8(0xC0 | value >> 6)
      place[1] = UInt8(0x80 | value & 0x3F)
      return 2
    case 0x800..<0x10000:
      place[0] = UInt8(0xE0 | value >> 12)
      place[1] = UInt8(0x80 | value >> 6 & 0x3F)
      place[2] = UInt8(0x80 | value & 0x3F)
      return 3
    default:
      place[0] = UInt8(0xF0 | value >> 18)
      place[1] = UInt8(0x80 | value >> 12 & 0x3F)
      place[2] = UInt8(0x80 | value >> 6 & 0x3F)
      place[3] = UInt8(0x80 | value & 0x3F)
      return 4
    }
  }
}
