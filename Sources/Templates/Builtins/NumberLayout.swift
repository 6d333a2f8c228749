/// A number cut into what is filled up between: sign, prefix and digits.
struct NumberLayout {
  var sign = ""
  var prefix = ""
  var digits: String

  /// An integer in a base, with its prefix (`0x`) if wanted.
  init(_ value: BigInteger, base: Int = 10, hasPrefix: Bool = false, isUpper: Bool = false) {
    digits = base == 10 ? value.magnitude.decimal : value.digits(base: base)
    if isUpper { digits = digits.uppercased() }
    if value.isNegative { sign = "-" }
    if hasPrefix, let letter = [2: "b", 8: "o", 16: "x"][base] {
      prefix = "0" + (isUpper ? letter.uppercased() : letter)
    }
  }

  /// A number in floating point, laid out by the letter `e`, `f`, `g` or their upper case.
  init(_ value: Double, kind: Character, precision: Int, keepsPoint: Bool = false) {
    sign = value.sign == .minus && !value.isNaN ? "-" : ""
    let magnitude = value.magnitude
    if !value.isFinite {
      digits = value.isNaN ? "nan" : "inf"
    } else {
      switch kind.lowercased() {
      case "e": digits = NumberFormat.exponential(magnitude, precision)
      case "f": digits = NumberFormat.fixed(magnitude, precision)
      default:
        digits = NumberFormat.general(magnitude, max(precision, 1), keepsZeros: keepsPoint)
      }
      if keepsPoint, precision == 0, kind.lowercased() != "g" { digits = Self.withPoint(digits) }
    }
    if kind.isUppercase { digits = digits.uppercased() }
  }

  /// Digits that are laid out already.
  init(sign: String, digits: String) {
    self.sign = sign
    self.digits = digits
  }

  private static func withPoint(_ digits: String) -> String {
    guard let exponent = digits.firstIndex(of: "e") else { return digits + "." }
    return digits[..<exponent] + "." + digits[exponent...]
  }

  /// Shows the sign of numbers that are not negative: `+` or a space.
  mutating func showSign(_ sign: String) { if self.sign.isEmpty { self.sign = sign } }

  /// Puts a separator between groups of digits before the point.
  mutating func group(by size: Int, _ separator: String) {
    let end = digits.firstIndex { !$0.isHexDigit || $0 == "." } ?? digits.endIndex
    let whole = Array(digits[..<end])
    var grouped = ""
    for (position, digit) in whole.enumerated() {
      if position > 0, (whole.count - position) % size == 0 { grouped += separator }
      grouped.append(digit)
    }
    digits = grouped + digits[end...]
  }

  var text: String { sign + prefix + digits }

  /// The number with zeros between prefix and digits, to a width.
  func zeroFilled(_ width: Int) -> String {
    let missing = width - text.unicodeScalars.count
    return sign + prefix + String(repeating: "0", count: max(missing, 0)) + digits
  }
}
