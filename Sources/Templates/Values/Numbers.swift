/// Numbers of all types, compared by their exact values.
enum Numbers {
  /// How two numbers stand to each other.
  enum Order: Int { case less = -1, same = 0, greater = 1, unordered = 2 }

  /// The order of two numbers (Booleans count as 0 and 1), nil when one is no number.
  static func order(_ left: Value, _ right: Value) -> Order? {
    switch (number(left), number(right)) {
    case (.int(let left), .int(let right)): return order(left, right)
    case (.float(let left), .float(let right)):
      if left.isNaN || right.isNaN { return .unordered }
      return order(left, right)
    case (.float(let left), .int(let right)): return reversed(order(right, left))
    case (.int(let left), .float(let right)): return order(left, right)
    case (.big(let left), .big(let right)): return order(left, right)
    case (.big(let left), .int): return left.isNegative ? .less : .greater
    case (.int, .big(let right)): return right.isNegative ? .greater : .less
    case (.big(let left), .float(let right)): return order(left, right)
    case (.float(let left), .big(let right)): return reversed(order(right, left))
    default: return nil
    }
  }

  /// The value as a number, with Booleans as integers; other values stay.
  static func number(_ value: Value) -> Value {
    if case .bool(let flag) = value { return .int(flag ? 1 : 0) }
    return value
  }

  private static func order<Number: Comparable>(_ left: Number, _ right: Number) -> Order {
    left == right ? .same : left < right ? .less : .greater
  }

  private static func reversed(_ order: Order) -> Order {
    switch order {
    case .less: .greater
    case .greater: .less
    default: order
    }
  }

  private static func order(_ left: Int, _ right: Double) -> Order {
    if left.magnitude < 1 << 53 { return right.isNaN ? .unordered : order(Double(left), right) }
    return order(BigInteger(left), right)
  }

  private static func order(_ left: BigInteger, _ right: Double) -> Order {
    if right.isNaN { return .unordered }
    if right.isInfinite { return right > 0 ? .less : .greater }
    let whole = BigInteger(truncating: right)
    if left != whole { return order(left, whole) }
    let fraction = right - right.rounded(.towardZero)
    return order(0, fraction)
  }

  /// The exact quotient of two integers, rounded once; nil when it is too large.
  ///
  /// - Precondition: The divisor is not zero.
  static func quotient(_ left: BigInteger, _ right: BigInteger) -> Double? {
    if left.isZero { return right.isNegative ? -0.0 : 0 }
    let shift = max(0, 66 - left.bitWidth + right.bitWidth)
    let division = left.magnitude.shifted(by: shift).magnitudeDivision(by: right.magnitude)
    // Enough bits for one correct rounding, and one that says whether anything was cut off.
    let surplus = max(0, division.quotient.bitWidth - 62)
    var bits = division.quotient.shiftedDown(by: surplus)
    let isExact =
      division.remainder.isZero && bits.shifted(by: surplus) == division.quotient
    bits = bits.shifted(by: 1) + BigInteger(isExact ? 0 : 1)
    guard let significand = bits.int else { return nil }
    let magnitude = scaled(Double(significand), by: surplus - shift - 1)
    guard magnitude.isFinite else { return nil }
    return left.isNegative == right.isNegative ? magnitude : -magnitude
  }

  private static func scaled(_ value: Double, by exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: value)
  }

  /// The exact integer nearest below a quotient of numbers in floating point, as Python's `//` finds it.
  static func floorDivision(_ left: Double, _ right: Double) -> (quotient: Double, rest: Double) {
    var rest = left.truncatingRemainder(dividingBy: right)
    var quotient = (left - rest) / right
    if rest != 0 {
      if (right < 0) != (rest < 0) {
        rest += right
        quotient -= 1
      }
    } else {
      rest = Double(signOf: right, magnitudeOf: 0)
    }
    guard quotient != 0 else { return (Double(signOf: left / right, magnitudeOf: 0), rest) }
    var whole = quotient.rounded(.down)
    if quotient - whole > 0.5 { whole += 1 }
    return (whole, rest)
  }
}
