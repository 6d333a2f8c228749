/// A JSON number by its text: its sign, its significant digits, its power of ten.
///
/// Nothing is rounded.
///
/// The value is `0.d₁d₂d₃… × 10^magnitude`. It borrows the text. Powers beyond ±2⁵⁹ are taken as
/// that, so a number written with such an exponent costs no more than any other.
struct ExactNumber {
  /// The first significant digit; a decimal point may stand between the digits.
  private let digits: UnsafePointer<UInt8>
  /// The number of significant digits: from the first to the last that is not zero.
  ///
  /// 0 for zero.
  let count: Int
  /// The place of the point relative to the first significant digit.
  let magnitude: Int
  let isNegative: Bool

  private static var exponentLimit: Int { 1 << 59 }

  /// Reads the text of a JSON number.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else { preconditionFailure("a JSON number has digits") }
    isNegative = base[0] == 0x2D
    var position = isNegative ? 1 : 0
    var first = -1
    var ordinal = 0
    var firstOrdinal = 0
    var lastOrdinal = -1
    var integerDigits = -1
    while position < text.count {
      let byte = base[position]
      if byte &- 0x30 < 10 {
        if byte != 0x30 {
          if first < 0 {
            first = position
            firstOrdinal = ordinal
          }
          lastOrdinal = ordinal
        }
        ordinal += 1
      } else if byte == 0x2E {
        integerDigits = ordinal
      } else {
        break
      }
      position += 1
    }
    if integerDigits < 0 { integerDigits = ordinal }
    digits = base + max(first, 0)
    count = first < 0 ? 0 : lastOrdinal - firstOrdinal + 1
    magnitude = integerDigits - firstOrdinal + Self.exponent(text, after: position)
  }

  /// The exponent whose `e` is at `start`; 0 when there is none.
  private static func exponent(_ text: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
    guard start + 1 < text.count else { return 0 }
    var position = start + 1
    let isNegative = text[position] == 0x2D
    if isNegative || text[position] == 0x2B { position += 1 }
    var value = 0
    while position < text.count, value < exponentLimit {
      value = value * 10 + Int(text[position] &- 0x30)
      position += 1
    }
    value = min(value, exponentLimit)
    return isNegative ? -value : value
  }

  var isZero: Bool { count == 0 }
  /// Whether the value has no fraction, however it is written.
  var isInteger: Bool { count == 0 || count <= magnitude }
  /// The power of ten of the last significant digit.
  var lastPower: Int { magnitude - count }

  /// Negative, zero or positive as `left` is less than, equal to or greater than `right`.
  static func compare(_ left: ExactNumber, _ right: ExactNumber) -> Int {
    let leftSign = left.isZero ? 0 : left.isNegative ? -1 : 1
    let rightSign = right.isZero ? 0 : right.isNegative ? -1 : 1
    if leftSign != rightSign { return leftSign < rightSign ? -1 : 1 }
    if leftSign == 0 { return 0 }
    return leftSign * compareAmounts(left, right)
  }

  private static func compareAmounts(_ left: ExactNumber, _ right: ExactNumber) -> Int {
    if left.magnitude != right.magnitude { return left.magnitude < right.magnitude ? -1 : 1 }
    var leftDigits = left.significantDigits
    var rightDigits = right.significantDigits
    while true {
      switch (leftDigits.next(), rightDigits.next()) {
      case (nil, nil): return 0
      case (nil, _): return -1
      case (_, nil): return 1
      case (let first?, let second?):
        if first != second { return first < second ? -1 : 1 }
      }
    }
  }

  /// The significant digits, 0 to 9, the first first.
  var significantDigits: Digits { Digits(position: digits, left: count) }

  /// A walk over significant digits.
  struct Digits: Sequence, IteratorProtocol {
    fileprivate var position: UnsafePointer<UInt8>
    fileprivate var left: Int

    mutating func next() -> UInt8? {
      guard left > 0 else { return nil }
      left -= 1
      if position.pointee == 0x2E { position += 1 }
      defer { position += 1 }
      return position.pointee - 0x30
    }
  }

  /// The integer value if it lies in 0…`limit`, `limit` if it is larger, nil if it is negative or
  /// has a fraction.
  func nonNegativeInteger(upTo limit: Int) -> Int? {
    guard !isNegative || isZero, isInteger else { return nil }
    guard magnitude <= 18 else { return limit }
    var value = 0
    for digit in significantDigits { value = value * 10 + Int(digit) }
    for _ in 0..<max(0, isZero ? 0 : lastPower) { value *= 10 }
    return min(value, limit)
  }
}
