/// A place in bytes that are read from left to right.
struct TextCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// The next byte, 0 at the end.
  var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  /// Moves over a byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Moves over a byte that fits; nil when it does not.
  mutating func take(where fits: (UInt8) -> Bool) -> UInt8? {
    guard position < bytes.count, fits(bytes[position]) else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// Moves over bytes that fit; returns how many.
  @discardableResult
  mutating func skip(while fits: (UInt8) -> Bool) -> Int {
    let start = position
    while position < bytes.count, fits(bytes[position]) { position += 1 }
    return position - start
  }

  /// The value of exactly so many decimal digits; nil when others come next.
  mutating func number(digits: Int) -> Int? {
    guard bytes.count - position >= digits else { return nil }
    var value = 0
    for _ in 0..<digits {
      guard let digit = take(where: ASCII.isDigit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value
  }
}
