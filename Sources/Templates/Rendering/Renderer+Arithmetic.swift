internal import Records

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Operators on numbers, text and lists.
extension Renderer {
  /// `-value` and `+value`.
  func apply(_ sign: UnaryOperator, to value: Value) throws(RenderError) -> Value {
    switch Numbers.number(value) {
    case .int(let number):
      return sign == .plus ? .int(number) : Value(-BigInteger(number))
    case .big(let number): return sign == .plus ? .big(number) : Value(-number)
    case .float(let number): return .float(sign == .plus ? number : -number)
    case .undefined(let missing): throw undefined(missing)
    default:
      throw wrongType("'\(sign == .plus ? "+" : "-")' needs a number, not \(kind(of: value))")
    }
  }

  /// The result of an operator between two values.
  mutating func apply(
    _ sign: BinaryOperator, _ left: Value, _ right: Value
  ) throws(RenderError) -> Value {
    switch (Numbers.number(left), Numbers.number(right)) {
    case (.int(let first), .int(let second)):
      if let small = Self.small(sign, first, second) { return .int(small) }
      return try apply(sign, BigInteger(first), BigInteger(second))
    case (.float(let first), .float(let second)): return try apply(sign, first, second)
    case (.float(let first), .int(let second)):
      return try apply(sign, first, try double(BigInteger(second)))
    case (.int(let first), .float(let second)):
      return try apply(sign, try double(BigInteger(first)), second)
    case (.big(let first), .big(let second)): return try apply(sign, first, second)
    case (.big(let first), .int(let second)): return try apply(sign, first, BigInteger(second))
    case (.int(let first), .big(let second)): return try apply(sign, BigInteger(first), second)
    case (.big(let first), .float(let second)): return try apply(sign, try double(first), second)
    case (.float(let first), .big(let second)): return try apply(sign, first, try double(second))
    case (.undefined(let missing), _) where !(left.isText && sign == .remainder):
      throw undefined(missing)
    default: return try apply(sequences: sign, left.shallow, right.shallow)
    }
  }

  /// The result where it fits a machine integer and needs no care.
  private static func small(_ sign: BinaryOperator, _ left: Int, _ right: Int) -> Int? {
    let result: (partialValue: Int, overflow: Bool)
    switch sign {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    default: return nil
    }
    return result.overflow ? nil : result.partialValue
  }

  private func double(_ value: BigInteger) throws(RenderError) -> Double {
    guard let double = value.double else { throw badValue("the integer is too large") }
    return double
  }

  private func apply(
    _ sign: BinaryOperator, _ left: BigInteger, _ right: BigInteger
  ) throws(RenderError) -> Value {
    let result: BigInteger
    switch sign {
    case .add: result = left + right
    case .subtract: result = left - right
    case .multiply:
      try check(bitCount: left.bitWidth + right.bitWidth - 1)
      result = left * right
    case .power: return try power(left, right)
    case .divide, .floorDivide, .remainder:
      guard !right.isZero else { throw badValue("a number is divided by zero") }
      if sign == .divide {
        guard let quotient = Numbers.quotient(left, right) else {
          throw badValue("the quotient is too large")
        }
        return .float(quotient)
      }
      let division = left.flooredDivision(by: right)
      result = sign == .remainder ? division.remainder : division.quotient
    }
    try check(bitCount: result.bitWidth)
    return Value(result)
  }

  private func check(bitCount: Int) throws(RenderError) {
    guard bitCount <= limits.integerBitCount else {
      throw failure(
        "limit-exceeded", "an integer grows beyond \(limits.integerBitCount) bits")
    }
  }

  private func power(_ base: BigInteger, _ exponent: BigInteger) throws(RenderError) -> Value {
    if exponent.isNegative {
      if base.isZero { throw badValue("zero cannot be raised to a negative power") }
      return .float(pow(try double(base), try double(exponent)))
    }
    if base.bitWidth <= 1 {
      let isOdd = !exponent.flooredDivision(by: BigInteger(2)).remainder.isZero
      if exponent.isZero { return .int(1) }
      return Value(base.isNegative && !isOdd ? -base : base)
    }
    guard let count = exponent.int, count <= limits.integerBitCount else {
      throw failure(
        "limit-exceeded", "an integer grows beyond \(limits.integerBitCount) bits")
    }
    try check(bitCount: (base.bitWidth - 1) * count)
    var result = BigInteger(1)
    for bit in stride(from: Int.bitWidth - count.leadingZeroBitCount - 1, through: 0, by: -1) {
      result = result * result
      if count >> bit & 1 == 1 { result = result * base }
    }
    return Value(result)
  }

  private func apply(
    _ sign: BinaryOperator, _ left: Double, _ right: Double
  ) throws(RenderError) -> Value {
    switch sign {
    case .add: return .float(left + right)
    case .subtract: return .float(left - right)
    case .multiply: return .float(left * right)
    case .power: return .float(try power(left, right))
    case .divide, .floorDivide, .remainder:
      guard right != 0 else { throw badValue("a number is divided by zero") }
      if sign == .divide { return .float(left / right) }
      let division = Numbers.floorDivision(left, right)
      return .float(sign == .remainder ? division.rest : division.quotient)
    }
  }

  private func power(_ base: Double, _ exponent: Double) throws(RenderError) -> Double {
    if base == 0, exponent < 0 { throw badValue("zero cannot be raised to a negative power") }
    if base < 0, base.isFinite, exponent.isFinite, exponent != exponent.rounded() {
      throw unsupported("complex numbers are not supported")
    }
    let result = pow(base, exponent)
    if result.isInfinite, base.isFinite, exponent.isFinite {
      throw badValue("the result is too large for a number")
    }
    return result
  }

  private mutating func apply(
    sequences sign: BinaryOperator, _ left: Value, _ right: Value
  ) throws(RenderError) -> Value {
    switch (sign, left, right) {
    case (.remainder, .string(let format), _):
      return .string(try percentFormat(format, right))
    case (_, _, .undefined(let missing)): throw undefined(missing)
    case (.add, .string(let first), .string(let second)):
      return .string(try concatenate(first, second))
    case (.add, .list(let first), .list(let second)):
      try count(iterations: first.items.count + second.items.count)
      return .list(first.items + second.items)
    case (.add, .tuple(let first), .tuple(let second)):
      try count(iterations: first.items.count + second.items.count)
      return .tuple(first.items + second.items)
    case (.multiply, _, _):
      if let times = integer(right) { return try `repeat`(left, times, right) }
      if let times = integer(left) { return try `repeat`(right, times, left) }
      throw notApplicable(sign, left, right)
    default: throw notApplicable(sign, left, right)
    }
  }

  private func notApplicable(
    _ sign: BinaryOperator, _ left: Value, _ right: Value
  ) -> RenderError {
    let hint = sign == .add && (left.isText || right.isText) ? "'~' joins anything as text" : nil
    return wrongType(
      "'\(sign.rawValue)' cannot be applied to \(kind(of: left)) and \(kind(of: right))", hint: hint
    )
  }

  /// Text and text; what is added to markup is escaped.
  func concatenate(_ left: Text, _ right: Text) throws(RenderError) -> Text {
    try check(byteCount: left.bytes.count + right.bytes.count)
    guard left.isMarkup || right.isMarkup else { return Text(bytes: left.bytes + right.bytes) }
    return Text(bytes: left.escaped.bytes + right.escaped.bytes, isMarkup: true)
  }

  private mutating func `repeat`(
    _ value: Value, _ times: Int, _ other: Value
  ) throws(RenderError) -> Value {
    let times = max(times, 0)
    switch value {
    case .string(let text): return .string(text.alike(try repeated(text.bytes, times)))
    case .list(let list): return .list(try repeated(list.items, times))
    case .tuple(let tuple): return .tuple(try repeated(tuple.items, times))
    default: throw notApplicable(.multiply, value, other)
    }
  }

  /// Bytes again and again, within the limit.
  func repeated(_ bytes: [UInt8], _ times: Int) throws(RenderError) -> [UInt8] {
    let total = bytes.count.multipliedReportingOverflow(by: max(times, 0))
    try check(byteCount: total.overflow ? .max : total.partialValue)
    return Array(repeatElement(bytes, count: max(times, 0)).joined())
  }

  private mutating func repeated(_ items: [Value], _ times: Int) throws(RenderError) -> [Value] {
    let total = items.count.multipliedReportingOverflow(by: times)
    try count(iterations: total.overflow ? limits.iterationCount + 1 : total.partialValue)
    return Array(repeatElement(items, count: times).joined())
  }
}

extension Value {
  /// Whether the value is text.
  var isText: Bool {
    switch self {
    case .string: true
    case .view(let view): view.kind == .string
    default: false
    }
  }
}
