#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Filters on numbers.
enum NumberFilters {
  static let all: [Filter] = [
    Filter("abs", absolute),
    Filter("round", Parameters("precision?", "method?"), round),
    Filter("filesizeformat", Parameters("binary?"), fileSize),
  ]

  private static func absolute(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    switch Numbers.number(value) {
    case .int(let number): return Value(BigInteger(number).magnitude)
    case .big(let number): return Value(number.magnitude)
    case .float(let number): return .float(number.magnitude)
    case .undefined(let missing): throw renderer.undefined(missing)
    default: throw renderer.wrongType("'abs' needs a number, not \(renderer.kind(of: value))")
    }
  }

  private static func round(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    if case .some(.none) = arguments[0], arguments[1] == nil || arguments[1]?.text == Text("common")
    {
      return try roundedToInteger(&renderer, value)
    }
    let precision = try renderer.integer(arguments[0], or: 0, "precision")
    guard precision.magnitude <= 400 else {
      throw renderer.wrongArgument("'precision' must lie between -400 and 400")
    }
    let method = arguments[1]?.text?.string ?? "common"
    guard arguments[1] == nil || ["common", "ceil", "floor"].contains(method) else {
      throw renderer.wrongArgument("'method' must be common, ceil or floor")
    }
    guard method == "common" else {
      return try rounded(&renderer, value, precision, isUp: method == "ceil")
    }
    switch Numbers.number(value) {
    case .int(let number): return Value(Rounding.rounded(BigInteger(number), precision))
    case .big(let number): return Value(Rounding.rounded(number, precision))
    case .float(let number): return .float(Rounding.rounded(number, precision))
    case .undefined(let missing): throw renderer.undefined(missing)
    default: throw renderer.wrongType("'round' needs a number, not \(renderer.kind(of: value))")
    }
  }

  /// `round(none)`: Python's `round` without digits gives an integer.
  private static func roundedToInteger(
    _ renderer: inout Renderer, _ value: Value
  ) throws(RenderError) -> Value {
    switch Numbers.number(value) {
    case .float(let number):
      guard number.isFinite else { throw renderer.badValue("this number cannot be rounded") }
      return Value(BigInteger(truncating: number.rounded(.toNearestOrEven)))
    case .int, .big: return value.asNumber
    case .undefined(let missing): throw renderer.undefined(missing)
    default: throw renderer.wrongType("'round' needs a number, not \(renderer.kind(of: value))")
    }
  }

  /// `ceil` and `floor`: scaled by a power of ten, cut to an integer, scaled back.
  private static func rounded(
    _ renderer: inout Renderer, _ value: Value, _ precision: Int, isUp: Bool
  ) throws(RenderError) -> Value {
    guard !value.isText, Numbers.order(value, .int(0)) != nil else {
      throw renderer.wrongType("'round' needs a number, not \(renderer.kind(of: value))")
    }
    let factor = try renderer.apply(.power, .int(10), .int(precision))
    let scaled = try renderer.apply(.multiply, value, factor)
    var whole = scaled
    if case .float(let number) = scaled {
      guard number.isFinite else { throw renderer.badValue("this number cannot be rounded") }
      whole = Value(BigInteger(truncating: number.rounded(isUp ? .up : .down)))
    }
    return try renderer.apply(.divide, whole, factor)
  }

  private static func fileSize(
    _ renderer: inout Renderer, _ value: Value, _ arguments: Bound
  ) throws(RenderError) -> Value {
    let isBinary = try renderer.isTrue(arguments[0] ?? .bool(false))
    let size: Double
    switch Numbers.number(value.loaded) {
    case .int(let number): size = Double(number)
    case .big(let number): size = number.double ?? .infinity
    case .float(let number): size = number
    case .string(let text):
      guard let number = NumberText.float(text) else {
        throw renderer.badValue("'filesizeformat' needs a number")
      }
      size = number
    case .undefined(let missing): throw renderer.undefined(missing)
    default: throw renderer.wrongType("'filesizeformat' needs a number")
    }
    guard size.isFinite else { throw renderer.badValue("'filesizeformat' needs a finite number") }
    return .text(fileSize(size, isBinary: isBinary))
  }

  private static func fileSize(_ size: Double, isBinary: Bool) -> String {
    let base: Double = isBinary ? 1024 : 1000
    if size == 1 { return "1 Byte" }
    if size < base { return "\(BigInteger(truncating: size).decimal) Bytes" }
    let prefixes = isBinary ? "KMGTPEZY" : "kMGTPEZY"
    var unit = base
    for (position, prefix) in prefixes.enumerated() {
      unit *= base
      if size < unit || position == prefixes.count - 1 {
        let number = NumberFormat.fixed(base * size / unit, 1)
        return "\(number) \(prefix)\(isBinary ? "iB" : "B")"
      }
    }
    return ""
  }
}

/// Rounding as Python's `round` does it: exactly, ties to the even digit.
enum Rounding {
  static func rounded(_ value: BigInteger, _ precision: Int) -> BigInteger {
    guard precision < 0 else { return value }
    let unit = power(of: 10, -precision)
    let division = value.flooredDivision(by: unit)
    let twice = division.remainder + division.remainder
    let isOdd = !division.quotient.flooredDivision(by: BigInteger(2)).remainder.isZero
    let isUp = unit < twice || (unit == twice && isOdd)
    return (isUp ? division.quotient + BigInteger(1) : division.quotient) * unit
  }

  static func rounded(_ value: Double, _ precision: Int) -> Double {
    guard value.isFinite else { return value }
    if precision >= 0 { return Double(NumberFormat.fixed(value, min(precision, 340))) ?? value }
    let whole = BigInteger(truncating: value)
    var result = rounded(whole, precision)
    if value != value.rounded(.towardZero) {
      // The fraction breaks a tie away from zero.
      let unit = power(of: 10, -precision)
      let rest = (whole.magnitude - result.magnitude)
      if rest + rest == unit {
        let step = unit
        result = value < 0 ? result - step : result + step
      }
    }
    let double = result.double ?? value
    return result.isZero && value.sign == .minus ? -0.0 : double
  }

  private static func power(of base: Int, _ exponent: Int) -> BigInteger {
    var result = BigInteger(1)
    for _ in 0..<exponent { result = result * BigInteger(base) }
    return result
  }
}
