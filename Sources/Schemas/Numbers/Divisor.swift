/// What `multipleOf` divides by, exactly: an integer times a power of ten.
struct Divisor: Sendable, CustomStringConvertible {
  private let coefficient: UInt64
  private let power: Int

  /// A divisor of at most nineteen significant digits; nil for a longer one, for zero and for a
  /// negative one.
  init?(_ number: ExactNumber) {
    guard !number.isZero, !number.isNegative, number.count <= 19 else { return nil }
    coefficient = number.significantDigits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
    power = number.lastPower
  }

  /// Whether a number is a whole multiple.
  ///
  /// Linear in the number's digits, logarithmic in its exponent.
  func divides(_ number: ExactNumber) -> Bool {
    if number.isZero { return true }
    let shift = number.lastPower - power
    // The last significant digit of neither is zero, so a finer number cannot be a multiple.
    guard shift >= 0 else { return false }
    var remainder: UInt64 = 0
    for digit in number.significantDigits {
      remainder = add(product(remainder, 10), UInt64(digit) % coefficient)
    }
    return product(remainder, tenToThe(shift)) == 0
  }

  private func tenToThe(_ exponent: Int) -> UInt64 {
    var result = 1 % coefficient
    var square = 10 % coefficient
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }

  private func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let wide = (left % coefficient).multipliedFullWidth(by: right % coefficient)
    return coefficient.dividingFullWidth(wide).remainder
  }

  private func add(_ left: UInt64, _ right: UInt64) -> UInt64 {
    left >= coefficient - right ? left - (coefficient - right) : left + right
  }

  /// The number as people write it.
  var description: String {
    let digits = String(coefficient)
    if power >= 0 {
      return power <= 20 ? digits + String(repeating: "0", count: power) : "\(digits)e\(power)"
    }
    if power < -20 { return "\(digits)e\(power)" }
    let padded = String(repeating: "0", count: max(0, 1 - power - digits.utf8.count)) + digits
    return padded.dropLast(-power) + "." + padded.suffix(-power)
  }
}
